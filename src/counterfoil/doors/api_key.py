"""The bearer key of a request, proven."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from starlette.requests import Request

from counterfoil import people
from counterfoil.doors.faults import NO_KEY, SCOPE_MISSING
from counterfoil.doors.pace import held_to
from counterfoil.doors.shell import caller_of
from counterfoil.people import Actor, Permission

if TYPE_CHECKING:
    from counterfoil.app import App

Scope: TypeAlias = Literal["pay", "read", "export", "refund", "void"]

PERMISSION: Final[Mapping[Scope, Permission]] = {
    "pay": Permission.TAKE,
    "read": Permission.READ,
    "export": Permission.EXPORT,
    "refund": Permission.REFUND,
    "void": Permission.VOID,
}
_KEY_MAX: Final = 200


async def proven(app: App, request: Request) -> Actor:
    """The owner of the key.

    Raises NO_KEY, TOO_OFTEN, and of people KEY_WRONG, KEY_EXPIRED, KEY_ELSEWHERE, API_ELSEWHERE.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip() or len(key) > _KEY_MAX:
        raise NO_KEY()
    caller = held_to(app.key_pace, key.strip())
    actor = await people.authenticate_key(app.people, key.strip(), caller_of(request))
    app.key_pace.count(caller)
    request.scope["counterfoil.merchant_id"] = actor.merchant_id
    return actor


def hold(actor: Actor, scope: Scope) -> None:
    """Go on only if the key has the scope and its owner may do it. Raises SCOPE_MISSING."""
    if not actor.may_somewhere(PERMISSION[scope]):
        raise SCOPE_MISSING(scope=scope)
