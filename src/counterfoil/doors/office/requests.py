"""待批准: what waits for another person, one request as whoever asked saw it, and what can be done with it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.requested import carry_out, look, may_carry_out
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.people import WITH_CODE, Permission, persons
from counterfoil.second_person import (
    OPEN,
    REASON_MAX,
    REQUEST_CHANGED,
    REQUEST_MOVED,
    REQUEST_UNKNOWN,
    Request,
    RequestState,
    approve_request,
    decline,
    demand_approvable,
    demand_may_see,
    find_requests,
    may_see,
    request_by_id,
    withdraw,
)

PATH: Final = "/office/requests"
_MARKS: Final = {
    RequestState.ASKED: ("checking", "checking"),
    RequestState.HALF: ("checking", "person"),
    RequestState.APPROVED: ("checking", "checking"),
    RequestState.DONE: ("good", "tick"),
    RequestState.FAILED: ("bad", "cross"),
    RequestState.DECLINED: ("bad", "cross"),
    RequestState.OBJECTED: ("bad", "cross"),
    RequestState.WITHDRAWN: ("quiet", "return"),
    RequestState.EXPIRED: ("quiet", "minus"),
}


def routes(app: App) -> list[BaseRoute]:
    """The list with its live part, the count in the menu, one request, and its four acts."""
    return [
        at_desk(app, PATH, listed),
        at_desk(app, "/office/inbox", count),
        at_desk(app, f"{PATH}/list", fresh),
        at_desk(app, f"{PATH}/{{id}}", one),
        at_desk(
            app, f"{PATH}/{{id}}/approve", None, Danger(act="approve_request", tell=_approving, carry_out=_approved)
        ),
        at_desk(app, f"{PATH}/{{id}}/decline", None, refuse),
        at_desk(app, f"{PATH}/{{id}}/withdraw", None, take_back),
        at_desk(app, f"{PATH}/{{id}}/do", None, DOING),
    ]


async def listed(desk: Desk) -> Response:
    """What waits for whoever looks: to be decided, to be carried out; what they wait for; then all they may see."""
    return await _listed(desk, "requests.html")


async def count(desk: Desk) -> Response:
    """How many wait, for the menu of a page that stands open."""
    return render(desk, "inbox.html")


async def fresh(desk: Desk) -> Response:
    """The list for the page to ask by itself: nothing, until it is another than the page shows."""
    return await _listed(desk, "requests_list.html", was=desk.request.query_params.get("was", ""))


async def _listed(desk: Desk, template: str, *, was: str | None = None) -> Response:
    after = desk.request.query_params.get("after", "")
    page = await find_requests(desk.app.store, desk.merchant_id, after)
    seen = [one for one in page.items if await may_see(desk.app.people, desk.actor, one)]
    stands = _stands(desk, seen)
    if was == stands:
        return Response(status_code=204)
    return render(
        desk,
        template,
        stands=stands,
        to_decide=_rows(desk, desk.inbox.to_decide),
        to_carry_out=_rows(desk, desk.inbox.to_carry_out),
        asked=_rows(desk, desk.inbox.asked),
        rows=_rows(desk, seen),
        names=await names_of(desk),
        money=lambda minor: str(Money(minor)),
        more=link(PATH, after=page.next) if page.next else None,
        newest=PATH if after else None,
    )


def _stands(desk: Desk, seen: list[Request]) -> str:
    """What tells one list from another: which requests stand where, and who is asked about them."""
    box = desk.inbox
    groups = (box.to_decide, box.to_carry_out, box.asked, seen)
    text = "|".join(",".join(f"{one.id}{one.state_at(desk.now)}" for one in group) for group in groups)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rows(desk: Desk, some: Iterable[Request]) -> list[tuple[Request, Mark, int]]:
    """Each with where it stands and until when something can be done with it."""
    return [(one, mark_of(desk, one), one.left_at if one in desk.inbox.to_carry_out else one.ends_at) for one in some]


async def one(desk: Desk) -> Response:
    """What it would do, what is not as it was, and where it stands."""
    return await _page(desk)


async def refuse(desk: Desk, form: Form) -> Response:
    """不批准、反对, with the reason that whoever asked will see."""
    reason = form.get("reason", "")
    return await _moved(desk, "declined", decline(desk.app.factors, desk.actor, id_in(desk), reason), reason)


async def take_back(desk: Desk, _: Form) -> Response:
    """撤回."""
    return await _moved(desk, "withdrawn", withdraw(desk.app.factors, desk.actor, id_in(desk)))


async def do(desk: Desk, _: Form) -> Response:
    """What was approved and not carried out, as after a crash or where it gives a code, is carried out now."""
    found = await _request(desk)
    if not may_carry_out(desk, found):
        raise REQUEST_MOVED()
    try:
        shown = await carry_out(desk, found)
    except Fault as fault:
        desk.note("decide_request", fault)
        return await _page(desk, fault)
    return shown or go(f"{PATH}/{found.id}", done="done")


async def names_of(desk: Desk) -> dict[str, str]:
    """What everybody is called."""
    return {one.id: desk.operator(one.called) for one in await persons(desk.app.store, desk.merchant_id)}


def mark_of(desk: Desk, request: Request) -> Mark:
    """Where it stands, as a sign and a word."""
    state = request.state_at(desk.now)
    tone, sign = _MARKS[state]
    if state is RequestState.APPROVED and request.act in WITH_CODE:
        whose = "yours" if request.asked_by == desk.person.id else "waits"
        return Mark(tone, sign, desk.t(f"request.state.approved.{whose}"))
    return Mark(tone, sign, desk.t(f"request.state.{state.value}"))


async def _approving(desk: Desk, _: Form) -> Told:
    """The very deed that was asked for, in the requester's name. Raises what speaks against approving it."""
    found = await _request(desk)
    await demand_approvable(desk.app.factors, desk.actor, found)
    looked = await look(desk, found)
    if looked.fault is not None:
        raise looked.fault
    if looked.told is None or not looked.same:
        raise REQUEST_CHANGED()
    who = (await names_of(desk)).get(found.asked_by, "—")
    return replace(
        looked.told,
        lines=((desk.t("request.asked_by"), who), *looked.told.lines),
        button=desk.t("request.approve.do" if _at_once(desk, found) else "request.approve.only"),
        back=f"{PATH}/{found.id}",
    )


