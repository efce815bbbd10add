"""Wrong tries become facts once their minute is over.

Whose number or login it is, if anybody's, is looked up only now, long after whoever tried was answered. So neither the
answer, nor its time, nor how many facts there are says whether somebody is there. What was typed as a login stands in
no fact; a till number does where it is somebody's: what is nobody's may be a password typed into the wrong field.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from counterfoil.basis import rfc3339
from counterfoil.people.facts import PERSON_TRIED
from counterfoil.people.logins.email import find_login
from counterfoil.people.means import Means
from counterfoil.people.reading import person_row
from counterfoil.people.wrong_tries import WrongTry
from counterfoil.store import Change, Fact

_FACTS_MAX: Final = 32


async def write_wrong_tries(means: Means, *, everything: bool = False) -> int:
    """Write the facts that are due, one Change a merchant at a time; how many. ``everything`` at a clean end."""
    due = means.wrong_tries.due(means.clock.now(), everything=everything)
    for merchant_id, group in groupby(due, key=lambda pair: pair[0].merchant_id):
        pairs = list(group)
        for start in range(0, len(pairs), _FACTS_MAX):
            some = pairs[start : start + _FACTS_MAX]
            facts = tuple([await _fact(means, one, count) for one, count in some])
            await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, facts=facts))
            means.wrong_tries.written(some)
    return len(due)


async def _fact(means: Means, one: WrongTry, count: int) -> Fact:
    whose = await _whose(means, one)
    return PERSON_TRIED.fact(
        at=means.clock.now(),
        subject=whose,
        terminal=one.terminal_id or None,
        number=one.what if one.terminal_id and whose else None,
        code=one.code,
        minute=rfc3339(one.minute),
        count=count,
    )


async def _whose(means: Means, one: WrongTry) -> str | None:
    """The id of the person whose number or login it is; None where it is nobody's."""
    if one.terminal_id:
        row = await person_row(means.store, one.merchant_id, one.what)
    else:
        found = await find_login(means.store, one.merchant_id, one.what) if one.what else None
        row = found[1] if found else None
    return None if row is None else str(row["id"])
