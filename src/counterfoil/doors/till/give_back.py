"""撤销 / 退款: one button; the program picks which, says why, what happens to the money, and when it arrives.

The act's id stands in the address. Why and how much are asked first, one touch; then a page says exactly what will
happen, with a button that names it; the same address afterwards shows what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money, Secret
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.giving_back import ACTS, PERMISSIONS, ask_of, deed_of, send
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import leg_look
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.fault_page import fault_page
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.result import payment_at
from counterfoil.doors.till.take import act_id, amount_of
from counterfoil.payments import (
    REASONS,
    REFUND_NOT_QUEUED,
    REFUND_TOO_LARGE,
    LegState,
    Payment,
    PaymentLeg,
    asked_sha256,
    cancel_refund,
    cancel_sha256,
    check_reason,
    fee_is_told,
    refund_fee,
    still_needed,
    way_back,
)
from counterfoil.people import Actor, Permission, Rule, approve, rule_for
from counterfoil.records import has_receipt
from counterfoil.second_person import Asking, ask_somebody

OTHER = "OTHER"
_OPEN = (LegState.CREATED, LegState.SENT, LegState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Way:
    """Which of the two it is, why, and until when a void was or is possible."""

    kind: str
    why: str
    until: int


def routes(app: App) -> list[BaseRoute]:
    """One address for the question, the act and its result; the result's live part; and asking somebody else."""
    return [
        at_desk(app, "/till/records/{id}/back/{leg}", give_back, CARRYING_OUT),
        at_desk(app, "/till/records/{id}/back/{leg}/state", state),
        at_desk(app, "/till/records/{id}/back/{leg}/ask", None, ask_other),
        at_desk(app, "/till/records/{id}/back/{leg}/cancel", ask_cancel, CANCELLING),
    ]


async def give_back(desk: Desk) -> Response:
    """What became of the act of this id; before it, the question or the page that says what will happen."""
    payment, leg_id = await payment_at(desk), act_id(desk.request.path_params["leg"])
    leg = _leg(payment, leg_id)
    if leg is not None:
        return await _result(desk, "back_result.html", payment, leg)
    query = desk.request.query_params
    if query.get("reason") not in REASONS:
        return _ask(desk, payment, leg_id, query.get("amount") or payment.refundable.decimal())
    try:
        amount = _amount(payment, query.get("amount", ""))
    except Fault as fault:
        return _ask(desk, payment, leg_id, query.get("amount", ""), fault)
    return await _confirm(desk, payment, leg_id, amount=amount, reason=query["reason"], fee="fee" in query)


async def state(desk: Desk) -> Response:
    """The live part of the result."""
    payment = await payment_at(desk)
    leg = _leg(payment, act_id(desk.request.path_params["leg"]))
    return go("/till/menu") if leg is None else await _result(desk, "back_state.html", payment, leg)


async def carry_out(desk: Desk, form: Form) -> Response:
    """Void or refund under the id in the address, with the supervisor's approval where the operator needs one."""
    payment, leg_id = await payment_at(desk), act_id(desk.request.path_params["leg"])
    here = _path(payment, leg_id)
    if _leg(payment, leg_id) is not None:
        return go(here)
    amount, reason = amount_of(form.get("amount", "")), form.get("reason", "")
    # What the page said is what is asked for: a void does not turn into a refund because the cut came meanwhile.
    # No page says that it voids a part; a form that does gives back the amount it names, and no more.
    kind = "void" if form.get("kind") == "void" and amount == payment.amount else "refund"
    try:
        ask = ask_of(kind, payment=payment, leg_id=leg_id, amount=amount, form=form)
        asked = asked_sha256(ask, desk.app.payments.hmac_key)
        needs = await _needs(desk, kind, amount)
        actor = await _allowed(desk, payment, form, PERMISSIONS[kind], asked, needs)
        await send(desk, actor, ask)
    except Fault as fault:
        desk.note(kind, fault)
        if fault.instead == "refund":
            to = link(here, amount=amount.decimal(), reason=reason)
            return fault_page(desk, fault, to=to, button=desk.t("back.instead", amount=amount))
        text = form.get("reason_text", "")
        return await _confirm(desk, payment, leg_id, amount=amount, reason=reason, text=text, fault=fault)
    return go(here)


