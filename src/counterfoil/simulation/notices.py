"""The way back: how notices come from the provider to us, lost, late, doubled, out of order, spoiled and replayed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from counterfoil.providers import Answer, NoAnswer, NotSent, Transport
from counterfoil.simulation.profile import Weather

# The longest the provider waits to hear that its notice arrived.
TOTAL_SECONDS: Final = 5.0
_LATE_SECONDS: Final = (10.0, 60.0, 600.0, 7200.0, 86_400.0)
_FATES: Final = ("notices_lost", "notices_late", "notices_doubled", "notices_spoiled", "notices_replayed")


class WayBack:
    """Carries to whoever ``hear``s. ``down``: nothing gets through. ``counted`` tells how often what happened."""

    def __init__(self, hear: Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]], dice: random.Random) -> None:
        """Carry as well as ``weather`` allows; ``hear`` raises NoAnswer where nobody is there."""
        self.weather = Weather()
        self.down = False
        self.counted: Counter[str] = Counter()
        self._hear = hear
        self._dice = dice
        self._under_way: dict[asyncio.Task[Answer | None], None] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is still on its way."""
        return bool(self._under_way)

    def transport(self) -> Transport:
        """The provider's way out."""
        return _Carrier(self)

    async def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One notice and what is heard of it. Raises NotSent or NoAnswer."""
        fate = self._fate()
        self.counted[f"notice {fate.removeprefix('notices_')}"] += 1
        if fate == "down":
            raise NotSent("refused")
        if fate == "notices_late":
            self._begin(self._deliver(url, headers, body, self._late()))
            raise NoAnswer("nothing came")
        if fate == "notices_lost" and self._dice.random() < 0.5:  # noqa: PLR2004 - a coin
            raise NoAnswer("nothing came")
        if fate in ("notices_doubled", "notices_replayed"):
            after = self._dice.uniform(0.02, 20.0) if fate == "notices_doubled" else self._late()
            self._begin(self._deliver(url, headers, body, after))
        sent = self._spoiled(body) if fate == "notices_spoiled" else body
        # It is heard to its end, whether or not the provider still waits.
        answer = await asyncio.shield(self._begin(self._deliver(url, headers, sent, self._dice.uniform(0.02, 0.6))))
        if answer is None or fate == "notices_lost":
            raise NoAnswer("nothing came")
        return answer

    def _fate(self) -> str:
        if self.down:
            return "down"
        left = self._dice.randrange(1000)
        for name in _FATES:
            left -= int(getattr(self.weather, name))
            if left < 0:
                return name
        return "carried"

    def _late(self) -> float:
        return self._dice.choice(_LATE_SECONDS) * self._dice.random()

    def _spoiled(self, body: bytes) -> bytes:
        at = self._dice.randrange(len(body))
        return body[:at] + bytes([body[at] ^ 1 << self._dice.randrange(8)]) + body[at + 1 :]

    async def _deliver(self, url: str, headers: Mapping[str, str], body: bytes, after_seconds: float) -> Answer | None:
        await asyncio.sleep(after_seconds)
        try:
            return await self._hear(url, headers, body)
        except NoAnswer:
            return None

    def _begin(self, work: Coroutine[Any, Any, Answer | None]) -> asyncio.Task[Answer | None]:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way[task] = None
        task.add_done_callback(lambda done: self._under_way.pop(done, None))
        return task


class _Carrier(Transport):
    """The way back as the provider holds it."""

    def __init__(self, way: WayBack) -> None:
        self._way = way

    async def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        read_seconds: float | None = None,  # noqa: ARG002 - nobody is waited for longer here
    ) -> Answer:
        """One notice over the line."""
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._way.carry(url, headers, body)
        except TimeoutError as error:
            raise NoAnswer("too late") from error

    async def close(self) -> None:
        """Nothing is kept open."""
