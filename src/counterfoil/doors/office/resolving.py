"""按对账单了结: a payment, void or refund that waits for a person, ended by what the provider's statement says.

The form asks for the statement's line; what follows from it is shown, confirmed with a second factor, and becomes a
request that another person approves.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money, NotMoney, canonical_uuid, local_day
from counterfoil.doors.office.danger import SALT, Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.faults import NO_SUCH_PAGE, NO_SUCH_PAYMENT
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import mark_of, provider_name
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.payments import (
    LINE_MAX,
    MOVE_NOT_LEGAL,
    NUMBER_MAX,
    STATEMENT_INCOMPLETE,
    Finding,
    Payment,
    PaymentLeg,
    ResolveAsk,
    check_resolving,
    findings_for,
    leg_is_lost,
    numbers_of,
    payment_for,
    resolve_manually,
    state_words,
    statement_of,
)
from counterfoil.people import Deed, Permission, demand_somewhere
from counterfoil.people import shop as shop_of

_PATH: Final = "/office/waiting/{id}/statement"
_BACK: Final = "/office/waiting"
_FINDINGS: Final = {finding.value: finding for finding in Finding}


def routes(app: App) -> list[BaseRoute]:
    """The form, and what it asks for."""
    return [at_desk(app, _PATH, form, RESOLVING)]


def ways_on(desk: Desk, payment: Payment) -> tuple[tuple[str, str], ...]:
    """What may be found of it, each as an address and its words; nothing for whoever may not say so."""
    if not desk.actor.may(Permission.RESOLVE_PAYMENT, payment.shop_id):
        return ()
    path, legs = _PATH.format(id=payment.id), [leg for leg in payment.legs if leg_is_lost(leg, desk.now)]
    return tuple(
        (
            link(path, finding=finding.value, leg=leg.id if leg else None),
            desk.t(f"statement.step.{finding.value}", amount=leg.amount if leg else payment.amount),
        )
        for leg in (None, *legs)
        for finding in findings_for(payment, leg, desk.now)
    )


async def form(desk: Desk) -> Response:
    """What the statement says of it, to be copied from there. Raises Refused CF-2021, CF-3107."""
    return await _page(desk, dict(desk.request.query_params))


async def carry_out(desk: Desk, form: Form) -> Response:
    """Record the finding; then the record, which shows it."""
    _, ask = await _asked(desk, form)
    payment = await resolve_manually(desk.app.payments, desk.actor, ask)
    return go(f"/office/records/{payment.id}")


async def _telling(desk: Desk, form: Form) -> Told:
    """What the line is and what follows from it. Raises what ``resolve_manually`` would refuse."""
    payment, ask = await _asked(desk, form)
    await check_resolving(desk.app.payments, desk.actor, ask)
    line, finding = ask.statement, ask.finding.value
    what = {
        "payment": payment.id,
        "leg": ask.leg_id,
        "money": payment.money.value,
        "finding": finding,
        "amount_minor": line.minor,
        "day": line.day,
        "statement_sha256": line.sha256(),
    }
    return Told(
        deed=Deed(act="resolve_payment", merchant_id=desk.merchant_id, by=desk.actor.person_id, what=what),
        title=desk.t("statement.title"),
        lines=(
            (desk.t("record.amount"), str(payment.amount)),
            (desk.t("record.order_no"), payment.order_no),
            (desk.t("statement.finding"), desk.t(f"statement.finding.{finding}")),
            (desk.t("statement.number"), line.number),
            (desk.t("statement.day"), line.day),
            (desk.t("statement.amount"), str(line.amount)),
            (desk.t("statement.line"), line.line),
        ),
        means=desk.t(f"statement.means.{finding}", amount=line.amount),
        button=desk.t("statement.do"),
        back=_BACK,
        amount_minor=line.minor,
        shop_id=payment.shop_id,
        made_by=payment.operator_id,
    )


async def _not_told(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _page(desk, form, fault)


async def _asked(desk: Desk, form: Form) -> tuple[Payment, ResolveAsk]:
    """The payment in the address, and the ask of the form. Raises Refused CF-1804, CF-3109, CF-3170, CF-2190."""
    payment = await _payment(desk)
    leg = _leg(payment, form)
    finding = _FINDINGS.get(form.get("finding", ""))
    bounds = {"number_most": str(NUMBER_MAX), "line_most": str(LINE_MAX)}
    if finding is None:
        raise STATEMENT_INCOMPLETE(field="finding", **bounds)
    try:
        amount = Money.parse(form.get("amount", ""), payment.currency)
    except NotMoney:
        raise STATEMENT_INCOMPLETE(field="amount", **bounds) from None
    statement = statement_of(
        number=form.get("number", ""),
        day=form.get("day", ""),
        amount=amount,
        line=form.get("line", ""),
        salt=form.get(SALT, ""),
        known=numbers_of(payment),
    )
    ask = ResolveAsk(payment_id=payment.id, leg_id=leg.id if leg else None, finding=finding, statement=statement)
    return payment, ask


async def _payment(desk: Desk) -> Payment:
    """The one in the address. Raises Refused CF-2021 (may not), CF-1804, CF-3109 (no such payment for them)."""
    demand_somewhere(desk.actor, Permission.RESOLVE_PAYMENT)
    if not (payment_id := id_in(desk)):
        raise NO_SUCH_PAGE()
    return await payment_for(desk.app.payments, desk.actor, payment_id, Permission.RESOLVE_PAYMENT)


def _leg(payment: Payment, form: Form) -> PaymentLeg | None:
    """The void or refund that the form names, if it names one."""
    if not (named := form.get("leg", "")):
        return None
    try:
        return next(leg for leg in payment.legs if leg.id == canonical_uuid(named))
    except (ValueError, StopIteration):
        raise NO_SUCH_PAYMENT() from None


async def _page(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    payment = await _payment(desk)
    leg = _leg(payment, typed)
    findings = findings_for(payment, leg, desk.now)
    if not findings:
        raise MOVE_NOT_LEGAL(state=state_words(payment.money))
    shop = await shop_of(desk.app.store, desk.merchant_id, payment.shop_id)
    zone = shop.zone if shop else "UTC"
    return render(
        desk,
        "resolve.html",
        status_of(fault),
        payment=payment,
        leg=leg,
        amount=leg.amount if leg else payment.amount,
        mark=mark_of(desk, payment),
        provider=provider_name(desk, payment),
        path=_PATH.format(id=payment.id),
        findings=findings,
        first=local_day(leg.asked_at if leg else payment.taken_at, zone, 0),
        last=local_day(desk.now, zone, 0),
        number_most=NUMBER_MAX,
        line_most=LINE_MAX,
        typed=typed,
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )


RESOLVING: Final = Danger(act="resolve_payment", tell=_telling, carry_out=carry_out, otherwise=_not_told)
