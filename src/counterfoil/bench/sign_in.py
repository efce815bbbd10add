"""Whether the time of a refusal tells who has a login: an address that somebody has beside one that nobody has.

Pairs of wrong sign-ins in the office, one of each kind right after the other, which goes first taking turns. An address
is tried four times at most, since the fifth would begin a pause; so there are many of both kinds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from counterfoil.app import App, open_app
from counterfoil.basis import Clock, Refused, Secret, Settings
from counterfoil.bench.faults import DID_NOT_RUN
from counterfoil.bench.machine import Machine, machine
from counterfoil.bench.report import Report, Row
from counterfoil.bench.rounds import OnProgress
from counterfoil.people import (
    OFFICE_WRONG,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    Role,
    nothing_more,
    open_merchant,
    sign_in_office,
)

PAIRS: Final = 1000
PAIRS_QUICK: Final = 100
_MERCHANT: Final = 1
_TRIES: Final = 4
_MILLIS: Final = 1000
_HUNDREDTHS: Final = 100
_RIGHT: Final = "not a secret 12, not at all"
_WRONG: Final = "never the right one of anybody"


async def measure_sign_in(folder: Path, clock: Clock, on_progress: OnProgress, pairs: int) -> Report:
    """Both kinds in pairs. Raises Refused CF-7203 where a sign-in is answered anything but that it is wrong."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder) as made:
        place = Path(made)
        found = machine(place, clock)
        async with open_app(place / "data", Settings()) as app:
            await _furnish(app, -(-pairs // _TRIES))
            taken = await _take(app, pairs, on_progress)
        return _report(found, taken)


async def _take(app: App, pairs: int, on_progress: OnProgress) -> dict[bool, list[float]]:
    """The seconds of each try, by whether somebody has the address."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number, (known, unknown) in enumerate(_addresses(pairs)):
        # Each goes first in half of the pairs, so that what the first warms favours neither.
        for has in (True, False) if number % 2 else (False, True):
            taken[has].append(await _refused(app, known if has else unknown))
        on_progress(number + 1, pairs)
    return taken


def _addresses(pairs: int) -> Iterator[tuple[str, str]]:
    for number in range(pairs):
        who = number // _TRIES
        yield f"known{who:05}@example.com", f"other{who:05}@example.com"


async def _furnish(app: App, accounts: int) -> None:
    people = tuple(
        NewPerson(
            number=None,
            name=f"{n:05}",
            role=Role.AUDITOR if n else Role.ADMINISTRATOR,
            email=f"known{n:05}@example.com",
            office_password=Secret(_RIGHT),
        )
        for n in range(accounts)
    )
    shop = NewShop(name="Shop", terminals=(NewTerminal(number="T01", label="1"),))
    await open_merchant(app.people, NewMerchant(merchant_id=_MERCHANT, name="Merchant", shops=(shop,), persons=people))


async def _refused(app: App, email: str) -> float:
    """The seconds until it is said that it is wrong."""
    begun = app.clock.monotonic()
    try:
        await sign_in_office(
            app.people, merchant_id=_MERCHANT, email=email, password=Secret(_WRONG), ask_more=nothing_more
        )
    except Refused as fault:
        if fault.kind is OFFICE_WRONG:
            return app.clock.monotonic() - begun
    raise DID_NOT_RUN(why="sign-in")


def _report(found: Machine, taken: dict[bool, list[float]]) -> Report:
    names = {True: "an address somebody has", False: "an address nobody has"}
    ratio = median(taken[True]) / median(taken[False])
    rows = tuple(
        Row(
            name=names[has],
            engine="sqlite",
            records=len(taken[has]),
            per_second=1 / median(taken[has]),
            p50_ms=_MILLIS * median(taken[has]),
            p99_ms=_MILLIS * quantiles(taken[has], n=_HUNDREDTHS)[-1],
            reference=names[False] if has else None,
            ratio=1 / ratio if has else None,
        )
        for has in (False, True)
    )
    difference = f"The medians of {len(taken[True])} pairs differ by {abs(ratio - 1):.1%}; the goal is under 5 %."
    return Report(title="Sign-in", machine=found, rows=rows, notes=(difference,))
