"""The worker's rounds. Each is safe to run twice and goes on after a trouble; what is due stays due.

Every process drives payments and writes the refusals and wrong tries it counted; of several on one database one signs,
and one does the chores.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeAlias

import structlog

from counterfoil.app import App
from counterfoil.doors.worker.evidence import tell_evidence
from counterfoil.evidence import Thinning
from counterfoil.factors import drop_over
from counterfoil.payments import (
    clear_notices,
    hasten_queued,
    heed_notices,
    refresh_usual,
    resolve_due,
    resolve_left_open,
)
from counterfoil.people import drop_stale, write_refusals, write_wrong_tries
from counterfoil.providers import drop_old_pulses, keep_pulses
from counterfoil.second_person import expire

RESOLVE_EVERY_SECONDS: Final = 1.0
HEED_EVERY_SECONDS: Final = 1.0
HASTEN_EVERY_SECONDS: Final = 15.0
USUAL_EVERY_SECONDS: Final = 60.0
REFUSALS_EVERY_SECONDS: Final = 20.0
PULSES_EVERY_SECONDS: Final = 15.0
TELL_EVERY_SECONDS: Final = 20.0
THIN_EVERY_SECONDS: Final = 20.0
STALE_EVERY_SECONDS: Final = 60.0
CLEAR_EVERY_SECONDS: Final = 600.0
_Work: TypeAlias = Callable[[], Awaitable[object]]
_Round: TypeAlias = tuple[str, float, _Work]
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def working(app: App) -> AsyncIterator[None]:
    """Begin with what a crash may have left open, then run the rounds until the block ends."""
    await _round("resolve_left_open", lambda: resolve_left_open(app.payments))
    loop = asyncio.get_running_loop()
    thinning = Thinning(app.store, clock=app.clock, ids=app.ids)
    rounds: list[_Round] = [
        ("resolve_due", RESOLVE_EVERY_SECONDS, lambda: resolve_due(app.payments)),
        ("write_refusals", REFUSALS_EVERY_SECONDS, lambda: write_refusals(app.people, app.refusals)),
        ("write_wrong_tries", REFUSALS_EVERY_SECONDS, lambda: write_wrong_tries(app.people)),
        ("keep_pulses", PULSES_EVERY_SECONDS, lambda: _keep_pulses(app)),
    ]
    if app.chores is not None:
        rounds.append(("tell_evidence", TELL_EVERY_SECONDS, lambda: tell_evidence(app)))
    chores: list[_Round] = [
        ("heed_notices", HEED_EVERY_SECONDS, lambda: heed_notices(app.payments)),
        ("hasten_queued", HASTEN_EVERY_SECONDS, lambda: hasten_queued(app.payments)),
        ("refresh_usual", USUAL_EVERY_SECONDS, lambda: refresh_usual(app.payments)),
        ("thin", THIN_EVERY_SECONDS, thinning.round),
        ("drop_stale", STALE_EVERY_SECONDS, lambda: drop_stale(app.people)),
        ("drop_over", STALE_EVERY_SECONDS, lambda: drop_over(app.factors)),
        ("expire_requests", STALE_EVERY_SECONDS, lambda: expire(app.factors)),
        ("clear_notices", CLEAR_EVERY_SECONDS, lambda: clear_notices(app.payments)),
        ("drop_old_pulses", STALE_EVERY_SECONDS, lambda: drop_old_pulses(app.store, app.ids, app.clock.now())),
    ]
    rounds += [(name, every, partial(_on_duty, app, work)) for name, every, work in chores]
    tasks = [loop.create_task(_rounds(app, *each)) for each in rounds]
    tasks.append(loop.create_task(app.signer.run()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _round("write_refusals", lambda: write_refusals(app.people, app.refusals, everything=True))
        await _round("write_wrong_tries", lambda: write_wrong_tries(app.people, everything=True))
        await _round("keep_pulses", lambda: _keep_pulses(app))
        await _round("sign_all", app.signer.leave)
        if app.chores is not None:
            await _round("chores", app.chores.leave)


async def _keep_pulses(app: App) -> None:
    await keep_pulses(app.store, app.ids, app.accounts.pulses, app.payments.process)


async def _rounds(app: App, name: str, every_seconds: float, work: _Work) -> None:
    while True:
        await _round(name, work)
        await app.clock.sleep(every_seconds)


async def _on_duty(app: App, work: _Work) -> None:
    """Do a chore, unless another process is there to do it."""
    if app.chores is None or await app.chores.take() is not None:
        await work()


async def _round(name: str, work: _Work) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - whatever it is, the next round comes
        _log.warning("worker.round_failed", round=name, why=type(error).__name__)
