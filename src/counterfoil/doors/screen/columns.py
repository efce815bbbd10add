"""Which columns a list of payments shows, and in which order: each person's own, kept in their browser.

Time and amount always stand first, since a row is opened by them. A file that is exported always has every column:
who reads it with a program must find them in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from counterfoil.basis import Money
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.looks import provider_name
from counterfoil.doors.screen.naming import Names
from counterfoil.payments import Payment

COOKIE: Final = "cf_columns"
FIXED: Final = ("time", "amount")
# On a phone as many as these are shown, on a small desk screen twice as many.
NARROW: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is the text that heads it; ``text`` what it says of a payment. ``number``: set to the right."""

    name: str
    text: Callable[[Signed, Payment, Names], str | None]
    number: bool = False


def _field(name: str) -> Callable[[Signed, Payment, Names], str | None]:
    return lambda _, payment, __: getattr(payment, name)


def _minor(name: str) -> Callable[[Signed, Payment, Names], str | None]:
    def text(_: Signed, payment: Payment, __: Names) -> str | None:
        minor = getattr(payment, name)
        return None if minor is None else str(Money(minor, payment.currency))

    return text


def _shop(_: Signed, payment: Payment, names: Names) -> str | None:
    return next((one.name for one in names.shops if one.id == payment.shop_id), None)


def _terminal(_: Signed, payment: Payment, names: Names) -> str | None:
    at = names.places.get(payment.terminal_id)
    return at[0].number if at else None


def _account(_: Signed, payment: Payment, names: Names) -> str | None:
    return dict(names.accounts).get(payment.account_id)


# Those of FIXED and the state are drawn by the page itself.
COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "time": Column("records.column.time", lambda *_: None),
        "amount": Column("records.column.amount", lambda *_: None, number=True),
        "wallet": Column("records.column.wallet", lambda desk, payment, _: desk.t(f"wallet.{payment.wallet}")),
        "state": Column("records.column.state", lambda *_: None),
        "shop": Column("records.where", _shop),
        "terminal": Column("records.column.where", _terminal),
        "operator": Column(
            "records.column.who", lambda _, payment, names: names.numbers.get(payment.operator_id or "")
        ),
        "voucher": Column(
            "records.column.voucher", lambda _, payment, __: f"{payment.voucher_no:06d}" if payment.voucher_no else None
        ),
        "order": Column("records.column.order", _field("order_no")),
        "method": Column("export.method", lambda desk, payment, _: desk.t(f"method.{payment.method}")),
        "entry": Column("record.entry", lambda desk, payment, _: desk.t(f"entry.{payment.entry}")),
        "day": Column("record.business_day", _field("business_day")),
        "refunded": Column("record.refunded", _minor("refunded_minor"), number=True),
        "fee": Column("record.fee", _minor("fee_minor"), number=True),
        "net": Column("record.net", _minor("net_minor"), number=True),
        "provider": Column("record.provider", lambda desk, payment, _: provider_name(desk, payment)),
        "account": Column("records.account", _account),
        "trade": Column("record.provider_trade_no", _field("provider_trade_no")),
        "bill": Column("record.bill_ref", _field("bill_ref")),
    }
)


def chosen(cookie: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a cookie, those that there are and each once; ``usual`` where it names none."""
    named = [name for name in dict.fromkeys((cookie or "").split(".")) if name in COLUMNS and name not in FIXED]
    return (*FIXED, *named) if named else usual


def choice_of(shown: tuple[str, ...], form: Mapping[str, str]) -> tuple[str, ...]:
    """What a form makes of ``shown``: ``add``, ``drop``, ``up`` or ``down`` names the column it moves."""
    free = [name for name in shown if name not in FIXED]
    added, dropped = form.get("add", ""), form.get("drop", "")
    if added in COLUMNS and added not in shown:
        return (*FIXED, *free, added)
    if dropped in free and len(free) > 1:
        return (*FIXED, *(name for name in free if name != dropped))
    for name, by in ((form.get("up", ""), -1), (form.get("down", ""), 1)):
        if name in free and 0 <= (to := free.index(name) + by) < len(free):
            free.remove(name)
            free.insert(to, name)
    return (*FIXED, *free)


def width_class(place: int) -> str:
    """From which width of the screen on the column in that place is shown."""
    return "" if place < NARROW else "wide-only" if place < 2 * NARROW else "wider-only"
