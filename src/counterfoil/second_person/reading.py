"""Questions others may ask about requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, bindparam, or_, select

from counterfoil.basis import NotOpened, canonical_uuid
from counterfoil.factors import Means
from counterfoil.people import WITH_CODE, Actor, rules_of
from counterfoil.second_person.faults import REQUEST_OVER
from counterfoil.second_person.may import others_of
from counterfoil.second_person.request import OFFICE_LIFE_MICROS, Kept, Request, as_request
from counterfoil.second_person.states import OPEN, RequestState
from counterfoil.second_person.tables import LIVE, second_request
from counterfoil.store import Store, by_key


def is_open() -> ColumnElement[bool]:
    """Whether a row of a request is not decided yet."""
    return or_(*(second_request.c.state == state.value for state in OPEN))


ROWS: Final = 50
OPEN_MAX: Final = 200
_ALL: Final = select(second_request).where(second_request.c.merchant_id == bindparam("merchant_id"))
_ONE: Final = by_key(_ALL.where(second_request.c.id == bindparam("id")))
_OPEN: Final = (
    _ALL.where(LIVE)
    .where(is_open())
    .where(second_request.c.ends_at > bindparam("now"))
    .order_by(second_request.c.ends_at, second_request.c.id)
    .limit(OPEN_MAX)
)
_LIVE: Final = (
    _ALL.where(LIVE)
    .where(second_request.c.ends_at > bindparam("since"))
    .order_by(second_request.c.ends_at, second_request.c.id)
    .limit(OPEN_MAX)
)
_PAGE: Final = (
    _ALL.where(
        or_(
            second_request.c.asked_at < bindparam("at"),
            (second_request.c.asked_at == bindparam("at")) & (second_request.c.id < bindparam("id")),
        )
    )
    .order_by(second_request.c.asked_at.desc(), second_request.c.id.desc())
    .limit(ROWS + 1)
)
_LATEST: Final = (9_000_000_000_000_000, "ffffffff-ffff-ffff-ffff-ffffffffffff")


@dataclass(frozen=True, slots=True)
class RequestPage:
    """At most 50, newest first; ``next`` is what asks for those after them."""

    items: tuple[Request, ...]
    next: str | None


async def request_by_id(store: Store, merchant_id: int, request_id: str) -> Request | None:
    """One of them; None for an id that nobody has, or that can be none."""
    try:
        request_id = canonical_uuid(request_id)
    except ValueError:
        return None
    row = await store.fetch_one(_ONE, {"merchant_id": merchant_id, "id": request_id})
    return as_request(row) if row else None


async def find_requests(store: Store, merchant_id: int, after: str = "") -> RequestPage:
    """All requests of the merchant, also those that are decided. Anything that is no ``next`` begins anew."""
    place = _place(after)
    rows = await store.fetch(_PAGE, {"merchant_id": merchant_id, "at": place[0], "id": place[1]})
    items = tuple(as_request(row) for row in rows[:ROWS])
    return RequestPage(items, f"{items[-1].asked_at}.{items[-1].id}" if len(rows) > ROWS else None)


def _place(after: str) -> tuple[int, str]:
    at, _, last = after.partition(".")
    try:
        return max(0, min(int(at), _LATEST[0])), canonical_uuid(last)
    except ValueError:
        return _LATEST


@dataclass(frozen=True, slots=True)
class Inbox:
    """What concerns one person, the most urgent first: for them to decide, for them to carry out, for others to decide.

    A request of their own is theirs to decide only where they stand alone; to carry out where it was approved and may
    give a code (``WITH_CODE``), which they alone are shown.
    """

    to_decide: tuple[Request, ...] = ()
    to_carry_out: tuple[Request, ...] = ()
    asked: tuple[Request, ...] = ()

    @property
    def count(self) -> int:
        """How many wait for this person."""
        return len(self.to_decide) + len(self.to_carry_out)


async def inbox(means: Means, actor: Actor) -> Inbox:
    """What waits for this person, and for others at their asking. Costs one small query where nothing waits at all."""
    now = means.clock.now()
    since = {"merchant_id": actor.merchant_id, "since": now - OFFICE_LIFE_MICROS}
    rows = [as_request(row) for row in await means.store.fetch(_LIVE, since)]
    if not rows:
        return Inbox()
    mine = [one for one in rows if one.asked_by == actor.person_id]
    to_decide = await _to_decide(means, actor, [one for one in rows if one.state_at(now) in OPEN])
    return Inbox(
        to_decide=to_decide,
        to_carry_out=tuple(
            one for one in mine if one.state is RequestState.APPROVED and one.act in WITH_CODE and not one.left(now)
        ),
        asked=tuple(one for one in mine if one.state_at(now) in OPEN and one not in to_decide),
    )


async def _to_decide(means: Means, actor: Actor, open_: list[Request]) -> tuple[Request, ...]:
    if not open_:
        return ()
    rules = {rule.act: rule for rule in await rules_of(means.store, actor.merchant_id)}
    found = []
    for one in open_:
        others = await others_of(means.people, one.merchant_id, rules[one.act], one.asked_by, one.shop_id)
        own = one.alone and one.asked_by == actor.person_id and not others.count
        if own or (actor.person_id in others.now and actor.person_id != one.first_by):
            found.append(one)
    return tuple(found)


async def waiting_at(store: Store, merchant_id: int, terminal_id: str, now: int) -> list[Request]:
    """What was asked for at that terminal and is not decided yet."""
    rows = await store.fetch(_OPEN, {"merchant_id": merchant_id, "now": now})
    return [as_request(row) for row in rows if row["terminal_id"] == terminal_id]


def opened(means: Means, request: Request) -> Kept:
    """What was sealed with it. Raises Refused CF-2160 where it has ended, or its key is gone."""
    sealed = request.row["sealed"]
    if sealed is None:
        raise REQUEST_OVER()
    try:
        text = means.vault.open(bytes(sealed), place=place_of(request.merchant_id, request.id))
    except NotOpened as error:
        raise REQUEST_OVER() from error
    return msgspec.json.decode(text, type=Kept)


def place_of(merchant_id: int, request_id: str) -> str:
    """Where what is sealed belongs, so that it opens nowhere else."""
    return f"second_request|sealed|{merchant_id}|{request_id}"
