"""Find payments: by time, amount, method, wallet, status, place, person and any number; newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, or_, select

from counterfoil.payments import MoneyState, Payment, payments_query
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.records.cursor import opened, sealed
from counterfoil.records.faults import FILTER_UNKNOWN, RANGE_REVERSED
from counterfoil.records.means import Means
from counterfoil.store import Row

LIMIT_MAX: Final = 200
# A statement for each of these; a page between two takes the larger.
_PAGE_SIZES: Final = (1, 10, 50, LIMIT_MAX)
NUMBER_LENGTH_MAX: Final = 64
VOUCHER_DIGITS: Final = 6
LAST_FOUR: Final = 4
METHODS: Final = ("card", "qr", "nfc", "cash")
WALLETS: Final = ("wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A question.

    Times in UTC microseconds, ``from_`` inclusive and ``to`` exclusive; amounts in minor units, both ends inclusive.
    ``status`` is a state of the money. ``number``: any number a person may hold in the hand. ``shop_ids``: what the
    asker may see; None is everything.
    """

    from_: int | None = None
    to: int | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    method: str | None = None
    wallet: str | None = None
    status: str | None = None
    shop_id: str | None = None
    terminal_id: str | None = None
    operator_id: str | None = None
    number: str | None = None
    shop_ids: frozenset[str] | None = None
    limit: int = 50
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, and the token of the next or None at the end."""

    items: tuple[Payment, ...]
    next: str | None


async def find(means: Means, merchant_id: int, asked: Find) -> Page:
    """A page of payments. Raises RANGE_REVERSED, FILTER_UNKNOWN or PAGE_TOKEN_WRONG."""
    _check(asked)
    said = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(replace(asked, after=None, limit=0)).items()
        if value is not None
    }
    query = {"merchant": merchant_id, **{name.rstrip("_"): value for name, value in said.items()}}
    params: dict[str, Any] = {name: value for name, value in said.items() if name in _CONDITIONS}
    numbers = () if asked.number is None else _number_kinds(asked.number)
    if "voucher_no" in numbers:
        params["voucher"] = int(asked.number or "")
    if asked.after is not None:
        params["last_at"], params["last_id"] = opened(query, asked.after, means.seal_key)
    shops = tuple(sorted(asked.shop_ids)) if asked.shop_ids is not None else None
    params |= {f"only_{n}": one for n, one in enumerate(shops or ())}
    names = frozenset(name for name in params if name in _CONDITIONS)
    shape = _Shape(names, numbers, asked.after is not None, None if shops is None else len(shops))
    params |= {"merchant_id": merchant_id, "limit_": asked.limit + 1}
    rows = await means.store.fetch(_statement(shape), params)
    legs: dict[str, list[Row]] = {}
    shown = rows[: asked.limit]
    for leg in await means.store.fetch(_legs_of(_sized(len(shown))), _ids(merchant_id, shown)) if shown else ():
        legs.setdefault(leg["payment_id"], []).append(leg)
    items = tuple(Payment.of(row, legs.get(row["id"], ())) for row in shown)
    if len(rows) <= asked.limit:
        return Page(items, None)
    return Page(items, sealed(query, (items[-1].taken_at, items[-1].id), means.seal_key))


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which conditions a statement has; statements are made once a shape."""

    names: frozenset[str]
    numbers: tuple[str, ...]
    paged: bool
    shops: int | None


_CONDITIONS: Final[dict[str, Callable[[], ColumnElement[bool]]]] = {
    "from_": lambda: payment.c.taken_at >= bindparam("from_"),
    "to": lambda: payment.c.taken_at < bindparam("to"),
    "amount_min": lambda: payment.c.amount_minor >= bindparam("amount_min"),
    "amount_max": lambda: payment.c.amount_minor <= bindparam("amount_max"),
    "method": lambda: payment.c.method == bindparam("method"),
    "wallet": lambda: payment.c.wallet == bindparam("wallet"),
    "status": lambda: payment.c.money == bindparam("status"),
    "shop_id": lambda: payment.c.shop_id == bindparam("shop_id"),
    "terminal_id": lambda: payment.c.terminal_id == bindparam("terminal_id"),
    "operator_id": lambda: payment.c.operator_id == bindparam("operator_id"),
}
_CONDITIONS["number"] = false  # stands for the numbers of the shape

