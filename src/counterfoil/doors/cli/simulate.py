"""``counterfoil simulate``: days from a seed in which everything goes wrong that can, and an auditor at their ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.doors.cli.progress import bar
from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.simulation import Report

PROFILES: Final = ("calm", "rainy", "storm", "one-fault-only")


@click.command()
@click.option("--days", type=click.IntRange(1, 1_000_000), default=10, show_default=True, help="How many days.")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the first day; each later one adds 1."
)
@click.option("--profile", type=click.Choice(PROFILES), default="storm", show_default=True, help="The weather.")
@json_option
@lang_option
def simulate(days: int, seed: int, profile: str, *, as_json: bool, lang: str | None) -> None:
    """Live through days in virtual time: tills that retry and give up, a provider that lies, crashes, wrong clocks.

    The whole program runs, without doors, on a store in memory and against its providers' sandboxes. A day ends in an
    audit of records, providers' books, log and what people were told. Exit 0: every day clean; 1: an invariant did not
    hold, and the first is named with its day's seed, which replays it.
    """
    with telling_faults(lang, as_json=as_json):
        from counterfoil import simulation  # noqa: PLC0415 - after --help

        with bar(f"simulate {profile}") as progress:
            report = simulation.simulate(days=days, seed=seed, profile=profile, progress=progress)
        if as_json:
            say_json(_told(report, profile, seed))
        else:
            _say(report, profile, chinese=language(lang) == "zh-CN")
    sys.exit(0 if report.failed is None else 1)


def _told(report: Report, profile: str, seed: int) -> dict[str, Any]:
    failed = report.failed
    violated = None if failed is None else failed.violations[0]
    return {
        "profile": profile,
        "seed": seed,
        "clean_days": report.days,
        "digest": report.digest,
        "failed_seed": None if failed is None else failed.seed,
        "invariant": None if violated is None else violated.invariant,
        "what": None if violated is None else violated.what,
        "counted": dict(sorted(report.counted.items())),
    }


def _say(report: Report, profile: str, *, chinese: bool) -> None:
    counted = report.counted
    figures = {name: counted[name] for name in ("sales", "calls", "crashed", "killed")}
    if chinese:
        click.echo(
            f"{report.days} 天无误（{profile}）：收款 {figures['sales']} 笔，调用服务商 {figures['calls']} 次，"
            f"崩溃 {figures['crashed'] + figures['killed']} 次；摘要 {report.digest[:16]}"
        )
    else:
        click.echo(
            f"{report.days} clean days ({profile}): {figures['sales']} sales, {figures['calls']} calls, "
            f"{figures['crashed'] + figures['killed']} crashes; digest {report.digest[:16]}"
        )
    if report.failed is not None:
        violated = report.failed.violations[0]
        click.echo(f"{violated.invariant}: {violated.what}", err=True)
        click.echo(f"counterfoil simulate --days 1 --seed {report.failed.seed} --profile {profile}", err=True)
