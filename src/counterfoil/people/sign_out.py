"""退出: end a session on the server, so that its token is worth nothing from then on."""

from __future__ import annotations

from counterfoil.people.facts import PERSON_SIGNED_OUT
from counterfoil.people.means import Means
from counterfoil.people.person import Session
from counterfoil.people.session import change_session
from counterfoil.store import ChangePart


async def sign_out(means: Means, session: Session) -> None:
    """End the session. One that has ended already stays so, without another fact."""
    now = means.clock.now()
    fact = PERSON_SIGNED_OUT.fact(
        at=now, actor=session.person_id, subject=session.person_id, terminal=session.terminal_id
    )
    await change_session(means, session, {"ends_at": now}, ChangePart(facts=(fact,)))
