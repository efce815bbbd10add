"""请别人批准: what the till shows while somebody in the office decides, and the way on once they have."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.screen.address import reachable, reached_at
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.giving_back import ACTS
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Look
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.qr_code import picture
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.result import payment_at
from counterfoil.doors.till.take import act_id
from counterfoil.payments import Payment
from counterfoil.people import person
from counterfoil.second_person import OPEN, Request, RequestState, request_by_id, withdraw

PATH: Final = "/till/records/{id}/back/{leg}/asked"
_SIGNS: Final = {
    RequestState.APPROVED: ("checking", "checking"),
    RequestState.DONE: ("good", "tick"),
    RequestState.FAILED: ("bad", "cross"),
    RequestState.DECLINED: ("bad", "cross"),
    RequestState.OBJECTED: ("bad", "cross"),
    RequestState.WITHDRAWN: ("quiet", "return"),
    RequestState.EXPIRED: ("quiet", "return"),
}


def routes(app: App) -> list[BaseRoute]:
    """The page, its live part, and taking it back."""
    return [
        at_desk(app, PATH, page),
        at_desk(app, f"{PATH}/state", state),
        at_desk(app, f"{PATH}/withdraw", None, take_back),
    ]


async def page(desk: Desk) -> Response:
    """Where it stands; on to the result once the void or refund is there."""
    payment, request = await _asked(desk)
    if _done(payment, request):
        return go(_result(payment, request))
    return await _render(desk, "asked.html", payment, request)


async def state(desk: Desk) -> Response:
    """The live part; where it was carried out, the page goes on by itself."""
    payment, request = await _asked(desk)
    if _done(payment, request):
        return Response(status_code=204, headers={"HX-Redirect": _result(payment, request)})
    return await _render(desk, "asked_state.html", payment, request)


async def take_back(desk: Desk, _: Form) -> Response:
    """撤回: whoever asked does not want it any more."""
    payment, request = await _asked(desk)
    try:
        await withdraw(desk.app.factors, desk.actor, request.id)
    except Fault as fault:
        desk.note("decide_request", fault)
        return await _render(desk, "asked.html", payment, request, fault)
    return go(f"{_result(payment, request)}/asked")


async def _asked(desk: Desk) -> tuple[Payment, Request]:
    payment = await payment_at(desk)
    found = await request_by_id(desk.app.store, desk.merchant_id, act_id(desk.request.path_params["leg"]))
    # The request's address is below a payment that they may see; one of another shop is not there.
    if found is None or found.act not in ACTS.values() or found.shop_id != payment.shop_id:
        raise NO_SUCH_PAGE()
    return payment, found


def _done(payment: Payment, request: Request) -> bool:
    return any(leg.id == request.id for leg in payment.legs)


def _result(payment: Payment, request: Request) -> str:
    return f"/till/records/{payment.id}/back/{request.id}"


async def _render(
    desk: Desk, template: str, payment: Payment, request: Request, fault: Fault | None = None
) -> Response:
    where = request.state_at(desk.now)
    tone, sign = _SIGNS.get(where, ("checking", "person"))
    address = reached_at(desk, f"/office/requests/{request.id}")
    return render(
        desk,
        template,
        status_of(fault),
        payment=payment,
        found=request,
        look=Look(
            tone=tone,
            sign=sign,
            what=desk.t(f"request.till.{where.value}"),
            money=desk.t("request.till.money"),
            do=desk.t(f"request.till.{where.value}.do"),
        ),
        open=where in OPEN or where is RequestState.APPROVED,
        withdrawable=where in OPEN and request.asked_by == desk.person.id,
        amount=str(Money(request.amount_minor or 0)),
        address=address if where in OPEN else None,
        picture=picture(address) if where in OPEN and reachable(address) else None,
        who=await _who(desk, request.ended_by),
        **tell(desk, fault),
    )


async def _who(desk: Desk, person_id: str | None) -> str:
    found = await person(desk.app.store, desk.merchant_id, person_id) if person_id else None
    return desk.operator(found.called) if found else ""