_LEGS_OF_NUMBER: Final = select(payment_leg.c.payment_id).where(
    payment_leg.c.merchant_id == bindparam("merchant_id"),
    or_(
        payment_leg.c.order_no == bindparam("number"),
        payment_leg.c.provider_trade_no == bindparam("number"),
        payment_leg.c.wallet_trade_no == bindparam("number"),
    ),
)


@lru_cache(maxsize=512)
def _statement(shape: _Shape) -> Select[Any]:
    found = payments_query().where(payment.c.merchant_id == bindparam("merchant_id"))
    for name in sorted(shape.names - {"number"}):
        found = found.where(_CONDITIONS[name]())
    if shape.numbers:
        found = found.where(or_(*(_by_number(kind) for kind in shape.numbers)))
    if shape.shops is not None:
        found = found.where(or_(false(), *(payment.c.shop_id == bindparam(f"only_{n}") for n in range(shape.shops))))
    if shape.paged:
        same = and_(payment.c.taken_at == bindparam("last_at"), payment.c.id < bindparam("last_id"))
        found = found.where(payment.c.taken_at <= bindparam("last_at")).where(
            or_(payment.c.taken_at < bindparam("last_at"), same)
        )
    return found.order_by(payment.c.taken_at.desc(), payment.c.id.desc()).limit(bindparam("limit_"))


@lru_cache(maxsize=len(_PAGE_SIZES))
def _legs_of(size: int) -> Select[Any]:
    """The legs of up to ``size`` payments by their ids: the page may have moved on since it was read."""
    ids: list[BindParameter[str]] = [bindparam(f"id_{n}") for n in range(size)]
    on_page = (payment_leg.c.merchant_id == bindparam("merchant_id")) & payment_leg.c.payment_id.in_(ids)
    return select(payment_leg).where(on_page).order_by(payment_leg.c.asked_at, payment_leg.c.id)


def _sized(count: int) -> int:
    return next(size for size in _PAGE_SIZES if size >= count)


def _ids(merchant_id: int, rows: Sequence[Row]) -> dict[str, Any]:
    last = len(rows) - 1
    return {"merchant_id": merchant_id} | {f"id_{n}": rows[min(n, last)]["id"] for n in range(_sized(len(rows)))}


def _by_number(kind: str) -> ColumnElement[bool]:
    if kind == "voucher_no":
        return payment.c.voucher_no == bindparam("voucher")
    if kind == "leg":
        return payment.c.id.in_(_LEGS_OF_NUMBER)
    return payment.c[kind] == bindparam("number")


def _number_kinds(number: str) -> tuple[str, ...]:
    """Which columns a number can stand in, by its looks."""
    kinds = ["order_no", "provider_trade_no", "wallet_trade_no", "reference_no", "bill_ref", "leg"]
    if number.isdecimal() and number.isascii():
        if len(number) == LAST_FOUR:
            kinds.append("last_four")
        if len(number) <= VOUCHER_DIGITS:
            kinds.append("voucher_no")
    return tuple(kinds)


def _check(asked: Find) -> None:
    if asked.from_ is not None and asked.to is not None and asked.to < asked.from_:
        raise RANGE_REVERSED(field="to")
    if asked.amount_min is not None and asked.amount_max is not None and asked.amount_max < asked.amount_min:
        raise RANGE_REVERSED(field="amount_max")
    for name, allowed in (("method", METHODS), ("wallet", WALLETS), ("status", tuple(MoneyState))):
        if (value := getattr(asked, name)) is not None and value not in allowed:
            raise FILTER_UNKNOWN(field=name)
    if asked.number is not None and not 0 < len(asked.number) <= NUMBER_LENGTH_MAX:
        raise FILTER_UNKNOWN(field="number")
    if not 1 <= asked.limit <= LIMIT_MAX:
        raise FILTER_UNKNOWN(field="limit")
