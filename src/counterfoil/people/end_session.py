"""End one session: one's own elsewhere, or, as an administrator, somebody else's."""

from __future__ import annotations

from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_SIGNED_OUT
from counterfoil.people.faults import SESSION_ENDED
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.session import change_session, living_sessions
from counterfoil.store import ChangePart


async def end_session(means: Means, actor: Actor, person_id: str, session_id: str) -> None:
    """End the session ``session_id`` of ``person_id``; who ended it stands in the fact. One that has ended stays so.

    Raises Refused CF-2021 (somebody else's, and no administrator), CF-2003 (no such session).
    """
    # 1 one's own, or an administrator's right
    if person_id != actor.person_id:
        demand(actor, Permission.END_SESSIONS)
    # 2 it is theirs
    living = await living_sessions(means, actor.merchant_id, person_id)
    found = next((one for one in living if one.id == session_id), None)
    if found is None:
        raise SESSION_ENDED()
    # 3 end it, with its fact
    now = means.clock.now()
    fact = PERSON_SIGNED_OUT.fact(at=now, actor=actor.person_id, subject=person_id, terminal=found.terminal_id)
    await change_session(means, found, {"ends_at": now}, ChangePart(facts=(fact,)))
