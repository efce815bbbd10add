"""``day_totals`` and ``merchant_day`` refolded from the log: a cache is worth what its facts say and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Table, bindparam, select

from counterfoil.evidence import Finding, Found, Source
from counterfoil.payments import facts
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import DAY_COLUMNS, day_totals, merchant_day

_KEY: Final = ("shop_id", "business_day", "method", "wallet", "kind")
_TOTALS: Final = select(day_totals).where(day_totals.c.merchant_id == bindparam("merchant_id"))
_DAYS: Final = select(merchant_day).where(merchant_day.c.merchant_id == bindparam("merchant_id"))
_COUNTS_AS: Final = {
    facts.CAPTURED.tag: "sale",
    facts.RESOLVED.tag: "sale",
    facts.RECORDED.tag: "sale",
    facts.VOIDED.tag: "void",
    facts.REFUNDED.tag: "refund",
}
# What a person found on the provider's statement counts as the answer would have, by what it was.
_FOUND: Final = {"kept": "sale", "voided": "void", "refunded": "refund"}
_NOTHING: Final = (0, 0)
_Key = tuple[str, ...]
_Sums = dict[_Key, tuple[int, int]]


class DayTotalsFold:
    """Made for one run of verify; implements evidence's ``Fold``."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sums: _Sums = {}

    def begin(self) -> None:
        """Forget: another merchant's log begins."""
        self._sums = {}

    def add(self, said: Mapping[str, Any], /) -> None:
        """The next leaf; what was resolved counts only where it ended as captured."""
        found = said["type"] == facts.RESOLVED_MANUALLY.tag
        kind = _FOUND.get(said["how"]) if found else _COUNTS_AS.get(said["type"])
        if kind is None or (kind == "sale" and said.get("to") != MoneyState.CAPTURED):
            return
        _add(self._sums, (said["shop"], said["day"], said["method"], said["wallet"], kind), 1, said["amount"]["minor"])

    async def differences(self, merchant_id: int, /) -> Sequence[Finding]:
        """One finding for each sum that differs."""
        mine = {"merchant_id": merchant_id}
        totals = {
            tuple(str(row[name]) for name in _KEY): (row["count"], row["minor"])
            for row in await self._source.fetch(_TOTALS, mine)
        }
        days: _Sums = {
            (str(row["business_day"]), kind): (row[count], row[minor])
            for row in await self._source.fetch(_DAYS, mine)
            for kind, (count, minor) in DAY_COLUMNS.items()
        }
        return [
            *_differing(merchant_id, day_totals, totals, self._sums),
            *_differing(merchant_id, merchant_day, days, _by_day(self._sums)),
        ]


def _by_day(sums: _Sums) -> _Sums:
    """The sums of all shops, methods and wallets by day and kind."""
    found: _Sums = {}
    for (_, day, _, _, kind), (count, minor) in sums.items():
        _add(found, (day, kind), count, minor)
    return found


def _add(sums: _Sums, key: _Key, count: int, minor: int) -> None:
    before = sums.get(key, _NOTHING)
    sums[key] = (before[0] + count, before[1] + minor)


def _differing(merchant_id: int, table: Table, stored: _Sums, refolded: _Sums) -> Iterator[Finding]:
    for key in sorted(stored.keys() | refolded.keys()):
        is_, should = stored.get(key, _NOTHING), refolded.get(key, _NOTHING)
        if is_ != should:
            yield Finding(Found.TOTAL_DIFFERS, merchant_id, table.name, key, why=f"{is_} ≠ {should}")
