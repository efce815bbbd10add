"""What was refused to somebody known: one fact for each actor, act, code and minute, with how often.

Counted in memory and written once the minute is over, so that a client that repeats a refused call a thousand times
leaves one leaf. A crash loses the count of the running minute; the refusals themselves stand in the server's log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from counterfoil.basis import MICROS, Clock, Fault, rfc3339
from counterfoil.people.facts import ACT_REFUSED
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor
from counterfoil.store import Change, Fact

_MINUTE_MICROS: Final = 60 * MICROS
_FACTS_MAX: Final = 32


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Who was refused what, with which code, in which minute (UTC microseconds of its beginning)."""

    merchant_id: int
    person_id: str
    act: str
    code: str
    minute: int


class Refusals:
    """The refusals not yet written; one for a process, made in ``app``."""

    def __init__(self, clock: Clock) -> None:
        """Count by ``clock``'s minutes."""
        self._clock = clock
        self._counts: Counter[Refusal] = Counter()

    def note(self, actor: Actor, act: str, fault: Fault) -> None:
        """Count a refusal of ``act`` (its short name, such as ``void``). Called by a door once it knows the actor."""
        minute = self._clock.now() // _MINUTE_MICROS * _MINUTE_MICROS
        self._counts[Refusal(actor.merchant_id, actor.person_id, act, fault.kind.code, minute)] += 1

    def due(self, *, everything: bool = False) -> list[tuple[Refusal, int]]:
        """Those of past minutes, or of the running one too; in a fixed order."""
        now = self._clock.now()
        past = [one for one in self._counts if everything or one.minute + _MINUTE_MICROS <= now]
        return [(one, self._counts[one]) for one in sorted(past)]

    def written(self, some: Sequence[tuple[Refusal, int]]) -> None:
        """Forget what is in the log now; what came in between stays."""
        for one, count in some:
            self._counts[one] -= count
            if not self._counts[one]:
                del self._counts[one]


async def write_refusals(means: Means, refusals: Refusals, *, everything: bool = False) -> int:
    """Write the facts that are due, one Change a merchant at a time; how many. ``everything`` at a clean end."""
    due = refusals.due(everything=everything)
    for merchant_id, group in groupby(due, key=lambda pair: pair[0].merchant_id):
        pairs = list(group)
        for start in range(0, len(pairs), _FACTS_MAX):
            some = pairs[start : start + _FACTS_MAX]
            facts = tuple(_fact(means.clock.now(), one, count) for one, count in some)
            await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, facts=facts))
            refusals.written(some)
    return len(due)


def _fact(now: int, one: Refusal, count: int) -> Fact:
    return ACT_REFUSED.fact(
        at=now,
        actor=one.person_id,
        subject=one.person_id,
        act=one.act,
        code=one.code,
        minute=rfc3339(one.minute),
        count=count,
    )
