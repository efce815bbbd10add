"""A sum that an area keeps over its facts, and how verify refolds it from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from counterfoil.evidence.finding import Finding


class Fold(Protocol):
    """Fed with one merchant's leaves after the other's; what it keeps is small, one number a sum."""

    def begin(self) -> None:
        """Forget: another merchant's log begins."""
        ...

    def add(self, said: Mapping[str, Any], /) -> None:
        """The next leaf."""
        ...

    async def differences(self, merchant_id: int, /) -> Sequence[Finding]:
        """What the stored sums say that the leaves so far do not. Asked again when the log grew meanwhile."""
        ...
