"""A request as others see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import MICROS, Language
from counterfoil.people import Act, Permission
from counterfoil.second_person.states import OPEN, RequestState
from counterfoil.store import Row

OFFICE_LIFE_MICROS: Final = 24 * 3600 * MICROS
TILL_LIFE_MICROS: Final = 10 * 60 * MICROS
# 冷静期: how long it takes where there are fewer others than the rule asks for, be it one or nobody at all.
COOLING_MICROS: Final = 24 * 3600 * MICROS
# For how long whoever could approve still counts after they were disabled, or lost their login or role. Within a week
# they, or the owner, are in the shop again and see it, or somebody takes their place; longer, and a shop whose other
# administrator is really gone could do nothing that needs one.
GONE_MICROS: Final = 7 * 24 * 3600 * MICROS


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """申请: what somebody asked to do. Times are UTC microseconds, persons are ids.

    ``request_sha256`` is the deed's digest. ``lends`` is the permission the requester lacks and the approver gives.
    ``persons``: how many have to approve. ``alone``: nobody else may, so the requester does. Before ``ripe_at`` whoever
    is there in place of more approves nothing: the requester alone, or the one other where the rule asks for two.
    ``why`` is a fault's code where it was approved and could not be carried out.
    """

    merchant_id: int
    id: str
    act: Act
    asked_by: str
    terminal_id: str | None
    shop_id: str | None
    lends: Permission | None
    amount_minor: int | None
    request_sha256: str
    persons: int
    alone: bool
    asked_at: int
    ripe_at: int
    ends_at: int
    asked_approval_id: str | None
    state: RequestState
    first_by: str | None
    approved_by: str | None
    ended_by: str | None
    ended_at: int | None
    why: str | None
    reason: str | None
    row: Row

    @property
    def cools(self) -> bool:
        """Whether it was asked for where fewer others were there than the rule asks for."""
        return self.ripe_at > self.asked_at

    def state_at(self, now: int) -> RequestState:
        """Where it stands at ``now``. A clock that was set back before the asking makes it over, too."""
        if self.state in OPEN and not self.asked_at <= now < self.ends_at:
            return RequestState.EXPIRED
        return self.state

    @property
    def left_at(self) -> int:
        """Until when what was approved has to be carried out by whoever asked."""
        return self.ends_at + OFFICE_LIFE_MICROS

    def left(self, now: int) -> bool:
        """Whether whoever asked left it undone, after it was approved, until it was void."""
        return self.state is RequestState.APPROVED and now >= self.left_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was sealed with it: the form, what the address named, the deed's canonical text, the language it was in."""

    form: Mapping[str, str]
    path: Mapping[str, str]
    deed: str
    language: Language


def as_request(row: Row) -> Request:
    """The record of a row."""
    names = (name for name in Request.__dataclass_fields__ if name not in _MADE)
    return Request(
        **{name: row[name] for name in names},
        act=Act(row["act"]),
        lends=Permission(row["lends"]) if row["lends"] else None,
        alone=bool(row["alone"]),
        state=RequestState(row["state"]),
        row=row,
    )


_MADE: Final = frozenset({"act", "lends", "alone", "state", "row"})
