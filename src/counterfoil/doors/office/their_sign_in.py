"""An operator's sign-in as an administrator sees it: their sessions and pauses, each to be ended, and a reset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import JSON, Fault, rfc3339
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.my_sign_in import lines_of, place_asked, places_of
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.factors import begin_reset, factors_of
from counterfoil.people import (
    PAUSE_OVER,
    PERSON_UNKNOWN,
    Deed,
    Lock,
    Permission,
    Person,
    demand,
    end_session,
    lift_pause,
    pauses_of,
    person,
    terminals,
)


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause as a line: its id, where it counts, until when (UTC microseconds)."""

    id: str
    where: str
    until: int


def routes(app: App) -> list[BaseRoute]:
    """The page and its acts."""
    path = "/office/operators/{id}/sign-in"
    return [
        at_desk(app, path, theirs),
        at_desk(
            app,
            f"{path}/end",
            None,
            Danger(act="end_session", tell=_ending, carry_out=_end, otherwise=_not_ended),
        ),
        at_desk(app, f"{path}/pause", None, LIFTING),
        at_desk(app, f"{path}/reset", None, RESETTING),
    ]


async def theirs(desk: Desk) -> Response:
    """What they have to show, without anything that could be used, and where they are signed in."""
    return await _page(desk, await _whose(desk))


async def _ending(desk: Desk, form: Form) -> Told:
    demand(desk.actor, Permission.END_SESSIONS)
    whose = await _whose(desk)
    place = await place_asked(desk, whose.id, form)
    what = {"person": whose.id, "session": place.session.id}
    return Told(
        deed=Deed(act="end_session", merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t("me.end_session"),
        lines=((desk.operator(whose.called), whose.name or "—"), *lines_of(desk, place)),
        means=desk.t("me.end_session.means"),
        button=desk.t("me.end_session.do"),
        back=_path(whose),
    )


async def _end(desk: Desk, form: Form) -> Response:
    whose = await _whose(desk)
    await end_session(desk.app.people, desk.actor, whose.id, form.get("session", ""))
    return go(_path(whose), done="ended")


async def _not_ended(desk: Desk, _: Form, fault: Fault) -> Response:
    return await _page(desk, await _whose(desk), fault)


async def _lifting(desk: Desk, form: Form) -> Told:
    demand(desk.actor, Permission.LIFT_LOCK)
    demand(desk.actor, Permission.END_SESSIONS)
    whose = await _whose(desk)
    pause = next((one for one in await _paused(desk, whose) if one.id == form.get("pause")), None)
    if pause is None:
        raise PAUSE_OVER()
    what: dict[str, JSON] = {"person": whose.id, "pause": pause.id, "until": rfc3339(pause.until)}
    return Told(
        deed=Deed(act="lift_pause", merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t("act.lift_pause"),
        lines=((desk.operator(whose.called), whose.name or "—"), (desk.t("them.pause"), pause.where)),
        means=desk.t("them.pause.means"),
        button=desk.t("act.lift_pause"),
        back=_path(whose),
    )


async def _lift(desk: Desk, form: Form) -> Response:
    whose = await _whose(desk)
    await lift_pause(desk.app.people, desk.actor, whose.id, form.get("pause", ""))
    return go(_path(whose), done="lifted")


async def _paused(desk: Desk, whose: Person) -> list[Paused]:
    """What keeps them from signing in; an address is one that anybody tried from."""
    numbers = {one.id: one.number for one, _ in await terminals(desk.app.store, desk.merchant_id)}
    found = await pauses_of(desk.app.people, desk.merchant_id, whose.id)
    return [Paused(one.id, _where(desk, one, numbers), one.until) for one in found]


def _where(desk: Desk, pause: Lock, numbers: Mapping[str, str]) -> str:
    if pause.address:
        return desk.t("them.pause.address", address=pause.address)
    if pause.terminal_id:
        return desk.t("bar.terminal", number=numbers.get(pause.terminal_id, "—"))
    return desk.t(f"office.home.locked.{pause.where}")


async def _resetting(desk: Desk, _: Form) -> Told:
    demand(desk.actor, Permission.RESET_FACTOR)
    whose = await _whose(desk)
    deed = Deed(act="reset_factors", merchant_id=desk.merchant_id, by=desk.person.id, what={"person": whose.id})
    return Told(
        deed=deed,
        title=desk.t("them.reset"),
        lines=((desk.operator(whose.called), whose.name or "—"),),
        means=desk.t("them.reset.means"),
        button=desk.t("them.reset.do"),
        back=_path(whose),
    )


async def _reset(desk: Desk, _: Form) -> Response:
    whose = await _whose(desk)
    code = await begin_reset(desk.app.factors, desk.actor, whose.id)
    return render(desk, "reset_code.html", whose=whose, code=code.reveal(), back=_path(whose))


async def _page(desk: Desk, whose: Person, fault: Fault | None = None) -> Response:
    done = desk.request.query_params.get("done", "")
    return render(
        desk,
        "them.html",
        status_of(fault),
        whose=whose,
        has=await factors_of(desk.app.store, desk.merchant_id, whose.id),
        places=await places_of(desk, whose.id),
        itself=whose.id == desk.person.id,
        path=_path(whose),
        may_end=desk.actor.may(Permission.END_SESSIONS),
        may_reset=desk.actor.may(Permission.RESET_FACTOR),
        paused=await _paused(desk, whose),
        may_lift=desk.actor.may(Permission.LIFT_LOCK) and desk.actor.may(Permission.END_SESSIONS),
        done=done if done in ("ended", "lifted") else "",
        **tell(desk, fault),
    )


def demand_one(desk: Desk) -> None:
    """Whoever may end sessions or begin a reset may look. Raises Refused CF-2021."""
    if not desk.actor.may(Permission.RESET_FACTOR):
        demand(desk.actor, Permission.END_SESSIONS)


async def _whose(desk: Desk) -> Person:
    demand_one(desk)
    found = await person(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise PERSON_UNKNOWN(number="")
    return found


def _path(whose: Person) -> str:
    return f"/office/operators/{whose.id}/sign-in"


RESETTING: Final = Danger(act="reset_factors", tell=_resetting, carry_out=_reset)
LIFTING: Final = Danger(act="lift_pause", tell=_lifting, carry_out=_lift)
