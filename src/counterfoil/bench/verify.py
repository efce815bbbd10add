"""``bench verify``: leaves a second that ``counterfoil verify`` reads and proves, beside the bare hashing of them."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from counterfoil.app import App
from counterfoil.basis import Clock
from counterfoil.bench.acts import take_for
from counterfoil.bench.faults import DID_NOT_RUN
from counterfoil.bench.house import MERCHANTS, open_house
from counterfoil.bench.machine import machine
from counterfoil.bench.report import Report
from counterfoil.bench.rounds import Contestant, OnProgress, Taken, rows_of, take_turns
from counterfoil.evidence import Against, leaf_hash, registry, root_of, verify
from counterfoil.payments import DayTotalsFold

CALLERS: Final = 256


async def measure_verify(folder: Path, clock: Clock, on_progress: OnProgress, seconds: float) -> Report:
    """Take payments for ``seconds``, then verify all of it again and again. Raises Refused CF-7203 where it fails."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder) as made:
        place = Path(made)
        found = machine(place, clock)
        async with open_house(place / "data") as house:
            await take_for(house, CALLERS, seconds)
            await house.app.signer.sign_all()
            first = await _verify(house.app, 0)
            contestants = [
                Contestant(
                    name="hashing only", engine="python", records=first.count, run=partial(_hash, clock, first.count)
                ),
                Contestant(
                    name="verify", engine="sqlite", records=first.count, run=partial(_verify, house.app), against=0
                ),
            ]
            rounds = await take_turns(contestants, 0, on_progress)
        return Report(title="Verify", machine=found, rows=tuple(rows_of(contestants, rounds)), notes=_NOTES)


async def _verify(app: App, _seconds: float) -> Taken:
    """All that ``counterfoil verify`` checks: leaves, rows, sums, checkpoints, tiles."""
    begun = app.clock.monotonic()
    against = Against(app.data, app.log_key.public_key, registry(), app.clock.now(), (DayTotalsFold(app.store),))
    report = await verify(app.store, against, on_progress=lambda _done, _of: None, all_=False)
    if not report.sound or report.merchants != MERCHANTS:
        raise DID_NOT_RUN(why="verify")
    return Taken(count=report.leaves, seconds=app.clock.monotonic() - begun)


async def _hash(clock: Clock, leaves: int, _seconds: float) -> Taken:
    """The least that can be done: the root over as many leaves of a usual length."""
    begun = clock.monotonic()
    root_of(leaf_hash(number.to_bytes(8, "big") * _LEAF_EIGHTHS) for number in range(leaves))
    return Taken(count=leaves, seconds=clock.monotonic() - begun)


_LEAF_EIGHTHS: Final = 90  # 720 bytes
_NOTES: Final = (
    (
        "`verify` reads every leaf from the store, checks that it is canonical, hashes it into the tree, follows the "
        "digest of every row and the sums of every day, and checks signatures and tiles; one process."
    ),
    "`hashing only`: the same number of leaves of 720 bytes, hashed into a tree in memory.",
)
