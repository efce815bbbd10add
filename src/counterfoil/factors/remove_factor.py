"""Take one's own passkey or code app away; the last that somebody must have stays."""

from __future__ import annotations

from typing import Final

from counterfoil.factors.enrolling import code_app_gone, passkey_gone
from counterfoil.factors.faults import FACTOR_UNKNOWN, LAST_FACTOR
from counterfoil.factors.means import Means
from counterfoil.factors.reading import ACTIVE, code_app_row, passkey_rows
from counterfoil.factors.tables import code_app, passkey
from counterfoil.people import SIGN_IN_BUSY, Actor
from counterfoil.store import Change, ChangePart, Require, Row, Stale

ROUNDS_MAX: Final = 12
CODE_APP: Final = "code_app"


async def remove_factor(means: Means, actor: Actor, factor_id: str) -> None:
    """Remove the actor's passkey of that id, or their code app where it is ``code_app``.

    Raises Refused CF-2065 (none of theirs), CF-2060 (the last of somebody who must have one); Trouble CF-2010.
    """
    for _ in range(ROUNDS_MAX):
        # 1 what there is
        keys = {row["id"]: row for row in await passkey_rows(means.store, actor.merchant_id, actor.person_id)}
        app = await code_app_row(means.store, actor.merchant_id, actor.person_id)
        part = _part(means, actor, keys, app, factor_id)
        # 2 one that stays, relied on: of two removals at once the second sees what the first left
        staying = _staying(keys, app, factor_id)
        if staying is None and actor.may_do_dangerous and not _is_locked(keys, factor_id):
            raise LAST_FACTOR()
        # 3 commit with its fact
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            guards=part.guards,
            requires=(staying,) if staying else (),
            facts=part.facts,
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()


def _part(means: Means, actor: Actor, keys: dict[str, Row], app: Row | None, factor_id: str) -> ChangePart:
    now = means.clock.now()
    if factor_id == CODE_APP and app is not None:
        return code_app_gone(app, actor, now, "owner")
    if factor_id not in keys:
        raise FACTOR_UNKNOWN()
    return passkey_gone(keys[factor_id], actor, now, "owner")


def _staying(keys: dict[str, Row], app: Row | None, factor_id: str) -> Require | None:
    for row in keys.values():
        if row["id"] != factor_id and row["state"] == ACTIVE:
            return Require(passkey, {"merchant_id": row["merchant_id"], "id": row["id"]}, row["version"])
    if app is not None and factor_id != CODE_APP:
        return Require(code_app, {"merchant_id": app["merchant_id"], "id": app["id"]}, app["version"])
    return None


def _is_locked(keys: dict[str, Row], factor_id: str) -> bool:
    """A locked passkey counts for nothing, so that it may always go."""
    return factor_id in keys and keys[factor_id]["state"] != ACTIVE
