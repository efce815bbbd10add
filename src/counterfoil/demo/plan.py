"""What happened before the demonstration was started: a plan out of a seed and a moment, the same for the same two.

The days before today hold exactly ``PAYMENTS`` payments, declined attempts apart; today is only as full as the clock
says. What lies before a later moment of the same day is the same, so a log made later in the day begins with the same
leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339, local_day, local_time
from counterfoil.demo.act import Act, Sale, Undo, sale_of
from counterfoil.demo.circumstances import staff
from counterfoil.demo.day import OFFSET, ShopDay
from counterfoil.demo.draws import Draws
from counterfoil.demo.shops import SHOPS, ZONE
from counterfoil.demo.steps import last_at

PAYMENTS: Final = 50_000
# Nothing of the plan is newer than this before the start, except the one payment whose outcome nobody knows yet.
_SETTLED: Final = 90 * MICROS
_WAITING_SINCE: Final = 40 * MICROS
_AFTER_THE_LAST: Final = 30 * MICROS
NOT_PAID: Final = frozenset({"declined", "closed"})
_OPENED_AT: Final = "09:00:00"


@dataclass(frozen=True, slots=True)
class Plan:
    """``acts`` in the order of their times, the last of them the payment that waits; ``opened``: when it all began."""

    seed: str
    today: date
    opened: int
    acts: tuple[Act, ...]


def make_plan(seed: str, until: int, payments: int = PAYMENTS) -> Plan:
    """The plan of ``seed`` until the moment ``until`` (UTC microseconds), with so many payments before today."""
    today = date.fromisoformat(local_day(until, ZONE, 0))
    acts: list[Act] = []
    day, count = today, 0
    while count < payments:
        day -= timedelta(days=1)
        happened = _day(seed, day, today)
        count += sum(map(_counts, happened))
        acts += happened
    acts = _without_the_first(acts, count - payments) + _day(seed, today, today)
    past = sorted((act for act in acts if last_at(act) <= until - _SETTLED), key=_at)
    opened = from_rfc3339(f"{day - timedelta(days=1)}T{_OPENED_AT}{OFFSET}")
    return Plan(seed, today, opened, (*_apart(past), _waiting(seed, today, past, until)))


def _apart(acts: list[Act]) -> Iterator[Act]:
    """Each a moment later than the one before, so that times only grow; an undo follows its sale wherever that went."""
    last, moved = 0, dict[int, Sale]()
    for act in acts:
        at = max(act.at, last + 1)
        last = at
        if isinstance(act, Undo):
            sale = moved[id(act.sale)]
            yield replace(act, at=at, sale=sale)
        else:
            moved[id(act)] = act if at == act.at else replace(act, at=at)
            yield moved[id(act)]


def _counts(act: Act) -> bool:
    """A payment that came about; what was declined or never scanned stands on top of those."""
    return isinstance(act, Sale) and act.ends not in NOT_PAID


def _day(seed: str, day: date, today: date) -> list[Act]:
    return [act for index in range(len(SHOPS)) for act in ShopDay(seed, index, day, today).acts()]


def _without_the_first(acts: list[Act], too_many: int) -> list[Act]:
    """Without the first payments, the declined attempts between them, and whatever undid them."""
    gone: set[int] = set()
    for sale in sorted((act for act in acts if isinstance(act, Sale)), key=_at):
        if not too_many:
            break
        gone.add(id(sale))
        too_many -= _counts(sale)
    return [act for act in acts if id(sale_of(act)) not in gone]


def _at(act: Act) -> int:
    return act.at


def _waiting(seed: str, today: date, past: list[Act], until: int) -> Sale:
    """The payment whose outcome is not known: just now where the shop is open, else the last one of the day."""
    shop, now = SHOPS[0], local_time(until, ZONE)
    is_open = shop.opens <= now.hour * 60 + now.minute < shop.closes
    last = past[-1].at if past else until - _WAITING_SINCE
    draws = Draws(f"{seed}/waiting")
    return Sale(
        at=max(until - _WAITING_SINCE, last + 1) if is_open else last + _AFTER_THE_LAST,
        shop=0,
        terminal=0,
        operator=staff(0, today, today)[draws.below(shop.staff)],
        wallet="wechat",
        amount_minor=draws.between(8, 60) * 100,
        takes=0,
        ends="unknown",
    )
