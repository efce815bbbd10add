"""``counterfoil serve``: the server."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.basis import (
    DATABASE_ADDRESS,
    OPEN_WITHOUT_TLS,
    PROCESSES_MAX,
    Settings,
    only_here,
    read_settings,
)
from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.app import App
    from counterfoil.doors.processes import Processes

_ENDED_BADLY: Final = 1


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings, a TOML file.")
@click.option(
    "--database", help="postgresql://…; a password is better kept in the settings.  [default: SQLite in --data]"
)
@click.option("--host", help="Address to listen on.  [default: from the settings, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.  [default: settings, else 8460]")
@click.option(
    "--processes",
    type=click.IntRange(1, PROCESSES_MAX),
    help="How many serve the port together; more than one needs PostgreSQL.  [default: settings, else 1]",
)
@click.option("--host-port", type=click.IntRange(0, 65535), help="Accepted and kept free: nothing listens on it yet.")
@click.option(
    "--i-know", is_flag=True, help="Listen where others can reach it, without TLS: passwords cross the network."
)
@click.option("--as-one", nargs=2, type=int, hidden=True, help="Number and socket, from the one that began us.")
@json_option
@lang_option
def serve(
    data: Path,
    config: Path | None,
    database: str | None,
    host: str | None,
    port: int | None,
    *,
    processes: int | None,
    host_port: int | None,  # noqa: ARG001 - accepted from the first day
    i_know: bool,
    as_one: tuple[int, int] | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Run the server on a data folder: the till at /till, the API at /api/v1, its reference at /api/docs.

    Settings come from the file, then from the environment (COUNTERFOIL_SERVER__PORT and so on), then from the options.
    Keys are made at the first start in the folder <data>.keys; keep a copy of it elsewhere. Ctrl-C or SIGTERM ends it:
    no new request is taken, calls under way end, and payments still open are finished at the next start.
    """
    with telling_faults(lang, as_json=as_json):
        from counterfoil.doors.listening import address_of, bind, run_until_told  # noqa: PLC0415 - after --help

        # In the environment, so that each process that is begun reads it and none shows it in its arguments.
        environment = dict(os.environ) | ({} if database is None else {DATABASE_ADDRESS: _named(database)})
        settings = read_settings(config, environment)
        if as_one is not None:
            _serve_as_one(data, settings, *as_one)
            return
        host = host or settings.server.host
        if not i_know and not settings.server.tls and not only_here(host):
            raise OPEN_WITHOUT_TLS(host=host)
        count = processes or settings.server.processes
        settings.hold_processes(count, data)
        with bind(host, settings.server.port if port is None else port) as bound:
            ready = _Ready(address_of(bound, tls=settings.server.tls), count, lang, as_json)
            if count == 1:
                run_until_told(lambda: _serve(data, settings, bound, ready.say))
            else:
                arguments = ["--data", str(data), *(["--config", str(config)] if config else [])]
                _serve_together(data, settings, Begun(arguments, environment), bound, ready)


def _named(database: str) -> str:
    """The option as given. An empty one, of a variable that is not set, must not come to mean SQLite."""
    if not database:
        from counterfoil.store import ADDRESS_UNKNOWN  # noqa: PLC0415 - after --help

        raise ADDRESS_UNKNOWN()
    return database


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is said once it serves."""

    address: str
    processes: int
    lang: str | None
    as_json: bool

    def say(self) -> None:
        """Say it, once."""
        address, many = self.address, self.processes
        if self.as_json:
            urls = {"till": f"{address}/till", "api": f"{address}/api/v1"}
            say_json({"ready": True, "processes": many, "urls": urls})
        elif language(self.lang) == "zh-CN":
            click.echo(f"已启动：{address}/till  （{f'{many} 个进程，' if many > 1 else ''}Ctrl-C 结束）")
        else:
            click.echo(f"Running: {address}/till  ({f'{many} processes, ' if many > 1 else ''}Ctrl-C ends it)")


async def _serve(
    data: Path, settings: Settings, bound: socket.socket, ready: Callable[[], None], number: int | None = None
) -> None:
    """Serve until it is cancelled; as one of several (``number``) until whoever began them is gone, too."""
    from counterfoil.app import open_app  # noqa: PLC0415 - after --help
    from counterfoil.doors.listening import address_of, listening_on  # noqa: PLC0415
    from counterfoil.doors.processes import until_left_alone  # noqa: PLC0415
    from counterfoil.doors.worker import working  # noqa: PLC0415

    opened = open_app(data, settings, number=number or 1)
    async with opened as app, working(app), listening_on(app, bound, sys.stderr) as serving:
        if number in (None, 1):
            await _say_setup(app, address_of(bound))
        ready()
        if number is None:
            await serving
        else:
            left = asyncio.create_task(until_left_alone())
            await asyncio.wait({serving, left}, return_when=asyncio.FIRST_COMPLETED)


async def _say_setup(app: App, address: str) -> None:
    """Show whoever started it the code that opens the first setup, so long as nothing is set up."""
    from counterfoil.people import setup_code, setup_open  # noqa: PLC0415 - after --help

    if await setup_open(app.people):
        code = setup_code(app.people).reveal()
        click.echo(f"初始设置 / first setup: {address}/setup  设置码 / code: {code}", err=True)


def _serve_as_one(data: Path, settings: Settings, number: int, descriptor: int) -> None:
    """Be one of several processes on a socket that was handed over."""
    from counterfoil.doors.listening import run_until_told  # noqa: PLC0415 - after --help
    from counterfoil.doors.processes import SERVING  # noqa: PLC0415

    def ready() -> None:
        click.echo(SERVING)
        sys.stdout.flush()

    with socket.socket(fileno=descriptor) as bound:
        run_until_told(lambda: _serve(data, settings, bound, ready, number))


@dataclass(frozen=True, slots=True)
class Begun:
    """What each of several processes is begun with."""

    arguments: Sequence[str]
    environment: dict[str, str]


def _serve_together(data: Path, settings: Settings, each: Begun, bound: socket.socket, ready: _Ready) -> None:
    """Begin the processes and look after them; exits with what went wrong, if anything."""
    from counterfoil.basis import SystemClock  # noqa: PLC0415 - after --help
    from counterfoil.doors.listening import run_until_told  # noqa: PLC0415
    from counterfoil.doors.processes import NotBegun, Processes  # noqa: PLC0415

    arguments = [sys.executable, "-m", "counterfoil", "serve", *each.arguments]
    arguments += ["--lang", language(ready.lang), *(["--json"] if ready.as_json else [])]

    def command(number: int) -> list[str]:
        return [*arguments, "--as-one", str(number), str(bound.fileno())]

    together = Processes(ready.processes, bound, command, clock=SystemClock(), environment=each.environment)
    try:
        run_until_told(lambda: _serve_prepared(data, settings, together, ready))
    except NotBegun as ended:
        click.echo(ended.said, nl=False)
        sys.exit(ended.code)
    if not together.clean:
        sys.exit(_ENDED_BADLY)


async def _serve_prepared(data: Path, settings: Settings, together: Processes, ready: _Ready) -> None:
    """Make folder, keys and schema once, and find out what stands against a start, before there are several."""
    from counterfoil.app import open_app  # noqa: PLC0415 - after --help

    async with open_app(data, settings):
        pass
    await together.serve(ready.say)