async def _not_here(desk: Desk, form: Form, fault: Fault) -> Response:
    """Refused where the till stands: the same page, from which somebody in the office can still be asked."""
    payment, leg_id = await payment_at(desk), act_id(desk.request.path_params["leg"])
    if _leg(payment, leg_id) is not None:
        return go(_path(payment, leg_id))
    amount, text = amount_of(form.get("amount", "")), form.get("reason_text", "")
    return await _confirm(
        desk, payment, leg_id, amount=amount, reason=form.get("reason", ""), text=text, fault=fault, away=True
    )


async def ask_other(desk: Desk, form: Form) -> Response:
    """请别人批准: it becomes a request, which somebody in the office approves on a phone; the till waits for it."""
    payment, leg_id = await payment_at(desk), act_id(desk.request.path_params["leg"])
    if _leg(payment, leg_id) is not None:
        return go(_path(payment, leg_id))
    amount, reason, text = amount_of(form.get("amount", "")), form.get("reason", ""), form.get("reason_text", "")
    kind = "void" if form.get("kind") == "void" and amount == payment.amount else "refund"
    try:
        check_reason(reason, text.strip() or None)
        _amount(payment, amount.decimal())
        ask = ask_of(kind, payment=payment, leg_id=leg_id, amount=amount, form=form)
        may = desk.actor.may(PERMISSIONS[kind], payment.shop_id)
        asking = Asking(
            id=leg_id,
            act=ACTS[kind],
            deed=deed_of(desk, kind, payment, ask),
            form={"kind": kind, "amount": amount.decimal(), "reason": reason, "reason_text": text},
            path={"id": payment.id, "leg": leg_id},
            language=desk.language,
            amount_minor=amount.minor,
            shop_id=payment.shop_id,
            lends=None if may else PERMISSIONS[kind],
        )
        await ask_somebody(desk.app.factors, desk.actor, asking)
    except Fault as fault:
        desk.note(kind, fault)
        return await _confirm(desk, payment, leg_id, amount=amount, reason=reason, text=text, fault=fault)
    return go(f"{_path(payment, leg_id)}/asked")


async def _needs(desk: Desk, kind: str, amount: Money) -> Rule | None:
    """The rule that has this amount approved by somebody else; None where none does."""
    rule = await rule_for(desk.app.store, desk.merchant_id, ACTS[kind])
    return rule if rule.needed(amount.minor) else None


async def as_before_the_cut(desk: Desk, payment: Payment) -> Response:
    """The page of a void as it stood open when the payment was new; its button is answered by the clock of now."""
    return await _confirm(
        desk, payment, desk.app.ids.uuid(), amount=payment.amount, reason=REASONS[0], at=payment.taken_at
    )


async def ask_cancel(desk: Desk) -> Response:
    """What cancelling a queued refund means, before it is done."""
    payment, leg = await _queued_at(desk)
    return _ask_cancel(desk, payment, leg) if leg.queued else go(_path(payment, leg.id))


async def cancel(desk: Desk, form: Form) -> Response:
    """Take the refund out of the queue, with the supervisor's approval where the operator needs one."""
    payment, leg = await _queued_at(desk)
    try:
        actor = await _allowed(desk, payment, form, Permission.REFUND, cancel_sha256(payment.id, leg.id))
        await cancel_refund(desk.app.payments, actor, payment.id, leg.id)
    except Fault as fault:
        desk.note("refund", fault)
        if fault.kind is REFUND_NOT_QUEUED:
            return fault_page(desk, fault, to=_path(payment, leg.id), button=desk.t("fault.to_result"))
        return _ask_cancel(desk, payment, leg, fault)
    return go(_path(payment, leg.id))


async def _not_cancelled(desk: Desk, _: Form, fault: Fault) -> Response:
    payment, leg = await _queued_at(desk)
    return _ask_cancel(desk, payment, leg, fault)


async def _queued_at(desk: Desk) -> tuple[Payment, PaymentLeg]:
    payment = await payment_at(desk)
    leg = _leg(payment, act_id(desk.request.path_params["leg"]))
    if leg is None:
        raise NO_SUCH_PAGE()
    return payment, leg


def _ask_cancel(desk: Desk, payment: Payment, leg: PaymentLeg, fault: Fault | None = None) -> Response:
    return render(
        desk,
        "back_cancel.html",
        status_of(fault),
        payment=payment,
        leg=leg,
        here=_path(payment, leg.id),
        supervisor_needed=not desk.actor.may(Permission.REFUND, payment.shop_id),
        **tell(desk, fault),
    )


def _path(payment: Payment, leg_id: str) -> str:
    return f"/till/records/{payment.id}/back/{leg_id}"