def _at_once(desk: Desk, found: Request) -> bool:
    """Whether approving carries it out: what may give a code waits for whoever asked."""
    return found.act not in WITH_CODE or desk.person.id == found.asked_by


async def _approved(desk: Desk, _: Form) -> Response:
    before = await _request(desk)
    looked = await look(desk, before)
    made = looked.told is not None and looked.told.made_by == desk.person.id
    found = await approve_request(desk.app.factors, desk.actor, before.id, desk.approval_id or "", made=made)
    shown = await carry_out(desk, found) if may_carry_out(desk, found) else None
    return shown or go(f"{PATH}/{found.id}", done="approved")


async def _moved(desk: Desk, done: str, act: Awaitable[Request], reason: str = "") -> Response:
    try:
        await act
    except Fault as fault:
        desk.note("decide_request", fault)
        return await _page(desk, fault, reason)
    return go(f"{PATH}/{id_in(desk)}", done=done)


async def _request(desk: Desk) -> Request:
    found = await request_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise REQUEST_UNKNOWN()
    await demand_may_see(desk.app.people, desk.actor, found)
    return found


async def _page(desk: Desk, fault: Fault | None = None, reason: str = "") -> Response:
    found = await _request(desk)
    is_open = found.state_at(desk.now) in OPEN
    # What gives a code waits for whoever asked, and for nobody else.
    theirs = found.state is RequestState.APPROVED and found.act in WITH_CODE
    looked = await look(desk, found) if is_open or theirs else None
    against = await _against(desk, found) if is_open else None
    return render(
        desk,
        "request.html",
        status_of(fault),
        found=found,
        mark=mark_of(desk, found),
        open=is_open,
        looked=looked,
        hindered=looked.fault.tell(desk.language) if looked and looked.fault else None,
        against=against.tell(desk.language) if against else None,
        names=await names_of(desk),
        mine=found.asked_by == desk.person.id,
        undone=may_carry_out(desk, found),
        theirs=theirs,
        may_object=desk.actor.may(Permission.APPROVE, found.shop_id),
        amount=str(Money(found.amount_minor)) if found.amount_minor is not None else None,
        reason=reason[:REASON_MAX],
        most=REASON_MAX,
        **tell(desk, fault),
    )


async def _against(desk: Desk, found: Request) -> Fault | None:
    """Why this person cannot approve it, if they cannot."""
    try:
        await demand_approvable(desk.app.factors, desk.actor, found)
    except Fault as fault:
        return fault
    return None


DOING: Final = Placed(permission=Permission.APPROVE, name=always("decide_request"), act=do)
