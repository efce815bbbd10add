"""What a request would do now, beside what it would have done when it was asked for; and carrying it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from counterfoil.basis import JSON, Fault, Money, decode
from counterfoil.doors.office import operators
from counterfoil.doors.office.accounts import SWITCHING
from counterfoil.doors.office.api_keys import ENABLING
from counterfoil.doors.office.api_keys import MAKING as MAKING_KEY
from counterfoil.doors.office.channel_settings import ACTIVATING, CONFIGURING
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.giving_back import REFUNDING, VOIDING
from counterfoil.doors.office.networks import TRYING
from counterfoil.doors.office.notices import DECIDING
from counterfoil.doors.office.opening import OPENING
from counterfoil.doors.office.payment_routes import ROUTING
from counterfoil.doors.office.person_login import CHANGING
from counterfoil.doors.office.person_roles import GIVING, TAKING_BACK
from counterfoil.doors.office.policy import SETTING
from counterfoil.doors.office.resolving import RESOLVING
from counterfoil.doors.office.roles import ALTERING, MAKING, RETIRING
from counterfoil.doors.office.their_sign_in import LIFTING, RESETTING
from counterfoil.people import WITH_CODE, Act
from counterfoil.second_person import (
    NOT_CARRIED_OUT,
    REQUEST_CHANGED,
    Kept,
    Request,
    RequestState,
    acting,
    carried_out,
    failed,
    opened,
)

_SHOWN: Final = 200
_REFUSED: Final = 400
_DANGERS: Final[Mapping[Act, Danger]] = MappingProxyType(
    {
        Act.VOID: VOIDING,
        Act.REFUND: REFUNDING,
        Act.SWITCH_ACCOUNT: SWITCHING,
        Act.CONFIGURE_ACCOUNT: CONFIGURING,
        Act.ACTIVATE_ACCOUNT: ACTIVATING,
        Act.GRANT_ROLE: GIVING,
        Act.END_GRANT: TAKING_BACK,
        Act.MAKE_ROLE: MAKING,
        Act.ALTER_ROLE: ALTERING,
        Act.SET_POLICY: SETTING,
        Act.RETIRE_ROLE: RETIRING,
        Act.ADD_OPERATOR: operators.ADDING,
        Act.SWITCH_OPERATOR: operators.SWITCHING,
        Act.CHANGE_LOGIN: CHANGING,
        Act.RESET_FACTORS: RESETTING,
        Act.OPEN_ACCOUNT: OPENING,
        Act.SET_ROUTE: ROUTING,
        Act.DECIDE_NOTICE: DECIDING,
        Act.MAKE_KEY: MAKING_KEY,
        Act.ENABLE_KEY: ENABLING,
        Act.SET_NETWORKS: TRYING,
        Act.RESET_PASSWORD: operators.SETTING_PASSWORD,
        Act.LIFT_PAUSE: LIFTING,
        Act.RESOLVE_PAYMENT: RESOLVING,
    }
)
# What a change is called where it is shown; anything else that changed is called a change of what it is about.
_CALLED: Final = frozenset({"money", "refunded_minor", "reserved_minor", "state", "settings_at", "rule"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: what it was and what it is."""

    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What it would do now (``told``), or why it could not be done; ``differences`` since it was asked for."""

    told: Told | None = None
    fault: Fault | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is still what was asked for."""
        return self.told is not None and not self.differences


async def look(desk: Desk, request: Request) -> Looked:
    """What carrying it out would do now, in the words of whoever looks."""
    try:
        kept = opened(desk.app.factors, request)
        told = await _DANGERS[request.act].tell(await _as_asker(desk, request, kept), kept.form)
    except Fault as fault:
        return Looked(fault=fault)
    if told.deed.sha256() == request.request_sha256:
        return Looked(told=told)
    was, now = decode(kept.deed.encode()), told.deed.content()
    return Looked(told=told, differences=_differences(desk, _what(was), _what(now)))


def may_carry_out(desk: Desk, request: Request) -> bool:
    """Whether whoever sits here does what was approved: of what gives a code only who asked, who is shown it."""
    if request.state is not RequestState.APPROVED:
        return False
    if request.act in WITH_CODE:
        return desk.person.id == request.asked_by and not request.left(desk.now)
    return desk.person.id in (request.asked_by, request.approved_by)


async def carry_out(desk: Desk, request: Request) -> Response | None:
    """Do what was approved, as whoever asked for it, if it is still that; the page that it answers with, if any.

    Doing it again does nothing more: a void and a refund have the request's id, and the rest would be another deed.
    """
    looked = await look(desk, request)
    if looked.fault is not None:
        await failed(desk.app.factors, request, looked.fault.kind.code)
        return None
    if not looked.same:
        await failed(desk.app.factors, request, REQUEST_CHANGED.code)
        return None
    kept = opened(desk.app.factors, request)
    try:
        response = await _DANGERS[request.act].carry_out(await _as_asker(desk, request, kept), kept.form)
    except Fault as fault:
        desk.note(request.act.value, fault)
        await failed(desk.app.factors, request, fault.kind.code)
        return None
    if response.status_code >= _REFUSED:
        await failed(desk.app.factors, request, NOT_CARRIED_OUT.code)
        return None
    await carried_out(desk.app.factors, request)
    # A list on trial is kept on its own page, within the minute.
    shown = request.act in WITH_CODE and response.status_code == _SHOWN
    return response if shown or request.act is Act.SET_NETWORKS else None


async def _as_asker(desk: Desk, request: Request, kept: Kept) -> Desk:
    """The desk as if whoever asked sat there, at the page they asked on, once it is approved with that approval."""
    who, actor = await acting(desk.app.factors, request)
    scope = {**desk.request.scope, "path_params": dict(kept.path)}
    return replace(desk, actor=actor, person=who, request=HttpRequest(scope))


def _what(deed: JSON) -> Mapping[str, JSON]:
    found: Any = deed
    what: Mapping[str, JSON] = found["what"]
    return what


def _differences(desk: Desk, was: Mapping[str, JSON], now: Mapping[str, JSON]) -> tuple[Difference, ...]:
    changed = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return tuple(
        Difference(
            desk.t(f"request.changed.{key if key in _CALLED else 'other'}"),
            _said(desk, key, was.get(key)),
            _said(desk, key, now.get(key)),
        )
        for key in changed
    )


def _said(desk: Desk, key: str, value: JSON) -> str:
    if key.endswith("_minor") and isinstance(value, int):
        return str(Money(value))
    if key == "money" and isinstance(value, str):
        return desk.t(f"state.{value}")
    if key == "state" and value in ("active", "disabled"):
        return desk.t("office.state.active" if value == "active" else "office.state.disabled")
    return (
        desk.t("request.changed.value") if isinstance(value, dict | list) else str(value if value is not None else "—")
    )
