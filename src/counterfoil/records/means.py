"""What the questions about records are given."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import Clock, Ids, Secret
from counterfoil.records.prepared import Exports
from counterfoil.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """``seal_key`` seals page tokens, so that one cannot be made up or used with another query.

    ``exports`` are the large files that are made beside the requests.
    """

    store: Store
    clock: Clock
    ids: Ids
    seal_key: Secret[bytes]
    exports: Exports
