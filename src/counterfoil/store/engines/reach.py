"""Reaching PostgreSQL: whichever of the named servers takes writes now, asked side by side and again for a while.

asyncpg can try several servers itself, but in turn, within one limit of time, and only past some of the answers: a
machine without power answers nothing at all, and all the time would go to it.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import asyncpg

from counterfoil.basis import Clock, FaultKind
from counterfoil.store.faults import ADDRESS_UNKNOWN, DATABASE_REFUSES, NO_CONNECTION_FREE, NO_PRIMARY, UNREACHABLE

# The one mode in which a server is held against its name and an authority; and the machine's own authorities.
VERIFIES: Final = "verify-full"
_SYSTEM: Final = "system"
DEFAULT_PORT: Final = 5432
PORT_MAX: Final = 65535
# The next server is asked when the one before has not answered for so long.
STAGGER_SECONDS: Final = 0.3
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 1.0
# Of several servers' answers the one that says most: a refusal before a full house, that before a standby's no.
MOST_TELLING: Final = (DATABASE_REFUSES, NO_CONNECTION_FREE, NO_PRIMARY, UNREACHABLE)

_SERVERS: Final = re.compile(r"([^:/?#]+://(?:[^/?#]*@)?)([^/?#]*)")

# A type to the type checker only; at run time asyncpg's class takes no parameter.
Connection: TypeAlias = "asyncpg.Connection[Any]"
Prepare: TypeAlias = "Callable[[Connection], Awaitable[None]]"


@dataclass(frozen=True, slots=True)
class Server:
    """One of the servers an address names; a ``host`` that begins with / is the folder of a socket."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the database, in seconds.

    ``connect``: for one server to take us in. ``reach``: for any to be found that takes writes, asked again and again.
    ``read``: for an answer. ``commit``: for a transaction up to its COMMIT, and for the COMMIT. ``settle``: for finding
    out what became of one; only then is anybody told that it is unknown.
    """

    connect: float = 3.0
    reach: float = 5.0
    read: float = 10.0
    commit: float = 10.0
    settle: float = 25.0


class _Reached(NamedTuple):
    server: Server | None
    connection: Connection


class NotReached(Exception):  # noqa: N818 - the state of the world
    """No server took us in this time; ``kind`` is what a person is told."""

    def __init__(self, kind: FaultKind, why: Exception) -> None:
        """Keep the fault's kind and the server's own words."""
        super().__init__(str(why))
        self.kind = kind


def servers_of(address: str) -> tuple[Server, ...]:
    """The servers of ``postgresql://user@a:1,b:2/db`` or of ``?host=a,b&port=1,2``; none: this machine's own.

    Raises Refused CF-6004.
    """
    asked = parse_qs(parts_of(address).query)
    named = _apart(address)[1] or asked.get("host", [""])[0]
    ports = asked.get("port", [""])[0].split(",")
    if not named:
        return ()
    return tuple(_server(each, ports[min(at, len(ports) - 1)]) for at, each in enumerate(named.split(",")))


def asked_of(address: str) -> dict[str, str]:
    """The address's query; of what stands twice the last counts, as for asyncpg. Raises Refused CF-6004."""
    return {name: values[-1] for name, values in parse_qs(parts_of(address).query).items()}


def parts_of(address: str) -> SplitResult:
    """Everything of an address but its servers. Raises Refused CF-6004."""
    try:
        return urlsplit(_apart(address)[0])
    except ValueError:
        # Its words may hold the address, and that a password.
        raise ADDRESS_UNKNOWN() from None


def _apart(address: str) -> tuple[str, str]:
    """An address without its servers, and those: of several, one an IPv6 address, some Pythons take none apart."""
    found = _SERVERS.match(address)
    return (address, "") if found is None else (found[1] + address[found.end() :], found[2])


def _system_trust(address: str) -> dict[str, Any]:
    """What verifies a server by this machine's own authorities, where the address says so; else asyncpg reads it."""
    asked = asked_of(address)
    if (asked.get("sslmode"), asked.get("sslrootcert")) != (VERIFIES, _SYSTEM):
        return {}
    made = ssl.create_default_context()
    if "sslcert" in asked:
        made.load_cert_chain(asked["sslcert"], asked.get("sslkey"))
    return {"ssl": made}