async def _allowed(
    desk: Desk, payment: Payment, form: Form, permission: Permission, request_sha256: str, needs: Rule | None = None
) -> Actor:
    """Whoever may do it, alone or because a supervisor allows this very request.

    ``needs``: the rule by which somebody else has to allow it, whoever asks.
    """
    if needs is None and desk.actor.may(permission, payment.shop_id):
        return desk.actor
    number, password = form.get("number", ""), Secret(form.get("password", ""))
    address = peer_of(desk.request)
    return await approve(
        desk.app.people,
        desk.actor,
        number,
        password,
        permission,
        request_sha256=request_sha256,
        roles=None if needs is None else needs.roles,
        made_by=payment.operator_id,
        address=address,
    )


def _way(desk: Desk, payment: Payment, amount: Money, at: int) -> Way:
    picked = way_back(payment, desk.app.manifests[payment.provider], at)
    if picked.kind == "void" and amount != payment.amount:
        return Way("refund", "part_amount", picked.until)
    return Way(picked.kind, picked.why, picked.until)


def _amount(payment: Payment, typed: str) -> Money:
    amount = amount_of(typed)
    if payment.refundable < amount:
        raise REFUND_TOO_LARGE(
            field="amount",
            captured=payment.amount,
            refunded=Money(payment.refunded_minor, payment.currency),
            reserved=Money(payment.refund_reserved_minor, payment.currency),
            left=payment.refundable,
        )
    return amount


def _leg(payment: Payment, leg_id: str) -> PaymentLeg | None:
    return next((leg for leg in payment.legs if leg.id == leg_id), None)


def _ask(desk: Desk, payment: Payment, leg_id: str, amount: str, fault: Fault | None = None) -> Response:
    return render(
        desk,
        "back_ask.html",
        status_of(fault),
        payment=payment,
        leg_id=leg_id,
        amount=amount,
        reasons=REASONS,
        **tell(desk, fault),
    )


async def _confirm(
    desk: Desk,
    payment: Payment,
    leg_id: str,
    *,
    amount: Money,
    reason: str,
    text: str = "",
    fault: Fault | None = None,
    at: int | None = None,
    fee: bool = False,
    away: bool = False,
) -> Response:
    way = _way(desk, payment, amount, desk.now if at is None else at)
    needs = await _needs(desk, way.kind, amount)
    told, fee_fault = await _fee(desk, payment, amount) if fee else (None, None)
    return render(
        desk,
        "back_confirm.html",
        status_of(fault),
        payment=payment,
        leg_id=leg_id,
        amount=amount,
        left=payment.refundable - amount,
        reason=reason if reason in REASONS else OTHER,
        text=text,
        way=way,
        # Away from where it may be done, only somebody else's confirmation from there is left.
        supervisor_needed=away or needs is not None or not desk.actor.may(PERMISSIONS[way.kind]),
        by_number=not away and (needs is None or needs.persons == 1),
        change=link(_path(payment, leg_id), amount=amount.decimal()),
        here=link(_path(payment, leg_id), amount=amount.decimal(), reason=reason),
        asks_fee=way.kind == "refund" and fee_is_told(desk.app.manifests[payment.provider]),
        fee=told,
        **tell(desk, fault or fee_fault),
    )


async def _fee(desk: Desk, payment: Payment, amount: Money) -> tuple[list[tuple[str, str]] | None, Fault | None]:
    """What the provider says of the fee, each member by our word where there is one; or why it does not."""
    try:
        said = await refund_fee(desk.app.payments, desk.actor, payment.id, amount)
    except Fault as fault:
        return None, fault
    at = 0 if desk.language == "zh-CN" else 1
    return [(one.word.words[at] if one.word else one.name, one.value) for one in said], None


async def _result(desk: Desk, template: str, payment: Payment, leg: PaymentLeg) -> Response:
    look = leg_look(desk, payment, leg, await still_needed(desk.app.payments, payment, leg))
    return render(
        desk,
        template,
        payment=payment,
        leg=leg,
        look=look,
        open=leg.state in _OPEN and payment.due_at is not None,
        has_receipt=has_receipt(payment, leg.id),
    )


def _kind(form: Form) -> str:
    return "void" if form.get("kind") == "void" else "refund"


# A void and a refund are held to the same place, so either permission says where that is.
CARRYING_OUT: Final = Placed(permission=Permission.REFUND, name=_kind, act=carry_out, otherwise=_not_here)
CANCELLING: Final = Placed(permission=Permission.REFUND, name=always("refund"), act=cancel, otherwise=_not_cancelled)
