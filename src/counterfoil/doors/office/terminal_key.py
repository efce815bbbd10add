"""终端登记: a code for a device, the six words it shows, and what became of its key; lost ones are revoked at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import JSON
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import terminal_in_sight
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.people import (
    ENROLLED,
    FORKED,
    NOTHING_TO_CONFIRM,
    Deed,
    Opened,
    Permission,
    Terminal,
    Window,
    close_window,
    confirm_key,
    demand,
    enrolment_of,
    only_enrolled,
    open_window,
    revoke_key,
    set_only_enrolled,
    window_of,
)

RULE: Final = "/office/tills"
_LIST: Final = "/office/terminals"
_CODE_GROUP: Final = 4
_TONES: Final = {ENROLLED: ("good", "lock"), FORKED: ("bad", "cross")}


def routes(app: App) -> list[BaseRoute]:
    """The page of a terminal's key with its acts, and the rule for all terminals."""
    path = f"{_LIST}/{{id}}/key"
    return [
        at_desk(app, path, page, OPENING),
        at_desk(app, f"{path}/news", news),
        at_desk(app, f"{path}/close", None, close),
        at_desk(app, f"{path}/confirm", None, Danger(act="confirm_key", tell=_confirming, carry_out=_confirm)),
        at_desk(app, f"{path}/revoke", None, Danger(act="revoke_key", tell=_revoking, carry_out=_revoke)),
        at_desk(app, RULE, rule, Danger(act="set_till_rule", tell=_ruling, carry_out=_rule)),
    ]


def key_mark(desk: Desk, state: str | None) -> Mark:
    """Whether a terminal is enrolled, as a sign and a word."""
    tone, sign = _TONES.get(state or "", ("quiet", "cross"))
    return Mark(tone, sign, desk.t(f"terminal_key.state.{state or 'none'}"))


async def page(desk: Desk) -> Response:
    """How it stands: no key, a window, six words that wait, a key in force, revoked, locked."""
    return await _page(desk, await _whose(desk))


async def open_(desk: Desk, _: Form) -> Response:
    """Open a window; the code is shown on this page and never again."""
    whose = await _whose(desk)
    return await _page(desk, whose, await open_window(desk.app.people, desk.actor, whose.id))


async def close(desk: Desk, _: Form) -> Response:
    """The words differ, or it is not needed any more."""
    whose = await _whose(desk)
    await close_window(desk.app.people, desk.actor, whose.id)
    return go(_path(whose), done="closed")


async def news(desk: Desk) -> Response:
    """For the page to ask by itself: nothing, until what is open is another than it shows."""
    whose = await _whose(desk)
    window = await _window(desk, whose)
    if desk.request.query_params.get("was") == _stands(window):
        return Response(status_code=204)
    return Response(status_code=204, headers={"HX-Redirect": _path(whose)})


async def rule(desk: Desk) -> Response:
    """Whether people sign in at enrolled terminals only."""
    demand(desk.actor, Permission.MANAGE_SETTINGS)
    return render(desk, "till_rule.html", only=await only_enrolled(desk.app.store, desk.merchant_id))


async def _confirming(desk: Desk, form: Form) -> Told:
    whose = await _whose(desk)
    window = await _window(desk, whose)
    if window is None or window.key is None or window.words is None or window.key.sha256 != form.get("key"):
        raise NOTHING_TO_CONFIRM()
    lines = (
        (desk.t("terminal_key.terminal"), f"{whose.number} · {whose.label}"),
        (desk.t("terminal_key.algorithm"), window.key.algorithm),
        (desk.t("terminal_key.digest"), window.key.sha256),
    )
    what: dict[str, JSON] = {
        "terminal": whose.id,
        "key_sha256": window.key.sha256,
        "algorithm": window.key.algorithm,
    }
    return replace(_told(desk, "confirm_key", what, lines, back=_path(whose)), words=window.words)


async def _confirm(desk: Desk, form: Form) -> Response:
    whose = await _whose(desk)
    await confirm_key(desk.app.people, desk.actor, whose.id, form.get("key", ""))
    return go(_path(whose), done="enrolled")


async def _revoking(desk: Desk, _: Form) -> Told:
    whose = await _whose(desk)
    known = await enrolment_of(desk.app.store, desk.merchant_id, whose.id)
    sha256 = known.key.sha256 if known else "—"
    lines = (
        (desk.t("terminal_key.terminal"), f"{whose.number} · {whose.label}"),
        (desk.t("terminal_key.digest"), sha256),
    )
    what: dict[str, JSON] = {"terminal": whose.id, "key_sha256": sha256}
    return _told(desk, "revoke_key", what, lines, back=_path(whose))


async def _revoke(desk: Desk, _: Form) -> Response:
    whose = await _whose(desk)
    await revoke_key(desk.app.people, desk.actor, whose.id)
    return go(_path(whose), done="revoked")


async def _ruling(desk: Desk, form: Form) -> Told:
    demand(desk.actor, Permission.MANAGE_SETTINGS)
    on = form.get("on") == "yes"
    lines = ((desk.t("till_rule.title"), desk.t("till_rule.on" if on else "till_rule.off")),)
    return _told(desk, "set_till_rule", {"only_enrolled": on}, lines, back=RULE)


async def _rule(desk: Desk, form: Form) -> Response:
    await set_only_enrolled(desk.app.people, desk.actor, on=form.get("on") == "yes")
    return go(RULE, done="set")


def _told(desk: Desk, act: str, what: dict[str, JSON], lines: tuple[tuple[str, str], ...], *, back: str) -> Told:
    return Told(
        deed=Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(f"act.{act}"),
        lines=lines,
        means=desk.t(f"terminal_key.means.{act}"),
        button=desk.t(f"act.{act}"),
        back=back,
    )


async def _page(desk: Desk, whose: Terminal, opened: Opened | None = None) -> Response:
    known = await enrolment_of(desk.app.store, desk.merchant_id, whose.id)
    window = await _window(desk, whose)
    code = opened.code.reveal() if opened else ""
    return render(
        desk,
        "terminal_key.html",
        whose=whose,
        path=_path(whose),
        known=known,
        mark=key_mark(desk, known.state if known else None),
        window=window,
        was=_stands(window),
        code=f"{code[:_CODE_GROUP]} {code[_CODE_GROUP:]}" if code else None,
    )


async def _window(desk: Desk, whose: Terminal) -> Window | None:
    return await window_of(desk.app.store, desk.merchant_id, whose.id, desk.app.clock.now())


def _stands(window: Window | None) -> str:
    """What is open, for the page to see whether that has changed."""
    return "none" if window is None else "words" if window.key else "code"


async def _whose(desk: Desk) -> Terminal:
    """Raises Refused CF-2008 where there is none in sight; CF-2021, CF-2012 for who may not enrol it."""
    found = await terminal_in_sight(desk, id_in(desk))
    demand(desk.actor, Permission.ENROL_TERMINAL, found.shop_id)
    return found


def _path(whose: Terminal) -> str:
    return f"{_LIST}/{whose.id}/key"


OPENING: Final = Placed(permission=Permission.ENROL_TERMINAL, name=always("open_window"), act=open_)
