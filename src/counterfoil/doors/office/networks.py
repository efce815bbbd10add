"""可信网络: from where the office, the API and dangerous acts may be used; tried for a minute before it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault, Networks
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.place import hold_place
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.shell import caller_of
from counterfoil.people import (
    DANGER,
    DEFAULTS,
    PURPOSES,
    Deed,
    Permission,
    all_trusted,
    check_networks,
    demand,
    drop_trial,
    keep_networks,
    read_networks,
    try_networks,
)

PATH: Final = "/office/networks"
_TYPED_MAX: Final = 8192


def routes(app: App) -> list[BaseRoute]:
    """The page, and its three acts."""
    return [
        at_desk(app, PATH, page),
        at_desk(app, f"{PATH}/{{purpose}}/try", None, TRYING),
        at_desk(app, f"{PATH}/{{purpose}}/keep", None, keep),
        at_desk(app, f"{PATH}/{{purpose}}/back", None, back),
    ]


async def page(desk: Desk) -> Response:
    """The three lists, and where you are yourself."""
    demand(desk.actor, Permission.MANAGE_NETWORKS)
    return await _page(desk)


async def try_(desk: Desk, form: Form) -> Response:
    """试用: in force for a minute."""
    try:
        new = read_networks(_typed(form))
        await try_networks(desk.app.people, desk.actor, _purpose(desk), new, caller_of(desk.request))
    except Fault as fault:
        desk.note("set_networks", fault)
        return await _page(desk, _typed(form), fault)
    return go(PATH, done="tried")


async def keep(desk: Desk, _: Form) -> Response:
    """确认: that this request came through is what the trial was for."""
    return await _done(desk, "kept", lambda: keep_networks(desk.app.people, desk.actor, _purpose(desk)))


async def back(desk: Desk, _: Form) -> Response:
    """恢复原来的名单: at once."""
    return await _done(desk, "back", lambda: drop_trial(desk.app.people, desk.actor, _purpose(desk)))


async def _trying(desk: Desk, form: Form) -> Told:
    """The list of now and the list to be tried. Raises Refused CF-2021, CF-1804, CF-2123, CF-2124, CF-2126."""
    demand(desk.actor, Permission.MANAGE_NETWORKS)
    purpose, new = _purpose(desk), read_networks(_typed(form))
    check_networks(desk.actor, purpose, new, caller_of(desk.request))
    now = next(one for one in await all_trusted(desk.app.store, desk.merchant_id) if one.purpose == purpose).networks
    return Told(
        deed=Deed(
            act="set_networks",
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what={"purpose": purpose, "networks": list(new.texts()), "so_far": list(now.texts())},
        ),
        title=desk.t("act.set_networks"),
        lines=(
            (desk.t("office.networks.of"), desk.t(f"office.networks.{purpose}")),
            (desk.t("policy.so_far"), _listed(desk, purpose, now)),
            (desk.t("policy.from_now"), _listed(desk, purpose, new)),
        ),
        means=_means(desk, purpose),
        button=desk.t("office.networks.try"),
        back=PATH,
    )


def _means(desk: Desk, purpose: str) -> str:
    means = desk.t("office.networks.try.means")
    # Who sits here is inside the list; whether the tills are, only somebody at a till can see.
    return f"{means} {desk.t('office.networks.danger.tills')}" if purpose == DANGER else means


async def _not_tried(desk: Desk, form: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.MANAGE_NETWORKS)
    return await _page(desk, _typed(form), fault)


def _typed(form: Form) -> str:
    return form.get("networks", "")[:_TYPED_MAX]


def _listed(desk: Desk, purpose: str, networks: Networks) -> str:
    """The networks of a list; of an empty one what it stands for."""
    if networks:
        return " ".join(networks.texts())
    default = " ".join(DEFAULTS[purpose].texts())
    return f"{desk.t('office.networks.empty.home')} {default}" if default else desk.t("office.networks.empty.all")


async def _done(desk: Desk, done: str, act: Callable[[], Awaitable[None]]) -> Response:
    demand(desk.actor, Permission.MANAGE_NETWORKS)
    try:
        await hold_place(desk.app, desk.request, desk.merchant_id, DANGER)
        await act()
    except Fault as fault:
        desk.note("set_networks", fault)
        return await _page(desk, None, fault)
    return go(PATH, done=done)


def _purpose(desk: Desk) -> str:
    found: str = desk.request.path_params["purpose"]
    if found not in PURPOSES:
        raise NO_SUCH_PAGE()
    return found


async def _page(desk: Desk, typed: str | None = None, fault: Fault | None = None) -> Response:
    lists = await all_trusted(desk.app.store, desk.merchant_id)
    left = {one.purpose: -(-(one.trial_until - desk.now) // MICROS) for one in lists if one.on_trial(desk.now)}
    texts = {one.purpose: "\n".join((one.trial or one.networks).texts()) for one in lists}
    wrong = desk.request.path_params.get("purpose") if fault else None
    if wrong is not None and typed is not None:
        texts[wrong] = typed
    return render(
        desk,
        "networks.html",
        status_of(fault),
        lists=lists,
        left=left,
        texts=texts,
        defaults={purpose: " ".join(found.texts()) for purpose, found in DEFAULTS.items()},
        caller=caller_of(desk.request),
        wrong=wrong,
        **tell(desk, fault),
    )


TRYING: Final = Danger(act="set_networks", tell=_trying, carry_out=try_, otherwise=_not_tried)
