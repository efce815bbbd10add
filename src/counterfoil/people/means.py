"""What the acts of this area work with; made once, in ``app``."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import Clock, Entropy, Ids, Secret
from counterfoil.people.hasher import Hasher
from counterfoil.store import Store


@dataclass(frozen=True, slots=True)
class Means:
    """``entropy`` makes tokens, keys and salts and is always the system's outside tests; ``ids`` may be seeded.

    ``hmac_key`` makes the digests under which office logins are found.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    ids: Ids
    hasher: Hasher
    hmac_key: Secret[bytes]
