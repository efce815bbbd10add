"""What stands in an exported file: its columns, and what each says of a payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from counterfoil.basis import Money, local_time
from counterfoil.locale import Translate
from counterfoil.payments import MoneyState, Payment
from counterfoil.people import Shop, persons, shops, terminals
from counterfoil.store import Store

# A time is the shop's own wall clock, without zone; None is an empty cell.
Cell: TypeAlias = str | Money | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What people call the shops, terminals and operators, by id; ``t`` gives the words of the file's language."""

    t: Translate
    shops: Mapping[str, Shop]
    terminals: Mapping[str, str]
    operators: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is the message that heads it."""

    name: str
    cell: Callable[[Payment, Places], Cell]


async def places_of(store: Store, merchant_id: int, t: Translate) -> Places:
    """Read the names once for a file."""
    return Places(
        t=t,
        shops={one.id: one for one in await shops(store, merchant_id)},
        terminals={one.id: one.number or "" for one, _ in await terminals(store, merchant_id)},
        operators={one.id: one.number or "" for one in await persons(store, merchant_id)},
    )


def _taken_at(payment: Payment, places: Places) -> Cell:
    return local_time(payment.taken_at, places.shops[payment.shop_id].zone).replace(tzinfo=None, microsecond=0)


def _minor(name: str) -> Callable[[Payment, Places], Cell]:
    def cell(payment: Payment, _: Places) -> Cell:
        minor = getattr(payment, name)
        return None if minor is None else Money(minor, payment.currency)

    return cell


def _text(name: str) -> Callable[[Payment, Places], Cell]:
    def cell(payment: Payment, _: Places) -> Cell:
        return getattr(payment, name) or None

    return cell


def _word(name: str) -> Callable[[Payment, Places], Cell]:
    return lambda payment, places: places.t(f"{name}.{getattr(payment, name)}")


def _voided(payment: Payment, _: Places) -> Cell:
    return Money(payment.amount_minor if payment.money is MoneyState.VOIDED else 0, payment.currency)


def _card_kind(payment: Payment, places: Places) -> Cell:
    """Of what was paid with a card."""
    return places.t(f"card_kind.{payment.card_kind}") if payment.wallet == "bank_card" else None


def _six(number: int | None) -> Cell:
    return None if number is None else f"{number:06d}"


COLUMNS: Final = (
    Column("records.column.time", _taken_at),
    Column("record.business_day", _text("business_day")),
    Column("export.shop", lambda payment, places: places.shops[payment.shop_id].name),
    Column("records.column.where", lambda payment, places: places.terminals.get(payment.terminal_id)),
    Column("records.column.who", lambda payment, places: places.operators.get(payment.operator_id or "")),
    Column("records.column.state", lambda payment, places: places.t(f"state.{payment.state_name}")),
    Column("export.wallet", _word("wallet")),
    Column("export.method", _word("method")),
    Column("record.entry", _word("entry")),
    Column("export.currency", _text("currency")),
    Column("record.amount", _minor("amount_minor")),
    Column("export.voided", _voided),
    Column("record.refunded", _minor("refunded_minor")),
    Column("record.payer", _minor("payer_minor")),
    Column("record.merchant_discount", _minor("merchant_discount_minor")),
    Column("record.fee", _minor("fee_minor")),
    Column("record.net", _minor("net_minor")),
    Column("record.tendered", _minor("tendered_minor")),
    Column("record.change", _minor("change_minor")),
    Column("record.order_no", _text("order_no")),
    Column("record.voucher_no", lambda payment, _: _six(payment.voucher_no)),
    Column("record.batch_no", lambda payment, _: _six(payment.batch_no)),
    Column("record.reference_no", _text("reference_no")),
    Column("record.provider", _text("provider")),
    Column("record.provider_trade_no", _text("provider_trade_no")),
    Column("record.wallet_trade_no", _text("wallet_trade_no")),
    Column("record.bill_ref", _text("bill_ref")),
    Column("record.last_four", _text("last_four")),
    Column("record.card_kind", _card_kind),
    Column("record.slip_batch_no", _text("slip_batch_no")),
    Column("record.slip_voucher_no", _text("slip_voucher_no")),
)
