"""``day_totals`` refolded from the log: the cache is worth what its facts say and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select

from counterfoil.evidence import Finding, Found, Source
from counterfoil.payments import facts
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import day_totals

_KEY: Final = ("shop_id", "business_day", "method", "wallet", "kind")
_TOTALS: Final = select(day_totals).where(day_totals.c.merchant_id == bindparam("merchant_id"))
_COUNTS_AS: Final = {
    facts.CAPTURED.tag: "sale",
    facts.RESOLVED.tag: "sale",
    facts.RECORDED.tag: "sale",
    facts.VOIDED.tag: "void",
    facts.REFUNDED.tag: "refund",
}
_Key = tuple[str, ...]


class DayTotalsFold:
    """Made for one run of verify; implements evidence's ``Fold``."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sums: dict[_Key, tuple[int, int]] = {}

    def begin(self) -> None:
        """Forget: another merchant's log begins."""
        self._sums = defaultdict(lambda: (0, 0))

    def add(self, said: Mapping[str, Any], /) -> None:
        """The next leaf; what was resolved counts only where it ended as captured."""
        kind = _COUNTS_AS.get(said["type"])
        if kind is None or (kind == "sale" and said.get("to") != MoneyState.CAPTURED):
            return
        key = (said["shop"], said["day"], said["method"], said["wallet"], kind)
        count, minor = self._sums[key]
        self._sums[key] = (count + 1, minor + said["amount"]["minor"])

    async def differences(self, merchant_id: int, /) -> Sequence[Finding]:
        """One finding for each sum that differs."""
        rows = await self._source.fetch(_TOTALS, {"merchant_id": merchant_id})
        stored = {tuple(str(row[name]) for name in _KEY): (row["count"], row["minor"]) for row in rows}
        keys = sorted(stored.keys() | self._sums.keys())
        return [
            Finding(
                Found.TOTAL_DIFFERS,
                merchant_id,
                day_totals.name,
                key,
                why=f"{stored.get(key, (0, 0))} ≠ {self._sums.get(key, (0, 0))}",
            )
            for key in keys
            if stored.get(key, (0, 0)) != self._sums.get(key, (0, 0))
        ]
