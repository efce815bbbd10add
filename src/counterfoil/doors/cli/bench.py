"""``counterfoil bench``: how fast this machine is, each figure beside a reference measured in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeAlias

import click

from counterfoil.basis import Clock, SystemClock
from counterfoil.doors.cli.progress import bar
from counterfoil.doors.cli.speaking import json_option, lang_option, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.app import App
    from counterfoil.bench import Report


@dataclass(frozen=True, slots=True)
class Measuring:
    """What each measurement works with."""

    folder: Path
    clock: Clock
    progress: Callable[[int, int], None]


Measure: TypeAlias = "Callable[[Measuring], Awaitable[Report]]"

LOOPBACK: Final = "127.0.0.1"
ENGINES: Final = ("sqlite", "postgresql")
RECORDS: Final = (100_000, 1_000_000)
RECORDS_QUICK: Final = (100_000,)
RECORDS_MAX: Final = 20_000_000
ROUNDS: Final = 5
ROUNDS_QUICK: Final = 2
TAKING_SECONDS: Final = 20.0
TAKING_SECONDS_QUICK: Final = 4.0

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Measure on the disk of this folder; by default that of temporary files.",
)
markdown_option = click.option(
    "--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Also write the table to this file."
)
engine_option = click.option(
    "--engine", "engines", type=click.Choice(ENGINES), multiple=True, help="Only this engine; may be given twice."
)
records_option = click.option(
    "--records",
    "sizes",
    type=click.IntRange(1000, RECORDS_MAX),
    multiple=True,
    help="A database of so many records; may be given more than once.",
)
quick_option = click.option("--quick", is_flag=True, help="Less of it, within 45 seconds.")


@click.group()
def bench() -> None:
    """Measure this machine: payments, search, sign-in, till, verify, start, memory.

    Everything is measured in a temporary folder that is deleted afterwards. The machine should have nothing else to do;
    where it has, the ratios to the reference say more than the rates.
    """


Option: TypeAlias = Callable[[click.Command], click.Command]
Work: TypeAlias = "Callable[..., Coroutine[object, object, Report]]"


def measurement(*options: Option) -> Callable[[Work], click.Command]:
    """A command of ``bench``: the function is given what it works with and its own ``options``, and reports."""

    def made(work: Work) -> click.Command:
        @bench.command(work.__name__.replace("_", "-"), help=work.__doc__)
        def command(folder: Path | None, markdown: Path | None, lang: str | None, *, as_json: bool, **own: Any) -> None:
            _run(lambda on: work(on, **own), folder, markdown, lang, as_json=as_json)

        everybody: tuple[Option, ...] = (folder_option, markdown_option, json_option, lang_option)
        for option in options + everybody:
            command = option(command)
        return command

    return made


@measurement(engine_option, quick_option)
async def payments(on: Measuring, *, engines: tuple[str, ...], quick: bool) -> Report:
    """Durable payments a second, into the act and through the API, beside pgbench's TPC-B."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    plan = area.PaymentsPlan(folder=on.folder, clock=on.clock, serving=serving, engines=engines or ENGINES)
    return await area.measure_payments(plan.quick() if quick else plan, on.progress)


@measurement(records_option, engine_option, quick_option)
async def search(on: Measuring, *, sizes: tuple[int, ...], engines: tuple[str, ...], quick: bool) -> Report:
    """A page of records by every filter, at several sizes."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    sizes = sizes or (RECORDS_QUICK if quick else RECORDS)
    return await area.measure_search(on.folder, on.clock, on.progress, sizes, engines or ENGINES[:1])


@measurement(quick_option)
async def sign_in(on: Measuring, *, quick: bool) -> Report:
    """Whether the time of a wrong sign-in tells that somebody has the address."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    pairs = area.PAIRS_QUICK if quick else area.PAIRS
    return await area.measure_sign_in(on.folder, on.clock, on.progress, pairs)


@measurement(quick_option)
async def till(on: Measuring, *, quick: bool) -> Report:
    """A cashier's minute in a real Chromium: a key, and from the scan to the result."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    return await area.measure_till(on.folder, on.clock, serving, on.progress, quick=quick)


@measurement(quick_option)
async def verify(on: Measuring, *, quick: bool) -> Report:
    """Leaves a second that are read from the store and proven."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    return await area.measure_verify(on.folder, on.clock, on.progress, _taking_seconds(quick=quick))


@measurement(records_option, quick_option)
async def start(on: Measuring, *, sizes: tuple[int, ...], quick: bool) -> Report:
    """From the start of the process to --help, and to a server that is ready; also on so many records."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    return await area.measure_start(on.folder, on.clock, on.progress, sizes, rounds=ROUNDS_QUICK if quick else ROUNDS)


@measurement(quick_option)
async def memory(on: Measuring, *, quick: bool) -> Report:
    """Memory of a server that has nothing to do, and of one with 256 callers."""
    from counterfoil import bench as area  # noqa: PLC0415 - after --help

    return await area.measure_memory(on.folder, on.clock, on.progress, _taking_seconds(quick=quick))


def _taking_seconds(*, quick: bool) -> float:
    return TAKING_SECONDS_QUICK if quick else TAKING_SECONDS


def _run(measure: Measure, folder: Path | None, markdown: Path | None, lang: str | None, *, as_json: bool) -> None:
    with telling_faults(lang, as_json=as_json):
        from counterfoil.doors.listening import run_until_told  # noqa: PLC0415 - after --help

        reports: list[Report] = []

        async def work() -> None:
            with bar("测量 / measuring") as progress:
                place = folder or Path(tempfile.gettempdir())
                reports.append(await measure(Measuring(place, SystemClock(), progress)))

        if run_until_told(work) or not reports:
            return
        _say(reports[0], markdown, as_json=as_json)


def _say(report: Report, markdown: Path | None, *, as_json: bool) -> None:
    if markdown is not None:
        markdown.write_text(report.markdown(), "utf-8")
    if as_json:
        say_json(report.plain())
        return
    from rich.console import Console  # noqa: PLC0415 - after --help
    from rich.table import Table  # noqa: PLC0415

    head, *rows = report.table()
    shown = Table(*head, title=report.title)
    for row in rows:
        shown.add_row(*row)
    console = Console()
    console.print(report.machine.sentence(), highlight=False)
    console.print(shown)
    for note in report.notes:
        console.print(f"- {note}", highlight=False)


@asynccontextmanager
async def serving(app: App, log: TextIO) -> AsyncIterator[str]:
    """The doors of ``app`` on a free port of loopback, while the block runs; their address."""
    from counterfoil.doors.listening import address_of, bind, listening_on  # noqa: PLC0415 - after --help

    with bind(LOOPBACK, 0) as bound:
        async with listening_on(app, bound, log):
            yield address_of(bound)
