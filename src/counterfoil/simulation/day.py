"""One simulated day: the world is put together, the shop opens and closes, faults stop, and the auditor looks.

1. a house on an empty folder, three tills, one provider behind a line or two
2. the shop is open: people, the network, the providers and the machine do what the weather and the seed say
3. the faults stop: a quarter of an hour later each till takes a payment, by the account of its first choice
4. what is open must end by itself within 72 hours
5. some of those who paid by the code on the counter want money back, in the same weather, and that too must end
6. the auditor holds everything against everything
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from structlog.testing import capture_logs

from counterfoil.basis import Ids, SeededEntropy
from counterfoil.payments import Payment
from counterfoil.providers import Answer
from counterfoil.providers.lakala.sandbox import Sandbox as LakalaSandbox
from counterfoil.providers.lakala.sandbox import make_sandbox_keys
from counterfoil.providers.shouqianba.sandbox import Notices
from counterfoil.providers.shouqianba.sandbox import Sandbox as ShouqianbaSandbox
from counterfoil.simulation.audit import Books, Side, Violation, audit_money
from counterfoil.simulation.audit_notices import audit_notices
from counterfoil.simulation.clock import AFTERNOON, MORNING, WallClock
from counterfoil.simulation.house import Ground, House
from counterfoil.simulation.journal import Journal
from counterfoil.simulation.keys import key_of
from counterfoil.simulation.lakala import Lakala
from counterfoil.simulation.loop import Deadlock, VirtualLoop
from counterfoil.simulation.network import Line
from counterfoil.simulation.notices import WayBack
from counterfoil.simulation.profile import Weather, weather
from counterfoil.simulation.provider import Provider
from counterfoil.simulation.reading import Found, read
from counterfoil.simulation.replay import audit_log
from counterfoil.simulation.shouqianba import Shouqianba
from counterfoil.simulation.till import Till

SALES: Final = 60
OPEN_SECONDS: Final = 15 * 3600.0
QUIET_SECONDS_MAX: Final = 72 * 3600.0
_LOOK_SECONDS: Final = 600.0
# Who takes the payments of a day, the first choice in front.
_ACCOUNTS: Final = (
    (Lakala.name,),
    (Shouqianba.name,),
    (Lakala.name, Shouqianba.name),
    (Lakala.name, Shouqianba.name),
    (Shouqianba.name, Lakala.name),
    (Shouqianba.name, Lakala.name),
)
# How long after the last fault everything goes as it should again.
_CALM_SECONDS: Final = 900.0
# On how many of the days with two accounts the first cannot be reached at the very end, and by how many payments.
_LAST_RUSH: Final = 0.6
_BREAKS_AFTER: Final = 6
# How many of those who paid by the code on the counter want money back.
_GIVEN_BACK: Final = 0.6
# In memory where the system has such a folder: a simulated day asks the disk for nothing.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a private folder is made inside it
# The smallest key there may be: who signs is not what a day is about, and a large key takes most of its time.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a day is made of. ``weather`` in place of the profile's; ``die_at``: the one moment at which to crash."""

    seed: int
    profile: str
    sales: int = SALES
    open_seconds: float = OPEN_SECONDS
    weather: Weather | None = None
    die_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What came of it. ``digest`` stands for all rows, the providers' books and the head of the log."""

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
        begins = MORNING if self._dice("hours").random() < 0.5 else AFTERNOON  # noqa: PLR2004 - a coin
        clock, entropy = WallClock(begins), SeededEntropy(f"{self._plan.profile}/{self._plan.seed}")
        self.way_back = WayBack(self._heard, self._dice("notices"))
        # The providers' clock is their own, and right.
        self._providers = tuple(self._provided(folder, WallClock(begins), entropy))
        self._lines = {each.base_url: Line(each, self._dice(f"network {each.name}")) for each in self._providers}
        self.clock = clock
        ground = Ground(folder=folder, clock=clock, entropy=entropy, providers=self._providers, lines=self._lines)
        self.house = House(ground, self._dice("machine"))
        await self.house.begin()
        self.house.die_at = self._plan.die_at
        self._set(self._weather)
        tills = self._tills(Ids(clock, SeededEntropy(f"tills/{self._plan.seed}")))
        await self._open_shop(tills)
        sold = await self._sell_at_last(tills)
        quiet = await self._come_to_rest()
        await self._give_back(tills[0])
        quiet = await self._come_to_rest() and quiet
        await self._give_up_at_last(tills, sold)
        await self._rush_at_last(tills[0], sold[0])
        quiet = await self._come_to_rest() and quiet
        await self.house.end()
        return await read(folder / "data"), quiet

    def _provided(self, folder: Path, clock: WallClock, entropy: SeededEntropy) -> Iterator[Provider]:
        """One provider or both, the first choice in front."""
        names = self._dice("providers").choice(_ACCOUNTS)
        new_transport = self.way_back.transport
        for name in names:
            dice = self._dice(f"provider {name}")
            if name == Lakala.name:
                keys = make_sandbox_keys(folder / "keys", clock=clock, entropy=entropy, new_key=key_of)
                lakala = LakalaSandbox(keys, clock=clock, entropy=entropy, new_transport=new_transport)
                yield Lakala(lakala, keys, dice)
            else:
                notices = Notices(key_of(name), clock, new_transport=new_transport)
                yield Shouqianba(ShouqianbaSandbox(clock=clock, entropy=entropy, notices=notices), key_of(name), dice)

    async def _heard(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return await self.house.hear(url, headers, body)

    def judged(self, found: Found, *, quiet: bool, said: list[Any]) -> Day:
        """What the auditor says, and the figures."""
        books = Books(
            payments=found.payments,
            legs=found.legs,
            notices=found.tables["provider_notice"],
            sides={
                each.name: Side(moves=each.moves(), heard=each.heard(), printed=each.printed)
                for each in self._providers
            },
            journal=self._journal,
        )
        failed = [f"a drive ended in {each['why']}" for each in said if each["event"] == "payments.drive_failed"]
        broken = [*self._journal.broken, *self.house.broken, *failed]
        violations = [Violation("I0", each) for each in broken] + audit_money(books) + audit_notices(books)
        violations += [Violation("I4", each) for each in self._journal.stuck]
        violations += audit_log(found.leaves, found.head, found.notes, found.tables, found.evidenced)
        if not quiet and not any(each.invariant == "I4" for each in violations):
            violations.append(Violation("I4", "72 hours after the last fault the house had not come to rest"))
        counted = self._journal.counted + self.house.counted + self.way_back.counted
        for provider, line in zip(self._providers, self._lines.values(), strict=True):
            counted += provider.counted + line.counted
            counted["calls"] += provider.calls
            counted[f"calls of {provider.name}"] += provider.calls
        counted["sales"] = len(self._journal.sales)
        return Day(
            seed=self._plan.seed,
            profile=self._plan.profile,
            violations=tuple(sorted(violations, key=lambda each: each.invariant)),
            digest=_digest(found, books),
            counted=counted,
        )

    def _tills(self, ids: Ids) -> list[Till]:
        return [
            Till(self.house, terminal, ids=ids, journal=self._journal, dice=self._dice(f"till {terminal}"))
            for terminal in range(len(self.house.actors))
        ]

    async def _open_shop(self, tills: list[Till]) -> None:
        """The day, until the last customer is served and the faults have stopped."""
        for till in tills:
            till.weather = self._weather
        each = max(1, self._plan.sales // len(tills))
        troubles = [asyncio.create_task(work) for work in self._troubles(tills)]
        await asyncio.gather(*(till.work(each, self._plan.open_seconds) for till in tills))
        for trouble in troubles:
            trouble.cancel()
        await asyncio.gather(*troubles, return_exceptions=True)
        self._set(Weather())
        self._journal.counted["moments"], self.house.die_at = self.house.moments, 0
        self.clock.ahead_seconds, self.way_back.down = 0.0, False
        for line in self._lines.values():
            line.down = line.refuses = False

    async def _give_back(self, till: Till) -> None:
        """What was paid by the code on the counter is a record by now; some is given back, in the same weather."""
        chance = self._dice("given back")
        wanted = [number for each in self._providers for number in each.printed if chance.random() < _GIVEN_BACK]
        self._set(self._weather)
        for order_no in wanted:
            await till.give_back(order_no)
        self._set(Weather())

    async def _sell_at_last(self, tills: list[Till]) -> list[Payment | None]:
        """Nothing is wrong any more, so what people want goes as it should."""
        self._be_kind(kind=True)
        await asyncio.sleep(_CALM_SECONDS)
        sold = [await till.sell_at_last() for till in tills]
        self._be_kind(kind=False)
        return sold

    async def _give_up_at_last(self, tills: list[Till], sold: list[Payment | None]) -> None:
        """A refund that no account covers can be given up."""
        self._be_kind(kind=True)
        for provider in self._providers:
            provider.short = True
        for till, payment in zip(tills, sold, strict=True):
            if payment is not None:
                await till.give_up_at_last(payment)

    async def _rush_at_last(self, till: Till, sold: Payment | None) -> None:
        """Nothing is open, and the first choice cannot be reached for a while: once it can, it is tried again."""
        if sold is None or len(self._providers) == 1 or self._dice("last rush").random() >= _LAST_RUSH:
            return
        first = next(self._lines[each.base_url] for each in self._providers if each.name == sold.provider)
        first.refuses = True
        for _ in range(_BREAKS_AFTER):
            await till.sell_plainly()
        first.refuses = False
        await asyncio.sleep(_CALM_SECONDS)
        await till.sell_at_last()

    def _be_kind(self, *, kind: bool) -> None:
        for provider in self._providers:
            provider.kind = kind

    def _troubles(self, tills: list[Till]) -> list[Any]:
        """What comes over the day by itself, so and so often."""
        chance = self._dice("troubles")
        today = self._weather
        return [
            *(self._at_some_time(chance, self._killed) for _ in range(today.kills)),
            *(self._at_some_time(chance, self._clock_wrong) for _ in range(today.jumps)),
            *(self._at_some_time(chance, self._line_down) for _ in range(today.outages)),
            *(self._at_some_time(chance, partial(self._rush, tills)) for _ in range(today.rushes)),
            *(self._at_some_time(chance, self._printed_code_paid) for _ in range(today.printed)),
        ]

    async def _at_some_time(self, chance: random.Random, what: Callable[[random.Random], Any]) -> None:
        await asyncio.sleep(chance.uniform(0, self._plan.open_seconds))
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
        """Of the shop, or of one provider."""
        self._journal.counted["outages"] += 1
        lines = list(self._lines.values())
        whole = chance.random() < 0.5  # noqa: PLR2004 - a coin
        down = lines if whole else [chance.choice(lines)]
        for line in down:
            line.down = True
        self.way_back.down = whole
        await asyncio.sleep(chance.choice((60.0, 600.0, 7200.0)) * chance.random())
        for line in down:
            line.down = False
        self.way_back.down = False

    async def _rush(self, tills: list[Till], chance: random.Random) -> None:
        self._journal.counted["rushes"] += 1
        line = chance.choice(list(self._lines.values()))
        line.refuses = True
        for till in tills:
            till.hurry(chance.randrange(2, 6))
        await asyncio.sleep(chance.uniform(30.0, 400.0))
        line.refuses = False

    async def _printed_code_paid(self, chance: random.Random) -> None:
        for provider in self._providers:
            if isinstance(provider, Lakala):
                self._journal.counted["printed"] += 1
                provider.printed_code_paid(chance.randrange(1, 50_000))

    def _set(self, today: Weather) -> None:
        for provider, line in zip(self._providers, self._lines.values(), strict=True):
            provider.weather = line.weather = today
        self.way_back.weather = self.house.weather = today
        self.stalls = today.stalls

    async def _come_to_rest(self) -> bool:
        until = asyncio.get_running_loop().time() + QUIET_SECONDS_MAX
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            under_way = [line.busy for line in self._lines.values()] + [each.busy for each in self._providers]
            if not any(under_way) and not self.way_back.busy and await self.house.at_rest():
                return True
        return False

    def _dice(self, name: str) -> random.Random:
        return random.Random(f"{name}/{self._plan.profile}/{self._plan.seed}")


def _digest(found: Found, books: Books) -> str:
    """One line for all that came of a day."""
    moves = [
        [name, move.number, move.origin, move.minor, move.state, move.at]
        for name, side in books.sides.items()
        for move in side.moves
    ]
    leaves = [bytes(leaf["leaf_hash"]).hex() for leaf in found.leaves]
    told = [[told.payment_id, told.money, told.refunded_minor] for told in books.journal.told]
    counted = sorted(books.journal.counted.items())
    said = json.dumps([found.payments, found.legs, moves, leaves, told, counted])
    return hashlib.sha256(said.encode()).hexdigest()
