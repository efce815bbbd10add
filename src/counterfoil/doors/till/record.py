"""One record: its state, amounts and numbers, what happened to it with each entry's proof, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.till.cookies import whole
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.faults import NO_SUCH_PAYMENT
from counterfoil.doors.till.looks import look_of, mark_of, provider_name
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import act_id
from counterfoil.evidence import proof
from counterfoil.payments import MoneyState
from counterfoil.people import Permission, demand, persons, terminals
from counterfoil.records import Event, Record, has_receipt, newest_root, view

_IN = frozenset({MoneyState.CAPTURED})
_OUT = frozenset({"txn.voided", "txn.refunded"})
_MAYBE = frozenset({MoneyState.UNKNOWN, MoneyState.MANUAL})
_KNOWN = frozenset(
    {
        "txn.sent",
        "txn.captured",
        "txn.declined",
        "txn.unknown",
        "txn.resolved",
        "txn.reversing",
        "txn.reversal_sent",
        "txn.reversed",
        "txn.manual",
        "txn.late_success",
        "txn.voiding",
        "txn.voided",
        "txn.void_refused",
        "txn.void_unknown",
        "refund.created",
        "refund.sent",
        "refund.unknown",
        "refund.failed",
        "txn.refunded",
        "receipt.reprinted",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An event as it stands in the timeline."""

    event: Event
    what: str
    who: str
    where: str
    effect: str


def routes(app: App) -> list[BaseRoute]:
    """The record, and the proof of one of its entries."""
    return [
        at_desk(app, "/till/records/{id}", record),
        at_desk(app, "/till/records/{id}/proof/{position}", download),
    ]


async def record(desk: Desk) -> Response:
    """The whole record."""
    found = await record_at(desk)
    payment = found.payment
    numbers = {one.id: one.number for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: (one, shop) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    where = {terminal_id: one.number for terminal_id, (one, _) in places.items()}
    root = await newest_root(desk.app.store, desk.merchant_id)
    return render(
        desk,
        "record.html",
        payment=payment,
        look=look_of(desk, payment),
        mark=mark_of(desk, payment),
        lines=[_line(desk, event, numbers, where) for event in found.events],
        place=places.get(payment.terminal_id),
        operator=numbers.get(payment.operator_id, ""),
        provider=provider_name(desk, payment),
        has_receipt=has_receipt(payment),
        signed=root.size if root else 0,
        new_id=desk.app.ids.uuid(),
    )


async def download(desk: Desk) -> Response:
    """The ``.tlog-proof`` of one entry of this payment. Raises Refused CF-1805 for another's entry."""
    found = await record_at(desk)
    position = whole(desk.request.path_params["position"])
    if position not in [event.position for event in found.events]:
        raise NO_SUCH_PAYMENT()
    body = await proof(desk.app.archive, desk.merchant_id, position)
    name = f"{found.payment.order_no}-{position}.tlog-proof"
    return Response(body, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, "application/octet-stream")


async def record_at(desk: Desk) -> Record:
    """The record in the address. Raises Refused CF-1804, CF-1805."""
    demand(desk.actor, Permission.READ)
    found = await view(desk.app.records, desk.merchant_id, act_id(desk.request.path_params["id"]))
    if found is None:
        raise NO_SUCH_PAYMENT()
    return found


def _line(desk: Desk, event: Event, numbers: dict[str, str], places: dict[str, str]) -> Line:
    who = numbers.get(event.actor_id, "")
    approver = numbers.get(event.approver_id or "", "")
    name = desk.t("bar.operator", number=who) if who else desk.t("record.by_machine")
    terminal = places.get(event.terminal_id or "", "")
    return Line(
        event=event,
        what=_what(desk, event),
        who=name + (f" · {desk.t('record.approved_by', number=approver)}" if approver else ""),
        where=desk.t("bar.terminal", number=terminal) if terminal else "",
        effect=_effect(desk, event),
    )


def _what(desk: Desk, event: Event) -> str:
    word = desk.t(f"event.{event.kind}" if event.kind in _KNOWN else "event.other")
    if event.kind == "txn.resolved" and event.to in {state.value for state in MoneyState}:
        return f"{word} · {desk.t(f'state.{event.to}')}"
    return word


def _effect(desk: Desk, event: Event) -> str:
    if event.amount is None:
        return desk.t("effect.none")
    amount = event.amount
    if event.kind in _OUT:
        return desk.t("effect.out", amount=amount)
    if event.to in _IN and event.from_ != event.to and event.kind in ("txn.captured", "txn.resolved"):
        return desk.t("effect.in", amount=amount)
    if event.to in _MAYBE:
        return desk.t("effect.maybe", amount=amount)
    return desk.t("effect.none")
