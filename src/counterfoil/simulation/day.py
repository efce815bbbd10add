"""One simulated day: the world is put together, the shop opens and closes, faults stop, and the auditor looks.

1. a house on an empty folder, two tills and an office, a provider behind a line
2. the shop is open: people, the network, the provider and the machine do what the weather and the seed say
3. the faults stop, and what is open must end by itself within 72 hours
4. the auditor holds everything against everything
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from structlog.testing import capture_logs

from counterfoil.basis import Ids, SeededEntropy
from counterfoil.providers import Answer
from counterfoil.providers.lakala.sandbox import Sandbox, make_sandbox_keys
from counterfoil.simulation.audit import Books, Violation, audit_money
from counterfoil.simulation.audit_notices import audit_notices
from counterfoil.simulation.clock import WallClock
from counterfoil.simulation.house import Ground, House
from counterfoil.simulation.journal import Journal
from counterfoil.simulation.loop import Deadlock, VirtualLoop
from counterfoil.simulation.network import Line
from counterfoil.simulation.notices import WayBack
from counterfoil.simulation.profile import Weather, weather
from counterfoil.simulation.provider import Provider
from counterfoil.simulation.reading import Found, read
from counterfoil.simulation.replay import audit_log
from counterfoil.simulation.till import Till

SALES: Final = 60
OPEN_SECONDS: Final = 15 * 3600.0
QUIET_SECONDS_MAX: Final = 72 * 3600.0
_LOOK_SECONDS: Final = 600.0
# In memory where the system has such a folder: a simulated day asks the disk for nothing.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a private folder is made inside it
# The smallest key there may be: who signs is not what a day is about, and a large key takes most of its time.
_KEY_BITS: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a day is made of. ``weather`` in place of the profile's; ``die_at``: the one moment at which to crash."""

    seed: int
    profile: str
    sales: int = SALES
    weather: Weather | None = None
    die_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came of it. ``digest`` stands for all rows, the provider's books and the head of the log."""

    seed: int
    profile: str
    violations: tuple[Violation, ...]
    digest: str
    counted: Counter[str]

    @property
    def clean(self) -> bool:
        """Whether every invariant held."""
        return not self.violations


def run_day(plan: Plan) -> Day:
    """Live through one day. The same plan gives the same day, in any process."""
    dice = random.Random(f"pace/{plan.profile}/{plan.seed}")
    world = _World(plan)
    with (
        TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder,
        capture_logs() as said,
        asyncio.Runner(loop_factory=lambda: VirtualLoop(partial(_pace, world, dice))) as runner,
    ):
        try:
            found, quiet = runner.run(world.live(Path(folder)))
        except Deadlock:
            stuck = Violation("I4", "nothing can run, and somebody waits for ever")
            return Day(seed=plan.seed, profile=plan.profile, violations=(stuck,), digest="", counted=Counter())
    return world.judged(found, quiet=quiet, said=said)


def _pace(world: _World, dice: random.Random) -> float:
    """How long a worker takes for one half of a piece of work."""
    if dice.randrange(1000) < world.stalls:
        return dice.uniform(0.5, 8.0)
    return dice.uniform(0.0001, 0.002)


