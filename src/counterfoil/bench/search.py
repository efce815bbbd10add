"""How long a page of records takes, by the size of the database and by what is asked.

The reference is one payment read by its key, in the same rounds: what any read costs on this engine at this moment.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.basis import Clock
from counterfoil.bench.made_records import MadeRecords
from counterfoil.bench.questions import QUESTIONS, Question
from counterfoil.payments import load
from counterfoil.records import Find, Means, find

ROUNDS: Final = 5
DEEP_PAGES: Final = 20
_MERCHANTS_READ: Final = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of one question in one round, sorted, and those of the reference beside it."""

    name: str
    millis: tuple[float, ...]
    reference: tuple[float, ...]


async def search_rounds(means: Means, made: MadeRecords, clock: Clock, *, asks: int) -> list[Taken]:
    """Every question ``asks`` times in each of the rounds, in turn with the reference."""
    draw, taken = random.Random(made.seed), list[Taken]()
    ids = await _some_ids(means, made, draw)
    for _ in range(ROUNDS):
        for name, question in QUESTIONS.items():
            millis, reference = list[float](), list[float]()
            for asked in _asked(made, question, draw, asks):
                millis.append(await _timed_page(means, clock, *asked))
                reference.append(await _timed_key(means, clock, *draw.choice(ids)))
            taken.append(Taken(name, tuple(sorted(millis)), tuple(sorted(reference))))
        deep = [await _timed_deep(means, clock, made.some_merchant(draw)) for _ in range(max(1, asks // DEEP_PAGES))]
        taken.append(Taken(f"page {DEEP_PAGES}", tuple(sorted(deep)), ()))
    return taken


def _asked(made: MadeRecords, question: Question, draw: random.Random, asks: int) -> Iterator[tuple[int, Find]]:
    for _ in range(asks):
        merchant = made.some_merchant(draw)
        yield merchant, question(made, draw, merchant)


async def _some_ids(means: Means, made: MadeRecords, draw: random.Random) -> list[tuple[int, str]]:
    merchants = [made.some_merchant(draw) for _ in range(_MERCHANTS_READ)]
    return [(each, one.id) for each in merchants for one in (await find(means, each, Find())).items]


async def _timed_page(means: Means, clock: Clock, merchant: int, asked: Find) -> float:
    began = clock.monotonic()
    await find(means, merchant, asked)
    return (clock.monotonic() - began) * 1000


async def _timed_key(means: Means, clock: Clock, merchant: int, payment_id: str) -> float:
    began = clock.monotonic()
    await load(means.store, merchant, payment_id)
    return (clock.monotonic() - began) * 1000


async def _timed_deep(means: Means, clock: Clock, merchant: int) -> float:
    """The last of so many pages on."""
    asked, millis = Find(), 0.0
    for _ in range(DEEP_PAGES):
        began = clock.monotonic()
        page = await find(means, merchant, asked)
        millis = (clock.monotonic() - began) * 1000
        if page.next is None:
            break
        asked = replace(asked, after=page.next)
    return millis
