"""设自己的密码: whoever has signed in with a till password that somebody else typed sets their own, before all else."""

from __future__ import annotations

from counterfoil.basis import Secret
from counterfoil.people.change_password import fit_for, goes_on_with, own_at_till
from counterfoil.people.faults import PASSWORD_SAME, SESSION_ENDED, SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.person import Session
from counterfoil.people.reading import as_person, person, person_row
from counterfoil.people.session import ROUNDS_MAX, end_sessions
from counterfoil.people.shapes import new_token
from counterfoil.store import Change, Lost


async def finish_password(means: Means, session: Session, new: Secret[str], *, enrolled: bool = False) -> Secret[str]:
    """Set it; the session goes on under the answer and may from now on what the person may.

    The session is the proof: it was begun with the given password, once, and nothing else can be done in it.
    ``enrolled`` as in ``sign_in``. Raises Refused CF-2027 (the same as the given one), CF-2005, CF-2042, CF-2137 and
    CF-2138 (unfit), CF-2003 (ended meanwhile, in the office, or they have their own); Trouble CF-2010.
    """
    # 1 what shall be
    if session.terminal_id is None:
        raise SESSION_ENDED()
    fit = await fit_for(means, session, new, enrolled=enrolled)
    token = new_token(means.entropy, session.merchant_id)
    for _ in range(ROUNDS_MAX):
        # 2 it is given and not theirs yet, and the new one is another
        who = await person(means.store, session.merchant_id, session.person_id)
        row = await person_row(means.store, session.merchant_id, (who and who.number) or "")
        if who is None or row is None or as_person(row).has_own_password:
            raise SESSION_ENDED()
        if await means.hasher.matches(row["password_hash"], fit):
            raise PASSWORD_SAME(field="new")
        # 3 the new hash, the session's new token, the end of the others and the fact are one Change
        changed = await own_at_till(means, session.terminal_id, who, fit, means.clock.now())
        part = await goes_on_with(means, session, token, changed)
        try:
            await means.store.commit(
                Change(
                    change_id=means.ids.uuid(),
                    merchant_id=session.merchant_id,
                    guards=part.guards,
                    requires=part.requires,
                    drops=part.drops,
                    facts=part.facts,
                )
            )
        except Lost:
            continue
        # 4 a sign-in with the old password may have been committed just before; from here on none can be
        await end_sessions(means, session.merchant_id, but=session.id, person_id=session.person_id)
        return token
    raise SIGN_IN_BUSY()
