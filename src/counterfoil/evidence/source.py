"""What the evidence asks of a store: to read, and for the signer to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Select

from counterfoil.store import Change, Committed


class Source(Protocol):
    """Whatever answers a select: the store, or a data folder opened for reading only."""

    async def fetch(self, select: Select[Any], params: Mapping[str, Any], /) -> Sequence[Mapping[str, Any]]:
        """The rows, whole."""
        ...


class Writable(Source, Protocol):
    """A store that also commits."""

    async def commit(self, change: Change, /) -> Committed:
        """Durable when it returns."""
        ...
