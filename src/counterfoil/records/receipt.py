"""小票: one model of the receipt of a payment, a void or a refund, in the words of one language.

Whatever renders it (a page, paper) adds nothing and leaves nothing out. It is no invoice and says so. Its order number
is printed as a bar code too, and its place in the log with the beginning of a signed root that covers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import Language, Money
from counterfoil.locale import Translate, full_time, translator
from counterfoil.payments import LegState, MoneyState, Payment, PaymentLeg
from counterfoil.people import Shop, merchant, person, terminals
from counterfoil.records.facts import RECEIPT_REPRINTED
from counterfoil.records.faults import NO_RECEIPT
from counterfoil.records.means import Means
from counterfoil.records.record import Event, Record, view
from counterfoil.records.root import newest_root
from counterfoil.records.totals import RECEIVED

_SECONDS: Final = 19  # of an ISO time, up to the seconds
_LEG_KINDS: Final = ("void", "refund")
_RECEIVED: Final = frozenset({"txn.captured", "txn.resolved", "txn.recorded"})
_MADE: Final = {"void": "txn.voided", "refund": "txn.refunded"}


@dataclass(frozen=True, slots=True)
class Line:
    """A name and what stands behind it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """``amounts[0]`` is the one that counts. ``copy``: how often it was printed again, in words; None: the original.

    ``order_no`` is that of the payment, or of the void or refund itself. ``evidence``: place in the log and root.
    """

    kind: str
    heads: tuple[str, ...]
    title: str
    copy: str | None
    lines: tuple[Line, ...]
    amounts: tuple[Line, ...]
    order_no: Line
    evidence: str | None
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What a receipt is made from. ``shop`` and ``terminal``: where it happened; ``operator``: who did it."""

    t: Translate
    payment: Payment
    leg: PaymentLeg | None
    shop: Shop
    terminal: str
    operator: str


def has_receipt(payment: Payment, leg_id: str | None = None) -> bool:
    """Whether a receipt may be given: the money was received, or the void or refund of that id was done."""
    return payment.money in RECEIVED and (leg_id is None or _leg(payment, leg_id) is not None)


async def receipt(
    means: Means, merchant_id: int, payment_id: str, language: Language, *, leg_id: str | None = None
) -> Receipt:
    """The receipt of the payment, or of its void or refund ``leg_id``. Raises NO_RECEIPT where none may be given."""
    record = await view(means, merchant_id, payment_id)
    if record is None or not has_receipt(record.payment, leg_id):
        raise NO_RECEIPT()
    paper = await _paper(means, record.payment, None if leg_id is None else _leg(record.payment, leg_id), language)
    t, leg = paper.t, paper.leg
    whose = await merchant(means.store, merchant_id)
    sample = (t("page.demonstration"),) if means.store.installation.demonstration else ()
    copies = reprints(record, leg_id)
    return Receipt(
        kind="payment" if leg is None else leg.kind,
        heads=(*sample, whose.name if whose else "", paper.shop.name),
        title=t("receipt.sale" if leg is None else f"receipt.{leg.kind}"),
        copy=t("receipt.copy", n=copies) if copies else None,
        lines=tuple(_lines(paper)),
        amounts=tuple(_amounts(paper)),
        order_no=Line(t("record.order_no"), record.payment.order_no if leg is None else leg.order_no),
        evidence=await _evidence(means, record, paper),
        foot=t("receipt.not_invoice"),
    )


def reprints(record: Record, leg_id: str | None) -> int:
    """How often the receipt was printed again, by the log."""
    own = [one for one in record.events if one.kind == RECEIPT_REPRINTED.tag and one.body.get("leg") == leg_id]
    return max((copy for one in own if isinstance(copy := one.body["copy"], int)), default=0)


async def _paper(means: Means, payment: Payment, leg: PaymentLeg | None, language: Language) -> _Paper:
    places = {one.id: (one, shop) for one, shop in await terminals(means.store, payment.merchant_id)}
    here, shop = places[payment.terminal_id]
    if leg is not None and leg.terminal_id in places:
        here = places[leg.terminal_id][0]
    by = payment.operator_id if leg is None else leg.actor_id
    who = await person(means.store, payment.merchant_id, by) if by else None
    return _Paper(
        t=translator(language),
        payment=payment,
        leg=leg,
        shop=shop,
        terminal=here.number,
        operator=(who.number if who else None) or "—",
    )


def _lines(paper: _Paper) -> Iterator[Line]:
    t, payment, leg = paper.t, paper.payment, paper.leg
    at = payment.taken_at if leg is None else leg.ended_at or leg.asked_at
    yield Line(t("sign_in.terminal"), paper.terminal)
    yield Line(t("record.operator"), paper.operator)
    yield Line(t("records.column.time"), full_time(at, zone=paper.shop.zone)[:_SECONDS])
    yield Line(t("records.column.wallet"), t(f"wallet.{payment.wallet}"))
    if payment.last_four:
        kind = "" if payment.card_kind == "unknown" else f" {t(f'card_kind.{payment.card_kind}')}"
        yield Line(t("receipt.card"), f"**** **** **** {payment.last_four}{kind}")
    if leg is None:
        yield Line(t("records.column.state"), t(f"state.{payment.state_name}"))
    else:
        yield Line(t("receipt.reason"), t(f"reason.{leg.reason}"))
        yield Line(t("receipt.original"), payment.order_no)
    yield Line(t("record.voucher_no"), f"{payment.voucher_no:06d}" if payment.voucher_no else "—")
    yield Line(t("record.batch_no"), f"{payment.batch_no:06d}")
    trade_no = payment.wallet_trade_no if leg is None else leg.wallet_trade_no
    if trade_no:
        yield Line(t("record.wallet_trade_no"), trade_no)
    if payment.slip_batch_no:
        yield Line(t("record.slip_batch_no"), payment.slip_batch_no)
    if payment.slip_voucher_no:
        yield Line(t("record.slip_voucher_no"), payment.slip_voucher_no)
    if payment.reference_no:
        yield Line(t("record.reference_no"), payment.reference_no)


def _amounts(paper: _Paper) -> Iterator[Line]:
    t, payment, leg = paper.t, paper.payment, paper.leg
    if leg is not None:
        yield Line(t(f"receipt.{leg.kind}.amount"), str(leg.amount))
        yield Line(t("record.amount"), str(payment.amount))
        return
    yield Line(t("take.amount"), str(payment.amount))
    if payment.rounding_minor:
        yield Line(t("take.cash.due"), str(payment.due))
        yield Line(t("record.rounding"), f"-{Money(payment.rounding_minor, payment.currency)}")
    if payment.tendered_minor is not None:
        yield Line(t("record.tendered"), str(Money(payment.tendered_minor, payment.currency)))
        yield Line(t("record.change"), str(Money(payment.change_minor or 0, payment.currency)))
    if payment.refunded_minor:
        yield Line(t("record.refunded"), str(Money(payment.refunded_minor, payment.currency)))


async def _evidence(means: Means, record: Record, paper: _Paper) -> str | None:
    position = next((event.position for event in record.events if _made(event, paper.leg)), None)
    if position is None:
        return None
    said = paper.t("receipt.evidence", position=f"{position:,}")
    root = await newest_root(means.store, record.payment.merchant_id)
    return f"{said} · #{root.size} {root.text}" if root is not None and root.covers(position) else said


def _made(event: Event, leg: PaymentLeg | None) -> bool:
    """Whether this leaf is the one that made what the receipt is for."""
    if leg is None:
        return event.kind in _RECEIVED and event.to == MoneyState.CAPTURED
    return event.kind == _MADE[leg.kind] and event.body.get("leg") == leg.id


def _leg(payment: Payment, leg_id: str) -> PaymentLeg | None:
    done = (leg for leg in payment.legs if leg.state is LegState.DONE and leg.kind in _LEG_KINDS)
    return next((leg for leg in done if leg.id == leg_id), None)
