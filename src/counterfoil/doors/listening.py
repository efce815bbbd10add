"""Listening, and ending cleanly: one web application on one socket, until somebody says stop.

Stopping: no new connection is taken, requests under way and calls to providers end, and what is left open is found
again at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any, Final, TextIO

import structlog
import uvicorn

from counterfoil.app import App
from counterfoil.basis import PORT_TAKEN
from counterfoil.doors.log import make_log
from counterfoil.doors.tls import follow, tls_of
from counterfoil.doors.web import make_web, serving

STOPPED_BY: Final = (signal.SIGINT, signal.SIGTERM)
# Less than the requests are given, so that each is still answered with the payment as it then is.
_DRIVES_END_SECONDS: Final = 8.0
# Ten for each of the requests that are served at once.
_FILES_MAX: Final = 20_000
# Objects before the youngest are looked through, and how often the older ones are beside that.
_COLLECT: Final = (50_000, 20, 100)


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises Refused CF-7003."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise PORT_TAKEN(host=host, port=port, why=_why(error)) from error


def _why(error: OSError | OverflowError) -> str:
    """The system's words, without the address; a name that leads nowhere has a number below zero and other words."""
    if not isinstance(error, OSError) or not error.errno:
        return str(error)
    return os.strerror(error.errno) if error.errno > 0 else (error.strerror or "").partition(" (")[0]


def address_of(listening: socket.socket, *, tls: bool = False) -> str:
    """The socket's URL, without a slash at the end."""
    host, port = listening.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@asynccontextmanager
async def listening_on(app: App, bound: socket.socket, log: TextIO) -> AsyncIterator[asyncio.Task[None]]:
    """Serve ``app``'s doors on ``bound`` while the block runs; gives the task that serves, which ends with it.

    ``log``: where the doors write what they were asked, a line of JSON each.
    Raises Refused CF-7007 where the settings name a certificate that cannot be used.
    """
    host, port = bound.getsockname()[:2]
    tls = tls_of(app.settings.server, app.clock)
    server = _Server(serving(make_web(app, make_log(log, app.clock)), host, port, tls))
    task = asyncio.create_task(server.serve(sockets=[bound]))
    following = None if tls is None else asyncio.create_task(follow(tls, app.settings.server, app.clock))
    ready = asyncio.create_task(server.ready.wait())
    try:
        await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
        yield task
    finally:
        ready.cancel()
        if following is not None:
            following.cancel()
        server.should_exit = True
        # Side by side, because a request may wait for a payment that is only pausing.
        await asyncio.gather(task, app.payments.drives.close(_DRIVES_END_SECONDS), return_exceptions=True)
        bound.close()


def run_until_told(work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    """Run ``work`` until it ends or SIGINT or SIGTERM comes; then let it clean up. Whether it was told to end."""
    # stdout is the answer; what the areas have to say while they work goes beside it.
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    uvloop = _uvloop()
    _open_more()
    _collect_less()
    with _owner_only(), asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
        return runner.run(_until_told(work))


@contextlib.contextmanager
def _owner_only() -> Iterator[None]:
    """What is written meanwhile is for its owner: password digests and exchanges lie in it, whoever made the folder."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _open_more() -> None:
    """As many files as the system allows us: many systems begin with 1,024, and each connection is one."""
    try:
        import resource  # noqa: PLC0415 - not there on every platform
    except ImportError:
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_MAX if most == resource.RLIM_INFINITY else min(most, _FILES_MAX)
    if 0 <= now < wanted:
        # A kernel may allow less than it says.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _collect_less() -> None:
    """What is loaded by now stays; looking for cycles after every 700 new objects is a quarter of a payment's cost."""
    gc.freeze()
    gc.set_threshold(*_COLLECT)


async def _until_told(work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work())
    told = asyncio.Event()

    def stop() -> None:
        # Once only: a second signal must not interrupt the cleaning up.
        if not told.is_set():
            told.set()
            task.cancel()

    for each in STOPPED_BY:
        loop.add_signal_handler(each, stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        for each in STOPPED_BY:
            loop.remove_signal_handler(each)
    return told.is_set()


def _uvloop() -> ModuleType | None:
    try:
        import uvloop  # noqa: PLC0415 - not there on every platform
    except ImportError:
        return None
    return uvloop


class _Server(uvicorn.Server):
    """uvicorn with a word when it is ready, and without its own handling of signals: the program decides."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave signals alone."""
        yield
