"""``counterfoil bench``: how fast this machine is, each figure beside a reference measured in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, TypeAlias

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
quick_option = click.option("--quick", is_flag=True, help="Less of it, within 45 seconds.")


@click.group()
def bench() -> None:
    """Measure this machine: payments, search, till, verify, start, memory.

    Everything is measured in a temporary folder that is deleted afterwards. The machine should have nothing else to do;
    where it has, the ratios to the reference say more than the rates.
    """


@bench.command()
@click.option(
    "--engine", "engines", type=click.Choice(ENGINES), multiple=True, help="Only this engine; may be given twice."
)
@quick_option
@folder_option
@markdown_option
@json_option
@lang_option
def payments(
    engines: tuple[str, ...],
    folder: Path | None,
    markdown: Path | None,
    lang: str | None,
    *,
    quick: bool,
    as_json: bool,
) -> None:
    """Durable payments a second, into the act and through the API, beside pgbench's TPC-B."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        plan = area.PaymentsPlan(folder=on.folder, clock=on.clock, serving=serving, engines=engines or ENGINES)
        return await area.measure_payments(plan.quick() if quick else plan, on.progress)

    _run(measure, folder, markdown, lang, as_json=as_json)


@bench.command()
@click.option(
    "--records",
    "sizes",
    type=click.IntRange(1000, RECORDS_MAX),
    multiple=True,
    help="A database of so many records; may be given more than once.",
)
@quick_option
@folder_option
@markdown_option
@json_option
@lang_option
def search(
    sizes: tuple[int, ...], folder: Path | None, markdown: Path | None, lang: str | None, *, quick: bool, as_json: bool
) -> None:
    """A page of records by every filter, at several sizes."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        return await area.measure_search(
            on.folder, on.clock, on.progress, sizes or (RECORDS_QUICK if quick else RECORDS)
        )

    _run(measure, folder, markdown, lang, as_json=as_json)


@bench.command()
@quick_option
@folder_option
@markdown_option
@json_option
@lang_option
def till(folder: Path | None, markdown: Path | None, lang: str | None, *, quick: bool, as_json: bool) -> None:
    """A cashier's minute in a real Chromium: a key, and from the scan to the result."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        return await area.measure_till(on.folder, on.clock, serving, on.progress, quick=quick)

    _run(measure, folder, markdown, lang, as_json=as_json)


@bench.command()
@quick_option
@folder_option
@markdown_option
@json_option
@lang_option
def verify(folder: Path | None, markdown: Path | None, lang: str | None, *, quick: bool, as_json: bool) -> None:
    """Leaves a second that are read from the store and proven."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        seconds = TAKING_SECONDS_QUICK if quick else TAKING_SECONDS
        return await area.measure_verify(on.folder, on.clock, on.progress, seconds)

    _run(measure, folder, markdown, lang, as_json=as_json)


@bench.command()
@folder_option
@markdown_option
@json_option
@lang_option
def start(folder: Path | None, markdown: Path | None, lang: str | None, *, as_json: bool) -> None:
    """From the start of the process to --help, and to a server that is ready."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        return await area.measure_start(on.folder, on.clock, on.progress)

    _run(measure, folder, markdown, lang, as_json=as_json)


@bench.command()
@quick_option
@folder_option
@markdown_option
@json_option
@lang_option
def memory(folder: Path | None, markdown: Path | None, lang: str | None, *, quick: bool, as_json: bool) -> None:
    """Memory of a server that has nothing to do, and of one with 256 callers."""

    async def measure(on: Measuring) -> Report:
        from counterfoil import bench as area  # noqa: PLC0415 - after --help

        seconds = TAKING_SECONDS_QUICK if quick else TAKING_SECONDS
        return await area.measure_memory(on.folder, on.clock, on.progress, seconds)

    _run(measure, folder, markdown, lang, as_json=as_json)


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
