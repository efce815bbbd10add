"""``counterfoil verify``: whether an installation still says what its log says. Needs no server and no secret."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.basis import Language
from counterfoil.doors.cli.progress import bar
from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.evidence import Finding, Report

_WRONG: Final = 1


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Data folder.")
@click.option("--database", help="postgresql://… where the data is not in SQLite.")
@click.option("--keys", type=click.Path(path_type=Path), help="Folder with log_key.pub.pem, or that file.")
@click.option("--all", "all_", is_flag=True, help="Name everything that is wrong, not the first thing only.")
@json_option
@lang_option
def verify(data: Path, database: str | None, keys: Path | None, *, all_: bool, as_json: bool, lang: str | None) -> None:
    """Check database, log, checkpoints, tiles and every row. Exit 0: all holds; 1: it names what does not.

    A server may run beside it. The public key is read from --keys, else from <data>.keys or the data folder; a key that
    lies beside what it signed proves that both fit, so bring your own copy where it matters.
    """
    with telling_faults(lang, as_json=as_json):
        spoken = language(lang)
        with bar("核验 / verify") as on_progress:
            report = asyncio.run(_verify(data, database, keys, all_=all_, on_progress=on_progress))
    if as_json:
        say_json(_plain(report, spoken))
    else:
        _print(report, spoken, all_=all_)
    sys.exit(0 if report.sound else _WRONG)


async def _verify(
    data: Path, database: str | None, keys: Path | None, *, all_: bool, on_progress: Callable[[int, int], None]
) -> Report:
    # After --help. The app, because the tables of every area it wires are what is verified.
    import counterfoil.app  # noqa: F401, PLC0415
    from counterfoil.basis import SystemClock, read_settings  # noqa: PLC0415
    from counterfoil.evidence import Against, registry, verify  # noqa: PLC0415
    from counterfoil.payments import DayTotalsFold  # noqa: PLC0415
    from counterfoil.store import open_reading  # noqa: PLC0415

    clock = SystemClock()
    settings = read_settings(None, os.environ)
    address = database or settings.database_address(data)
    async with open_reading(address, clock=clock, trusted_wire=settings.database.trusted_wire) as source:
        key = _key(data, keys or settings.keys_dir(data))
        against = Against(data, key, registry(), clock.now(), (DayTotalsFold(source),))
        return await verify(source, against, on_progress=on_progress, all_=all_)


def _key(data: Path, keys: Path) -> bytes | None:
    from counterfoil.evidence import public_key, public_key_of  # noqa: PLC0415 - after --help

    if keys.is_file():
        return public_key_of(keys.read_bytes())
    found = public_key(data, keys)
    return found[0] if found else None


def _print(report: Report, spoken: Language, *, all_: bool) -> None:
    chinese = spoken == "zh-CN"
    for finding in report.findings:
        click.echo(f"{finding.found}: {finding.tell(spoken)}")
    counted = (
        f"{report.merchants} 个日志、{report.leaves} 条存证、{report.checkpoints} 个检查点、"
        f"{report.tiles} 个文件、{report.rows} 行记录"
        if chinese
        else f"{report.merchants} logs, {report.leaves} leaves, {report.checkpoints} checkpoints, "
        f"{report.tiles} files, {report.rows} rows"
    )
    if report.sound:
        click.echo(f"核验通过：{counted}" if chinese else f"Everything holds: {counted}")
        return
    if not all_:  # it stopped there, before anything was counted
        counted = "只报第一处，加 --all 全部列出" if chinese else "the first thing wrong; --all names all of them"
    click.echo(f"核验不通过：{counted}" if chinese else f"It does not hold: {counted}", err=True)


def _plain(report: Report, spoken: Language) -> dict[str, object]:
    return {
        "sound": report.sound,
        "merchants": report.merchants,
        "leaves": report.leaves,
        "checkpoints": report.checkpoints,
        "tiles": report.tiles,
        "rows": report.rows,
        "findings": [_finding(each, spoken) for each in report.findings],
    }


def _finding(finding: Finding, spoken: Language) -> dict[str, object]:
    said: dict[str, object] = {
        "found": finding.found.value,
        "merchant_id": finding.merchant_id,
        "table": finding.table,
        "key": list(finding.key) if finding.key else None,
        "position": finding.position,
        "path": finding.path,
        "size": finding.size,
        "why": finding.why,
    }
    return {name: value for name, value in said.items() if value is not None} | {"told": finding.tell(spoken)}
