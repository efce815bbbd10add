"""What the acts of this area work with; made once, in ``app``."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterfoil.basis import Clock, Entropy, Ids, Secret
from counterfoil.people.hasher import Hasher
from counterfoil.people.wrong_tries import WrongTries
from counterfoil.store import Store


@dataclass(frozen=True, slots=True)
class Means:
    """``entropy`` makes tokens, keys and salts and is always the system's outside tests; ``ids`` may be seeded.

    ``hmac_key`` makes the digests under which office logins are found.
    ``wrong_tries``: those of this process not yet in the log.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    ids: Ids
    hasher: Hasher
    hmac_key: Secret[bytes]
    wrong_tries: WrongTries = field(default_factory=WrongTries)
