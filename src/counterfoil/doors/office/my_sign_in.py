"""我的登录: one's own passkeys, code app, recovery codes, password and sessions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import SESSION, Desk
from counterfoil.doors.office.endpoint import SECOND, at_desk
from counterfoil.doors.office.enrolment import MINE, app_page, codes_page, key_page
from counterfoil.doors.office.here import site_at, why_no_passkeys
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.factors import CODE_APP, factors_of, make_recovery_codes, remove_factor
from counterfoil.people import SESSION_ENDED, Deed, Session, change_password, end_session, living_sessions, terminals

_DONE: Final = ("passkey", "app", "removed", "ended", "password")


@dataclass(frozen=True, slots=True)
class Place:
    """A session as its owner knows it: where it is, and whether it is this one."""

    session: Session
    where: str
    this: bool


def routes(app: App) -> list[BaseRoute]:
    """The page, and what can be done on it."""
    return [
        at_desk(app, MINE, mine),
        at_desk(app, f"{MINE}/add", None, Danger(act="add_factor", tell=_adding, carry_out=_add)),
        at_desk(app, f"{MINE}/remove", None, Danger(act="remove_factor", tell=_removing, carry_out=_remove)),
        at_desk(app, f"{MINE}/codes", None, Danger(act="new_recovery_codes", tell=_renewing, carry_out=_renew)),
        at_desk(app, f"{MINE}/password", None, change),
        at_desk(
            app,
            f"{MINE}/end",
            None,
            Danger(act="end_session", tell=_ending, carry_out=_end, otherwise=_not_ended),
        ),
    ]


async def mine(desk: Desk) -> Response:
    """All of it."""
    return await _page(desk)


async def change(desk: Desk, form: Form) -> Response:
    """Set one's own password; one goes on under another token, and is signed out everywhere else."""
    try:
        token = await change_password(
            desk.app.people,
            desk.session,
            password=Secret(form.get("password", "")),
            new=Secret(form.get("new", "")),
            address=peer_of(desk.request),
        )
    except Fault as fault:
        desk.note("change_password", fault)
        return await _page(desk, fault)
    response = go(MINE, done="password")
    keep(response, desk.request, SESSION, token.reveal())
    return response


async def places_of(desk: Desk, person_id: str) -> list[Place]:
    """The living sessions of somebody, the one used last first."""
    numbers = {one.id: one.number for one, _ in await terminals(desk.app.store, desk.merchant_id)}
    living = await living_sessions(desk.app.people, desk.merchant_id, person_id)
    return [Place(one, _where(desk, one, numbers), one.id == desk.session.id) for one in living]


def _where(desk: Desk, session: Session, numbers: dict[str, str]) -> str:
    if session.terminal_id is None:
        return desk.t("me.session.office")
    return desk.t("bar.terminal", number=numbers.get(session.terminal_id, "—"))


async def _page(desk: Desk, fault: Fault | None = None) -> Response:
    has = await factors_of(desk.app.store, desk.merchant_id, desk.person.id)
    done = desk.request.query_params.get("done", "")
    return render(
        desk,
        "me.html",
        status_of(fault),
        has=has,
        here=site_at(desk).rp_id,
        why_not=why_no_passkeys(desk),
        places=await places_of(desk, desk.person.id),
        done=done if done in _DONE else "",
        begin=SECOND,
        **tell(desk, fault),
    )


def _told(desk: Desk, act: str, what: dict[str, str], lines: tuple[tuple[str, str], ...]) -> Told:
    deed = Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what)
    title, means, button = (desk.t(f"me.{act}{end}") for end in ("", ".means", ".do"))
    return Told(deed=deed, title=title, lines=lines, means=means, button=button, back=MINE)


async def _adding(desk: Desk, form: Form) -> Told:
    factor = CODE_APP if form.get("factor") == CODE_APP else "passkey"
    return _told(desk, "add_factor", {"factor": factor}, ((desk.t("me.factor"), desk.t(f"me.factor.{factor}")),))


async def _add(desk: Desk, form: Form) -> Response:
    pages: dict[bool, Callable[[Desk], Awaitable[Response]]] = {True: app_page, False: key_page}
    return await pages[form.get("factor") == CODE_APP](desk)


async def _removing(desk: Desk, form: Form) -> Told:
    has = await factors_of(desk.app.store, desk.merchant_id, desk.person.id)
    factor = form.get("factor", "")
    names = {one.id: one.name for one in has.passkeys}
    named = names.get(factor) or desk.t("me.factor.code_app")
    return _told(desk, "remove_factor", {"factor": factor}, ((desk.t("me.factor"), named),))


async def _remove(desk: Desk, form: Form) -> Response:
    await remove_factor(desk.app.factors, desk.actor, form.get("factor", ""))
    return go(MINE, done="removed")


async def _renewing(desk: Desk, _: Form) -> Told:
    has = await factors_of(desk.app.store, desk.merchant_id, desk.person.id)
    return _told(desk, "new_recovery_codes", {}, ((desk.t("me.codes.left"), str(has.codes_left)),))


async def _renew(desk: Desk, _: Form) -> Response:
    codes = await make_recovery_codes(desk.app.factors, desk.actor)
    return codes_page(desk, tuple(code.reveal() for code in codes), "codes")


async def place_asked(desk: Desk, person_id: str, form: Form) -> Place:
    """The living session of that person which the form names. Raises Refused CF-2003."""
    found = [one for one in await places_of(desk, person_id) if one.session.id == form.get("session")]
    if not found:
        raise SESSION_ENDED()
    return found[0]


def lines_of(desk: Desk, place: Place) -> tuple[tuple[str, str], ...]:
    """How the question names a session: where it is, and the browser it was begun in."""
    return ((desk.t("me.session.where"), place.where), (desk.t("me.session.device"), place.session.came_from or "—"))


async def _ending(desk: Desk, form: Form) -> Told:
    place = await place_asked(desk, desk.person.id, form)
    return _told(desk, "end_session", {"session": place.session.id}, lines_of(desk, place))


async def _end(desk: Desk, form: Form) -> Response:
    await end_session(desk.app.people, desk.actor, desk.person.id, form.get("session", ""))
    return go(MINE, done="ended")


async def _not_ended(desk: Desk, _: Form, fault: Fault) -> Response:
    return await _page(desk, fault)
