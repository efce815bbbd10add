"""Which payments a question means: its conditions as SQL, made once for each shape of question and bound each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, union_all

from counterfoil.basis import JSON, MICROS
from counterfoil.payments import MoneyState
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.records.lanes import LEG_NUMBERS, number_kinds

if TYPE_CHECKING:
    from counterfoil.records.find import Find

# What ended without money: nothing was received and nothing is open any more.
UNPAID: Final = (MoneyState.DECLINED, MoneyState.EXPIRED, MoneyState.REVERSED)
# What was received, whatever became of it since. What came after it had been undone counts once somebody has found that
# it stays, and never where it was given back: in the meantime it is the customer's.
RECEIVED_ONCE: Final[ColumnElement[bool]] = and_(
    payment.c.captured_at.is_not(None),
    payment.c.money != MoneyState.MANUAL.value,
    payment.c.money != MoneyState.REVERSED.value,
)
_EPOCH: Final = date(1970, 1, 1)
_DAY: Final = 24 * 3600 * MICROS
# A business day begins at most 14 hours before its date in UTC, and ends within 36 hours after that date ends.
_BEFORE: Final = timedelta(days=1)
_AFTER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Shape:
    """Which conditions a statement has. ``numbers``: the kinds of number sought; ``shops``: how many may be seen."""

    names: frozenset[str]
    numbers: tuple[str, ...]
    shops: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """A shape, its values, and the question in plain words, to which page tokens are sealed."""

    shape: Shape
    params: dict[str, Any]
    query: dict[str, JSON]


def selection_of(merchant_id: int, asked: Find) -> Selection:
    """What ``asked`` selects of the merchant's payments."""
    said = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(replace(asked, after=None, limit=0)).items()
        if value is not None and value is not False
    }
    params: dict[str, Any] = {name: value for name, value in said.items() if name in CONDITIONS}
    names = frozenset(params)
    numbers = () if asked.number is None else number_kinds(asked.number)
    if "voucher_no" in numbers:
        params["voucher"] = int(asked.number or "")
    if asked.first_day is not None:
        params["no_earlier"] = _micros(date.fromisoformat(asked.first_day) - _BEFORE)
    if asked.last_day is not None:
        params["no_later"] = _micros(date.fromisoformat(asked.last_day) + _AFTER)
    shops = None if asked.shop_ids is None else sorted(asked.shop_ids)
    params |= {f"only_{n}": one for n, one in enumerate(shops or ())} | {"merchant_id": merchant_id}
    query: dict[str, JSON] = {"merchant": merchant_id, **{name.rstrip("_"): value for name, value in said.items()}}
    return Selection(Shape(names, numbers, None if shops is None else len(shops)), params, query)


def narrowed(statement: Select[Any], shape: Shape) -> Select[Any]:
    """``statement``, which reads ``payment``, with the conditions of ``shape``."""
    return statement.where(payment.c.merchant_id == bindparam("merchant_id"), *conditions_of(shape))


def conditions_of(shape: Shape) -> list[ColumnElement[bool]]:
    """What ``shape`` asks of a merchant's payment."""
    found = [CONDITIONS[name]() for name in sorted(shape.names - {"number"})]
    if shape.numbers:
        found.append(or_(*(_by_number(kind) for kind in shape.numbers)))
    if shape.shops is not None:
        found.append(or_(false(), *(payment.c.shop_id == bindparam(f"only_{n}") for n in range(shape.shops))))
    return found


def one_of(states: Iterable[MoneyState]) -> ColumnElement[bool]:
    """Whether the money is in one of ``states``."""
    return or_(*(payment.c.money == state.value for state in states))


def _equal(column: str, name: str) -> Callable[[], ColumnElement[bool]]:
    return lambda: payment.c[column] == bindparam(name)


# What a condition says of the instant. The day has no index; the instants around it do, and are implied by it.
BOUNDS: Final[dict[str, ColumnElement[bool]]] = {
    "from_": payment.c.taken_at >= bindparam("from_"),
    "to": payment.c.taken_at < bindparam("to"),
    "first_day": payment.c.taken_at >= bindparam("no_earlier"),
    "last_day": payment.c.taken_at < bindparam("no_later"),
}
CONDITIONS: Final[dict[str, Callable[[], ColumnElement[bool]]]] = {
    "from_": lambda: BOUNDS["from_"],
    "to": lambda: BOUNDS["to"],
    "first_day": lambda: (payment.c.business_day >= bindparam("first_day")) & BOUNDS["first_day"],
    "last_day": lambda: (payment.c.business_day <= bindparam("last_day")) & BOUNDS["last_day"],
    "amount_min": lambda: payment.c.amount_minor >= bindparam("amount_min"),
    "amount_max": lambda: payment.c.amount_minor <= bindparam("amount_max"),
    "method": _equal("method", "method"),
    "wallet": _equal("wallet", "wallet"),
    "entry": _equal("entry", "entry"),
    "status": _equal("money", "status"),
    "shop_id": _equal("shop_id", "shop_id"),
    "terminal_id": _equal("terminal_id", "terminal_id"),
    "operator_id": _equal("operator_id", "operator_id"),
    "provider": _equal("provider", "provider"),
    "account_id": _equal("account_id", "account_id"),
    "hide_unpaid": lambda: ~one_of(UNPAID),
    "number": false,  # stands for the numbers of the shape
}

# One for each number: all in one condition would be looked for among all legs of the merchant.
_LEGS_OF_NUMBER: Final = union_all(
    *(
        select(payment_leg.c.payment_id).where(
            payment_leg.c.merchant_id == bindparam("merchant_id"), payment_leg.c[name] == bindparam("number")
        )
        for name in LEG_NUMBERS
    )
)


def _by_number(kind: str) -> ColumnElement[bool]:
    if kind == "voucher_no":
        return payment.c.voucher_no == bindparam("voucher")
    if kind == "leg":
        return payment.c.id.in_(_LEGS_OF_NUMBER)
    return payment.c[kind] == bindparam("number")


def _micros(day: date) -> int:
    return (day - _EPOCH).days * _DAY