def _server(text: str, port: str) -> Server:
    """``host``, ``host:port`` or ``[address]:port``."""
    bracketed, bracket, rest = text.removeprefix("[").partition("]")
    host, _, own = (bracketed, *rest.partition(":")[1:]) if bracket else text.partition(":")
    port = own or port or str(DEFAULT_PORT)
    if not host or not (port.isascii() and port.isdecimal() and 0 < int(port) <= PORT_MAX):
        raise ADDRESS_UNKNOWN()
    return Server(unquote(host), int(port))


class Way:
    """The way to whichever server takes writes. The one that did last is asked first."""

    def __init__(self, address: str, clock: Clock, patience: Patience) -> None:
        """Raises Refused CF-6004 where the address cannot be read."""
        self._address = address
        # Which server is asked is said beside it.
        self._bare = _apart(address)[0]
        self._clock = clock
        self._patience = patience
        self._trust: dict[str, Any] | None = None
        self._servers: deque[Server | None] = deque(servers_of(address) or (None,))

    async def found(self, prepare: Prepare, **settings: Any) -> Connection:
        """A connection to a server that takes writes, prepared; ``settings`` are those of ``asyncpg.connect``.

        Asks until ``patience.reach`` is over, with growing pauses. Raises Refused CF-6008, Trouble CF-6104 to CF-6106.
        """
        noes: list[NotReached] = []
        try:
            async with asyncio.timeout(self._patience.reach):
                return await self._asked_again(noes, prepare, settings)
        except TimeoutError as over:
            raise (noes[-1].kind if noes else UNREACHABLE)() from (noes[-1] if noes else over)

    async def _asked_again(self, noes: list[NotReached], prepare: Prepare, settings: dict[str, Any]) -> Connection:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self.asked_once(prepare, **settings)
            except NotReached as no:
                noes.append(no)
                if no.kind is DATABASE_REFUSES:
                    raise DATABASE_REFUSES(why=str(no)) from no
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def asked_once(self, prepare: Prepare, **settings: Any) -> Connection:
        """Ask every server once, the next as soon as one says no or is silent. Raises NotReached."""

        async def ask(server: Server | None) -> _Reached:
            return _Reached(server, await self._ask(server, prepare, settings))

        server, connection = await _first(ask, tuple(self._servers))
        self._servers.remove(server)
        self._servers.appendleft(server)
        return connection

    async def _ask(self, server: Server | None, prepare: Prepare, settings: dict[str, Any]) -> Connection:
        where = {} if server is None else {"host": server.host, "port": server.port}
        try:
            async with asyncio.timeout(self._patience.connect):
                if self._trust is None:
                    self._trust = _system_trust(self._address)
                connection: Connection = await asyncpg.connect(self._bare, **(self._trust | settings | where))
                await _prepared(connection, prepare)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, ValueError) as no:
            raise NotReached(_kind_of(no), no) from no
        return connection


async def _prepared(connection: Connection, prepare: Prepare) -> None:
    try:
        await prepare(connection)
    except BaseException:
        connection.terminate()
        raise


def _kind_of(error: Exception) -> FaultKind:
    state = getattr(error, "sqlstate", None) or ""
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return NO_PRIMARY
    if isinstance(error, asyncpg.TooManyConnectionsError):
        return NO_CONNECTION_FREE
    if state[:2] in {"28", "3D"} or isinstance(error, asyncpg.ClientConfigurationError):
        return DATABASE_REFUSES
    return UNREACHABLE


async def _first(
    ask: Callable[[Server | None], Coroutine[Any, Any, _Reached]], servers: tuple[Server | None, ...]
) -> _Reached:
    """The first yes of several; the connections of the others are let go."""
    waiting, noes = deque(servers), list[NotReached]()
    asked: set[asyncio.Task[_Reached]] = set()
    try:
        while waiting or asked:
            if waiting:
                asked.add(asyncio.create_task(ask(waiting.popleft())))
            patience = STAGGER_SECONDS if waiting else None
            answered, asked = await asyncio.wait(asked, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            yes = [each for each in answered if each.exception() is None]
            asked.update(yes[1:])
            if yes:
                return yes[0].result()
            noes += [no for each in answered if isinstance(no := each.exception(), NotReached)]
    finally:
        for each in asked:
            each.cancel()
            each.add_done_callback(_let_go)
    raise min(noes, key=lambda no: MOST_TELLING.index(no.kind))


def _let_go(asked: asyncio.Task[_Reached]) -> None:
    if not asked.cancelled() and asked.exception() is None:
        asked.result().connection.terminate()
