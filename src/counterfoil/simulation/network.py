"""The network between us and the providers: it loses, delays, doubles and spoils what it carries."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextvars import Context
from dataclasses import replace
from typing import Any, Final

from counterfoil.basis import insist
from counterfoil.providers import Answer, NoAnswer, NotSent, Transport
from counterfoil.simulation.profile import Weather
from counterfoil.simulation.provider import Provider

# The longest a caller stays on the line, as the real transport has it.
TOTAL_SECONDS: Final = 25.0
_LATE_SECONDS: Final = (26.0, 60.0, 110.0, 400.0, 4000.0, 40_000.0)
_ECHOED: Final = ("/refund", "/checkin")
_FATES: Final = ("refused", "lost", "unheard", "late", "doubled", "slow", "garbled", "forged", "gateway")
_BAD_GATEWAY: Final = Answer(502, {"content-type": "text/html"}, b"<html><body>502 Bad Gateway</body></html>")


class Line:
    """The line to one provider. ``counted`` tells how often what happened.

    ``down``: nothing gets through. ``refuses``: no connection opens.
    """

    def __init__(self, provider: Provider, dice: random.Random) -> None:
        """Carry to ``provider``, as well as ``weather`` allows."""
        self.weather = Weather()
        self.down = False
        self.refuses = False
        self.counted: Counter[str] = Counter()
        self._provider = provider
        self._dice = dice
        # What is on its way goes on when the process that sent it dies.
        self._outside = Context()
        self._under_way: dict[asyncio.Task[Any], None] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is still on its way."""
        return bool(self._under_way)

    async def exchange(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One call and what is heard of it. Raises NotSent or NoAnswer."""
        fate = self._fate()
        self.counted[fate] += 1
        if fate == "refused":
            raise NotSent("refused")
        if fate == "lost":
            await self._nothing_comes()
        if fate == "forged" and self._provider.signs and (answer := _forged(body)) is not None:
            return answer
        if fate == "late":
            self._begin(self._deliver(url, headers, body, self._late(url)))
            await self._nothing_comes()
        answering = self._begin(self._deliver(url, headers, body, self._seconds(0.02, 0.6)))
        if url.endswith(_ECHOED) and self._dice.randrange(1000) < self.weather.echoes:
            self.counted["echo"] += 1
            self._begin(self._deliver(url, headers, body, self._late(url)))
        if fate == "doubled":
            self._begin(self._deliver(url, headers, body, self._seconds(0.02, 20.0)))
        # The answer is not waited for in the provider's task: it carries on what it began when nobody listens any more.
        answer = await asyncio.shield(answering)
        # What no signature protects, TLS does: whoever spoils it breaks the connection.
        if fate == "unheard" or answer is None or (fate == "garbled" and not self._provider.signs):
            await self._nothing_comes()
        await asyncio.sleep(self._seconds(5.0, 24.0) if fate == "slow" else self._seconds(0.01, 0.3))
        return self._spoiled(fate, answer or _BAD_GATEWAY)

    def _fate(self) -> str:
        if self.refuses:
            return "refused"
        if self.down:
            return self._dice.choice(("refused", "lost"))
        left = self._dice.randrange(1000)
        for name in _FATES:
            left -= int(getattr(self.weather, name))
            if left < 0:
                return name
        return "carried"

    def _late(self, url: str) -> float:
        """What the provider would carry out a second time is under way for a minute at most; the rest for hours."""
        if not self._provider.remembers(url.rpartition("/")[2]):
            return self._seconds(26.0, 60.0)
        return self._dice.choice(_LATE_SECONDS) * self._dice.random()

    def _spoiled(self, fate: str, answer: Answer) -> Answer:
        if fate == "gateway":
            return _BAD_GATEWAY
        if fate == "garbled":
            at = self._dice.randrange(len(answer.body))
            return replace(answer, body=answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1 :])
        return answer

    async def _deliver(self, url: str, headers: Mapping[str, str], body: bytes, after_seconds: float) -> Answer | None:
        await asyncio.sleep(after_seconds)
        return await self._provider.answer(url, headers, body)

    def _begin(self, work: Coroutine[Any, Any, Answer | None]) -> asyncio.Task[Answer | None]:
        task = asyncio.get_running_loop().create_task(work, context=self._outside.copy())
        self._under_way[task] = None
        task.add_done_callback(lambda done: self._under_way.pop(done, None))
        return task

    async def _nothing_comes(self) -> None:
        """Either the connection breaks soon, or the caller's patience ends."""
        await asyncio.sleep(self._seconds(0.05, 2.0) if self._dice.random() < 0.5 else TOTAL_SECONDS)  # noqa: PLR2004 - a coin
        raise NoAnswer("nothing came")

    def _seconds(self, least: float, most: float) -> float:
        return self._dice.uniform(least, most)


class WayOut(Transport):
    """A process's way to the lines. It holds what the real one holds: no call while a commit is open."""

    def __init__(
        self,
        lines: Mapping[str, Line],
        *,
        commit_open: Callable[[], bool],
        closed: Callable[[], bool],
        loopback: bool,
    ) -> None:
        """``lines`` by what addresses on them begin with."""
        self.loopback = loopback
        self._lines = lines
        self._in_commit = commit_open
        self._shut = closed

    async def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        read_seconds: float | None = None,  # noqa: ARG002 - the line has a patience of its own
    ) -> Answer:
        """One call over the line that leads there."""
        insist(not self._in_commit(), "a provider was called while a commit is open")
        if self._shut():
            raise NotSent("the way out is closed")
        line = next(line for begins, line in self._lines.items() if url.startswith(begins))
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await line.exchange(url, headers, body)
        except TimeoutError as error:
            raise NoAnswer("too late") from error

    async def close(self) -> None:
        """Nothing is kept open."""


def _forged(request: bytes) -> Answer | None:
    """What a forger says to a charge that he has caught; None to anything else."""
    data = json.loads(request)["req_data"]
    if "auth_code" not in data:
        return None
    said = {name: data[name] for name in ("merchant_no", "out_trade_no", "total_amount")}
    body = {"code": "BBS00000", "msg": "成功", "resp_data": {**said, "need_query": "0"}}
    return Answer(200, {"content-type": "application/json"}, json.dumps(body).encode())
