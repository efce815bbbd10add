"""What the acts of this area work with; made once, in ``app``."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil import people
from counterfoil.basis import Clock, Entropy, Ids, Vault
from counterfoil.store import Store


@dataclass(frozen=True, slots=True)
class Means:
    """The means of people, and the vault that seals secrets, forms and tickets."""

    people: people.Means
    vault: Vault

    @property
    def store(self) -> Store:
        """The store of people."""
        return self.people.store

    @property
    def clock(self) -> Clock:
        """UTC microseconds."""
        return self.people.clock

    @property
    def ids(self) -> Ids:
        """What makes ids."""
        return self.people.ids

    @property
    def entropy(self) -> Entropy:
        """What makes nonces, secrets and codes."""
        return self.people.entropy