class _World:
    """All there is on one day."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._weather = plan.weather or weather(plan.profile, self._dice("weather"))
        self._journal = Journal()
        self.stalls = 0

    async def live(self, folder: Path) -> tuple[Found, bool]:
        """The four parts of the day but the last; what stands in the store at its end, and whether it came to rest."""
        clock, entropy = WallClock(), SeededEntropy(f"{self._plan.profile}/{self._plan.seed}")
        keys = make_sandbox_keys(folder / "keys", clock=clock, entropy=entropy, new_key=_key)
        # The provider's clock is its own, and right.
        self.way_back = WayBack(self._heard, self._dice("notices"))
        self.sandbox = Sandbox(keys, clock=WallClock(), entropy=entropy, new_transport=self.way_back.transport)
        self.provider = Provider(self.sandbox, self._dice("provider"))
        self.line = Line(self.provider, self._dice("network"))
        self.clock = clock
        ground = Ground(folder=folder, clock=clock, entropy=entropy, line=self.line, keys=keys)
        self.house = House(ground, self._dice("machine"))
        await self.house.begin()
        self.provider.notify_url = self.house.notify_url
        self.house.die_at = self._plan.die_at
        self._set(self._weather)
        await self._open_shop(Ids(clock, SeededEntropy(f"tills/{self._plan.seed}")))
        self._set(Weather())
        self._journal.counted["moments"], self.house.die_at = self.house.moments, 0
        clock.ahead_seconds, self.line.down, self.way_back.down = 0.0, False, False
        quiet = await self._come_to_rest()
        await self.house.end()
        return await read(folder / "data"), quiet

    async def _heard(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return await self.house.hear(url, headers, body)

    def judged(self, found: Found, *, quiet: bool, said: list[Any]) -> Day:
        """What the auditor says, and the figures."""
        books = Books(
            payments=found.payments,
            legs=found.legs,
            notices=found.tables["provider_notice"],
            sandbox=self.sandbox,
            journal=self._journal,
            printed=self.provider.printed,
        )
        failed = [f"a drive ended in {each['why']}" for each in said if each["event"] == "payments.drive_failed"]
        broken = [*self._journal.broken, *self.house.broken, *failed]
        violations = [Violation("I0", each) for each in broken] + audit_money(books) + audit_notices(books)
        violations += audit_log(found.leaves, found.head, found.notes, found.tables, found.evidenced)
        if not quiet and not any(each.invariant == "I4" for each in violations):
            violations.append(Violation("I4", "72 hours after the last fault the house had not come to rest"))
        counted = self._journal.counted + self.line.counted + self.house.counted
        counted += self.way_back.counted + self.provider.counted
        counted["calls"], counted["sales"] = self.provider.calls, len(self._journal.sales)
        return Day(
            seed=self._plan.seed,
            profile=self._plan.profile,
            violations=tuple(sorted(violations, key=lambda each: each.invariant)),
            digest=_digest(found, self.sandbox, self._journal),
            counted=counted,
        )

    async def _open_shop(self, ids: Ids) -> None:
        tills = [
            Till(self.house, terminal, ids=ids, journal=self._journal, dice=self._dice(f"till {terminal}"))
            for terminal in range(len(self.house.actors))
        ]
        for till in tills:
            till.weather = self._weather
        each = max(1, self._plan.sales // len(tills))
        troubles = [asyncio.create_task(work) for work in self._troubles()]
        await asyncio.gather(*(till.work(each, OPEN_SECONDS) for till in tills))
        for trouble in troubles:
            trouble.cancel()
        await asyncio.gather(*troubles, return_exceptions=True)

    def _troubles(self) -> list[Any]:
        """What comes over the day by itself, so and so often."""
        chance = self._dice("troubles")
        today = self._weather
        return [
            *(self._at_some_time(chance, self._killed) for _ in range(today.kills)),
            *(self._at_some_time(chance, self._clock_wrong) for _ in range(today.jumps)),
            *(self._at_some_time(chance, self._line_down) for _ in range(today.outages)),
            *(self._at_some_time(chance, self._printed_code_paid) for _ in range(today.printed)),
        ]

    async def _at_some_time(self, chance: random.Random, what: Callable[[random.Random], Any]) -> None:
        await asyncio.sleep(chance.uniform(0, OPEN_SECONDS))
        await what(chance)

    async def _killed(self, _chance: random.Random) -> None:
        self.house.kill()

    async def _clock_wrong(self, chance: random.Random) -> None:
        self._journal.counted["jumps"] += 1
        ahead = chance.choice((1.0, 30.0, 120.0, 3600.0, 86_400.0)) * chance.uniform(-1, 1)
        self.clock.ahead_seconds = ahead
        await asyncio.sleep(chance.uniform(10.0, 3600.0))
        self.clock.ahead_seconds = 0.0

    async def _line_down(self, chance: random.Random) -> None:
        self._journal.counted["outages"] += 1
        self.line.down = self.way_back.down = True
        await asyncio.sleep(chance.choice((60.0, 600.0, 7200.0)) * chance.random())
        self.line.down = self.way_back.down = False

    async def _printed_code_paid(self, chance: random.Random) -> None:
        self._journal.counted["printed"] += 1
        self.provider.printed_code_paid(chance.randrange(1, 50_000))

    def _set(self, today: Weather) -> None:
        self.provider.weather = self.line.weather = self.way_back.weather = self.house.weather = today
        self.stalls = today.stalls

    async def _come_to_rest(self) -> bool:
        until = asyncio.get_running_loop().time() + QUIET_SECONDS_MAX
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            on_its_way = self.line.busy or self.way_back.busy or self.provider.busy
            if not on_its_way and await self.house.at_rest():
                return True
        return False

    def _dice(self, name: str) -> random.Random:
        return random.Random(f"{name}/{self._plan.profile}/{self._plan.seed}")


@lru_cache(maxsize=4)
def _key(_name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _digest(found: Found, sandbox: Sandbox, journal: Journal) -> str:
    """One line for all that came of a day but what the throw-away keys signed."""
    trades = [[trade.order_no, trade.kind, trade.amount, trade.state, trade.at] for trade in sandbox.ledger.trades()]
    leaves = [bytes(leaf["leaf_hash"]).hex() for leaf in found.leaves]
    told = [[told.payment_id, told.money, told.refunded_minor] for told in journal.told]
    said = json.dumps([found.payments, found.legs, trades, leaves, told, sorted(journal.counted.items())])
    return hashlib.sha256(said.encode()).hexdigest()
