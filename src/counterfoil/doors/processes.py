"""Several processes that serve one listening socket: begun, watched, begun again where one dies, ended together.

Each is the same program, started anew with the socket handed over. It says on stdout when it serves, and its stdin is a
pipe that we hold and never write to: however we end, the kernel closes it, and a process that finds it closed ends too.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from counterfoil.basis import Clock

# How long to wait before a process is begun again, each time it dies; who served for a minute begins anew.
PAUSES: Final = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_SECONDS: Final = 60.0
# More than a process gives its requests, its calls to providers and its last signature.
END_SECONDS: Final = 45.0
# What a process says when it serves.
SERVING: Final = '{"ready":true}'
_log = structlog.get_logger(__name__)


class NotBegun(Exception):  # noqa: N818 - the state of the world
    """A process ended before it served. ``code`` is what it ended with, ``said`` what it said on stdout."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said


class Processes:
    """``count`` processes on the socket ``bound``. ``command`` makes the arguments of the one of a number, from 1.

    ``environment`` is theirs; None: that of this process.
    """

    def __init__(
        self,
        count: int,
        bound: socket.socket,
        command: Callable[[int], Sequence[str]],
        *,
        clock: Clock,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._count = count
        self._bound = bound
        self._command = command
        self._clock = clock
        self._environment = environment
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self.clean = True

    async def serve(self, ready: Callable[[], None]) -> None:
        """Begin them all, say ``ready`` once all serve, and keep them going until this is cancelled; then end them.

        ``clean`` is False where one had to be killed or ended with an error. Raises NotBegun where one of the first
        ones does not come to serve.
        """
        try:
            begun = [await self._begin(number) for number in self._numbers]
            for each in begun:
                await _first_word(each)
            ready()
            await asyncio.gather(*(self._keep(number) for number in self._numbers))
        finally:
            await self._end()

    @property
    def _numbers(self) -> range:
        return range(1, self._count + 1)

    async def _begin(self, number: int) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        self._running[number] = begun = await asyncio.create_subprocess_exec(
            *self._command(number), stdin=pipe, stdout=pipe, pass_fds=[self._bound.fileno()], env=self._environment
        )
        return begun

    async def _keep(self, number: int) -> None:
        """Begin a process again each time it ends, later each time it did not serve for long."""
        deaths = 0
        while True:
            since = self._clock.monotonic()
            code = await self._running[number].wait()
            deaths = 1 if self._clock.monotonic() - since >= STEADY_SECONDS else deaths + 1
            pause = PAUSES[min(deaths, len(PAUSES)) - 1]
            _log.warning("process.ended", process=number, code=code, again_in_seconds=pause)
            await self._clock.sleep(pause)
            try:
                await self._begin(number)
            except OSError as error:
                # No room for another process now: the one that ended counts as ended once more.
                _log.error("process.not_begun", process=number, why=type(error).__name__)

    async def _end(self) -> None:
        """Tell them all to end, wait, and kill who does not."""
        processes = list(self._running.values())
        for each in processes:
            if each.returncode is None:
                each.terminate()
        waits = [asyncio.ensure_future(each.wait()) for each in processes]
        _, late = await asyncio.wait(waits, timeout=END_SECONDS)
        for each in processes if late else ():
            if each.returncode is None:
                each.kill()
                _log.error("process.killed", pid=each.pid)
        codes = await asyncio.gather(*waits)
        # One that was told before it could listen to that ends by the signal itself.
        self.clean = all(code in (0, -signal.SIGTERM) for code in codes)


async def _first_word(process: asyncio.subprocess.Process) -> None:
    """Wait until it serves. Raises NotBegun."""
    said = await process.stdout.readline() if process.stdout else b""
    # What refuses to start says so on the same line and ends; what serves goes on.
    if said.strip() != SERVING.encode():
        raise NotBegun(await process.wait(), said.decode(errors="replace"))


async def until_left_alone() -> None:
    """Return once whoever began this process is gone, however it went."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
