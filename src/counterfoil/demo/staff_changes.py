"""What happens to the people of the shops in the made-up year: two leave, two begin, and a password on a day off."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from counterfoil.basis import Fault, Secret, from_rfc3339, insist
from counterfoil.demo.cast import MERCHANT_ID, name_of, operator_number, supervisor_number, terminal_number
from counterfoil.demo.circumstances import SUCCESSIONS, Succession, leave, staff
from counterfoil.demo.day import OFFSET
from counterfoil.demo.history_clock import HistoryClock, HistoryEntropy
from counterfoil.evidence import timeline
from counterfoil.people import (
    ALLOWED,
    Actor,
    Means,
    NewPerson,
    Permission,
    Role,
    add_operator,
    approve,
    authenticate_session,
    finish_password,
    person_by_number,
    sign_in,
    sign_out,
    switch_operator,
    terminals,
)

# What the administrator gives a new colleague for the first sign-in; they set their own there.
_GIVEN: Final = "the first day, once"
_MORNING: Final = "06:40:00"
_TRIED: Final = "19:12:35"
_TRIES: Final = 5
# Stands for the digest of a request where it never comes to one.
_NOTHING_ASKED: Final = "0" * 64


class Event(NamedTuple):
    """Something that happens at a time (UTC microseconds); it makes sure itself that it happens once."""

    at: int
    happens: Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Through what people are changed, by whom (an administrator), and everybody's passwords by number."""

    means: Means
    clock: HistoryClock
    entropy: HistoryEntropy
    actor: Actor
    passwords: Mapping[str, str]


class StaffChanges:
    """Lets them happen, each at its time, and ``also`` what else an administrator does."""

    def __init__(self, company: Company, opened: date, today: date, also: Sequence[Event] = ()) -> None:
        """Only what lies behind the day of the opening."""
        self._company = company
        self._today = today
        events = [
            Event(_at(each.begins(today), _MORNING), _Handover(company, each).happens)
            for each in SUCCESSIONS
            if each.begins(today) > opened
        ]
        shop, day = leave(today)
        if day > opened:
            away = _DayOff(company, shop, staff(shop, day, today)[0])
            events += [
                Event(_at(day, _MORNING), away.begins),
                Event(_at(day, _TRIED), away.is_tried),
                Event(_at(day + timedelta(days=1), _MORNING), away.ends),
            ]
        self._events = sorted([*events, *also])

    def times(self) -> Sequence[int]:
        """When something happens."""
        return [event.at for event in self._events]

    def due(self, at: int) -> bool:
        """Whether something happens until ``at``."""
        return bool(self._events) and self._events[0].at <= at

    async def happen(self, at: int) -> None:
        """Let happen what is due."""
        while self.due(at):
            event = self._events.pop(0)
            self._company.clock.stand_at(event.at)
            self._company.entropy.turn_to(str(event.at))
            await event.happens()


@dataclass(frozen=True, slots=True)
class _Handover:
    """Somebody has left, and their successor begins under a number of their own."""

    company: Company
    change: Succession

    async def happens(self) -> None:
        """The one is disabled, the other added."""
        company = self.company
        left = await _id_of(company, operator_number(self.change.shop, self.change.person))
        await switch_operator(company.means, company.actor, left, on=False)
        number = operator_number(self.change.shop, self.change.successor)
        if not await _id_of(company, number):
            own = Secret(company.passwords[number])
            given = Secret(f"{_GIVEN} {number}")
            new = NewPerson(number=number, name=name_of(number), role=Role.CASHIER, password=given)
            await add_operator(company.means, company.actor, new)
            await self._begins(number, given, own)

    async def _begins(self, number: str, given: Secret[str], own: Secret[str]) -> None:
        """They sign in once with the password they were given, and set their own."""
        means, place = self.company.means, terminal_number(self.change.shop, 0)
        at = next(one.id for one, _ in await terminals(means.store, MERCHANT_ID) if one.number == place)
        begun = await sign_in(means, merchant_id=MERCHANT_ID, terminal_id=at, number=number, password=given)
        token = await finish_password(means, begun.session, own)
        session, _ = await authenticate_session(means, token.reveal())
        await sign_out(means, session)


@dataclass(frozen=True, slots=True)
class _DayOff:
    """A supervisor is disabled for a day, and somebody tries their password meanwhile until the number is locked."""

    company: Company
    shop: int
    cashier: int

    async def begins(self) -> None:
        """Disabled in the morning."""
        if not await self._happened("person.disabled"):
            await self._switch(on=False)

    async def is_tried(self) -> None:
        """Refused, the last time with a lock, which stands in the log."""
        company, number = self.company, supervisor_number(self.shop)
        if await self._happened("person.locked"):
            return
        places = await terminals(company.means.store, MERCHANT_ID)
        cashier = Actor(
            merchant_id=MERCHANT_ID,
            person_id=await _id_of(company, operator_number(self.shop, self.cashier)),
            permissions=ALLOWED[Role.CASHIER],
            auth="pin+term",
            terminal_id=next(place.id for place, _ in places if place.number == terminal_number(self.shop, 0)),
        )
        for _ in range(_TRIES):
            try:
                await approve(
                    company.means,
                    cashier,
                    number,
                    Secret(company.passwords[number]),
                    Permission.VOID,
                    request_sha256=_NOTHING_ASKED,
                )
            except Fault:
                continue
            insist(condition=False, why="who is off allows nothing")

    async def ends(self) -> None:
        """Back the next morning."""
        if not await self._happened("person.enabled"):
            await self._switch(on=True)

    async def _switch(self, *, on: bool) -> None:
        person_id = await _id_of(self.company, supervisor_number(self.shop))
        await switch_operator(self.company.means, self.company.actor, person_id, on=on)

    async def _happened(self, kind: str) -> bool:
        person_id = await _id_of(self.company, supervisor_number(self.shop))
        leaves = await timeline(self.company.means.store, MERCHANT_ID, person_id)
        return any(said["type"] == kind for _, said in leaves)


async def _id_of(company: Company, number: str) -> str:
    """The id of whoever has the number; nothing where nobody has it yet."""
    found = await person_by_number(company.means.store, MERCHANT_ID, number)
    return found.id if found else ""


def _at(day: date, time: str) -> int:
    return from_rfc3339(f"{day.isoformat()}T{time}{OFFSET}")
