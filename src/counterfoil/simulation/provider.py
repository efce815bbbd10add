"""A provider of the simulated world: its own sandbox, spoken to in memory, and a liar when told to be."""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.providers import Answer
from counterfoil.simulation.profile import Weather
from counterfoil.simulation.spoken import spoken

# How long a customer takes to scan a shown code, and to enter a password.
_SCAN_SECONDS: Final = (3.0, 6.0, 20.0, 90.0, None)
_PASSWORD_SECONDS: Final = (4.0, 8.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of a provider's books, in the auditor's words: a charge, or what went back of ``origin``.

    ``number``: of a charge its order number; of what went back the number it came under, or the end of it, or nothing
    where it carries none. ``kinds``: as which legs of ours it may stand. ``paid``: whether the charge's money came in.
    """

    number: str
    minor: int
    state: str
    at: int
    paid: bool = False
    origin: str = ""
    kinds: tuple[str, ...] = ()


class Provider(ABC):
    """Answers calls in the order in which they arrive, and tells by itself. ``calls`` counts them.

    ``notify_url``: where a merchant is told; ``printed``: what was paid by the code on the counter, in fen by number.
    ``kind``: it plays no tricks, and its customers pay at once; ``short``: but no account covers a refund.
    """

    name: str
    base_url: str
    # Whether its answers carry a signature; where they do not, only TLS protects them.
    signs: bool

    def __init__(self, app: Any, dice: random.Random) -> None:
        """Lie by ``dice``, as often as ``weather`` has it."""
        self.weather = Weather()
        self.kind = self.short = False
        self.calls = 0
        self.notify_url = ""
        self.counted: Counter[str] = Counter()
        self.printed: dict[str, int] = {}
        self._dice = dice
        self._telling: dict[asyncio.Task[bool], None] = {}
        self._app = app

    @property
    def busy(self) -> bool:
        """Whether something is still going to be told."""
        return bool(self._telling)

    async def answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """What it says to one call; None where it breaks the connection off."""
        self.calls += 1
        path = urlsplit(url).path
        scan, password = self._dice.choice(_SCAN_SECONDS), self._dice.choice(_PASSWORD_SECONDS)
        self._prepare(path.rpartition("/")[2], body, scan_seconds=scan, password_seconds=password)
        try:
            said = await spoken(self._app, path, headers, body)
        finally:
            self._done()
        if self.weather.notices_wrong:
            self._tell_wrong(path.rpartition("/")[2], body)
        return said

    @abstractmethod
    def settings(self) -> Mapping[str, str]:
        """The section of the settings that reaches it."""

    @abstractmethod
    def moves(self) -> Sequence[Move]:
        """Its books, in order."""

    @abstractmethod
    def heard(self) -> Sequence[str]:
        """The order numbers of the notices it was told were kept."""

    @abstractmethod
    def remembers(self, call: str) -> bool:
        """Whether a copy of such a call that arrives hours later does nothing, by what it remembers of the first."""

    @abstractmethod
    def _prepare(self, call: str, body: bytes, *, scan_seconds: float | None, password_seconds: float) -> None:
        """Choose how this call goes."""

    @abstractmethod
    def _done(self) -> None:
        """The call is over; the next one goes as it is chosen to."""

    @abstractmethod
    def _tell_wrong(self, call: str, body: bytes) -> None:
        """Of a charge that is not paid, now and then send a notice in which something is not so."""

    def _tell(self, telling: Coroutine[Any, Any, bool]) -> None:
        """Send a notice after a while, beside whatever else happens."""
        task = asyncio.get_running_loop().create_task(self._later(telling))
        self._telling[task] = None
        task.add_done_callback(lambda done: self._telling.pop(done, None))

    async def _later(self, telling: Coroutine[Any, Any, bool]) -> bool:
        await asyncio.sleep(self._dice.choice((0.5, 2.0, 10.0, 60.0)) * self._dice.random())
        return await telling

    def _happens(self, of_thousand: int) -> bool:
        return self._dice.randrange(1000) < of_thousand

    def _one_of(self, odds: Sequence[tuple[Any, int]]) -> Any:
        """One of these, each so often of a thousand times; None in the rest."""
        left = self._dice.randrange(1000)
        for what, of_thousand in odds:
            left -= of_thousand
            if left < 0:
                return what
        return None
