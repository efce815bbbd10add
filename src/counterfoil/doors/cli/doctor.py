"""``counterfoil doctor provider``: are key, certificate, clock and network of each provider account right."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import click
from sqlalchemy import Select, select

from counterfoil.basis import Fault, Language
from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults
from counterfoil.providers.tables import provider_account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.basis import Clock, Settings
    from counterfoil.providers import Accounts, Checked, Looked, Named, SaidField
    from counterfoil.store import Reader, Row

# A record the provider has of us, and what it answered or why it did not.
Told: TypeAlias = "tuple[Named, Sequence[SaidField] | Fault]"
_WRONG: Final = 1
_ALL: Final[Select[Any]] = select(provider_account).order_by(provider_account.c.merchant_id, provider_account.c.name)
_WORDS: Final = {
    "settings": ("配置和密钥", "settings and keys"),
    "certificate": ("证书有效期", "certificates"),
    "network": ("网络", "network"),
    "clock": ("本机时间", "clock"),
    "answer": ("双方签名", "signatures"),
    "key": ("终端密钥", "terminal key"),
    "renewal": ("每日签到", "sign-in of the day"),
}
_SIGNS: Final = {True: ("正常", "right"), False: ("不对", "wrong"), None: ("没检测到", "not looked at")}


@click.group()
def doctor() -> None:
    """Check what this installation depends on, and say what to do where it is not right."""


@doctor.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@click.option("--account", help="Name of one provider account; by default all of them.")
@click.option("--known", is_flag=True, help="Ask too what the provider knows about us, where it tells.")
@json_option
@lang_option
def provider(
    data: Path, config: Path | None, account: str | None, *, known: bool, as_json: bool, lang: str | None
) -> None:
    """Ask each provider one signed question that moves nothing. Exit 0: all right; 1: it says what is not and why.

    A server may run beside it. Looked at are settings and keys, certificates, the network, the clock (ours against the
    Date of the answer), the signatures of both sides, and the sign-in of the day where the provider has one. With
    --known, the provider's own records of us are printed as it answers them, field by field.
    """
    with telling_faults(lang, as_json=as_json):
        spoken = language(lang)
        found = asyncio.run(_checked(data, config, account, known=known))
    good = bool(found) and all(checked.good for _, checked, _ in found)
    if as_json:
        say_json(
            {
                "good": good,
                "accounts": [_plain(row, checked, spoken) | _known(told, spoken) for row, checked, told in found],
            }
        )
    else:
        for row, checked, told in found:
            _print(row, checked, spoken)
            _print_known(told, spoken)
        if not found:
            click.echo("没有这个收款通道" if spoken == "zh-CN" else "There is no such provider account", err=True)
    sys.exit(0 if good else _WRONG)


async def _checked(
    data: Path, config: Path | None, name: str | None, *, known: bool
) -> list[tuple[Row, Checked, list[Told]]]:
    # After --help.
    from counterfoil.basis import SystemClock, read_settings  # noqa: PLC0415
    from counterfoil.providers import check  # noqa: PLC0415
    from counterfoil.store import open_reading  # noqa: PLC0415

    clock = SystemClock()
    settings = read_settings(config, os.environ)
    address, trusted = settings.database_address(data), settings.database.trusted_wire
    async with open_reading(address, clock=clock, trusted_wire=trusted) as source:
        rows = [row for row in await source.fetch(_ALL) if name in (None, row["name"])]
        with tempfile.TemporaryDirectory() as folder:
            accounts, close = _accounts(settings, data, source, clock, Path(folder))
            try:
                return [
                    (row, await check(accounts, row, clock), await _asked(accounts, row, clock) if known else [])
                    for row in rows
                ]
            finally:
                await close()


async def _asked(accounts: Accounts, row: Row, clock: Clock) -> list[Told]:
    """Each record its provider has of us, or why it did not give it."""
    from counterfoil.providers import known_of  # noqa: PLC0415 - after --help

    told: list[Told] = []
    for read in accounts.manifest(row["provider"]).reads:
        try:
            told.append((read, await known_of(accounts, row, read.key, clock)))
        except Fault as fault:
            told.append((read, fault))
    return told


def _accounts(settings: Settings, data: Path, source: Reader, clock: Clock, spooled: Path) -> tuple[Accounts, Any]:
    """The accounts as the server has them, with a way out of their own; what is said is not kept."""
    from counterfoil.basis import SystemEntropy, open_vault  # noqa: PLC0415 - after --help
    from counterfoil.providers import Accounts, Outage, Spool, Transport  # noqa: PLC0415

    entropy, path = SystemEntropy(), settings.seal_file(data)
    loopback = settings.server.loopback_sandboxes
    transport, spool = Transport(commit_open=lambda: False, loopback=loopback), Spool(spooled)

    async def close() -> None:
        await transport.close()
        spool.close()

    accounts = Accounts(
        sections=settings.providers,
        transport=transport,
        outage=Outage(clock),
        spool=spool,
        clock=clock,
        entropy=entropy,
        demonstration=source.installation.demonstration,
        vault=open_vault(path, entropy, may_make=False) if path.exists() else None,
    )
    return accounts, close


def _print(row: Row, checked: Checked, spoken: Language) -> None:
    at = 0 if spoken == "zh-CN" else 1
    took = "" if checked.took_ms is None else f" · {checked.took_ms} ms"
    click.echo(f"{row['name']} ({row['provider']}, {row['environment']}){took}")
    for one in checked.parts:
        click.echo(f"  {_WORDS[one.part][at]}: {_SIGNS[one.right][at]}")
        if one.fault is not None:
            told = one.fault.tell(spoken)
            click.echo(f"    {told.code} {told.what}\n    {told.do}")


def _print_known(told: list[Told], spoken: Language) -> None:
    at = 0 if spoken == "zh-CN" else 1
    for read, said in told:
        click.echo(f"  {read.words[at]}:")
        if isinstance(said, Fault):
            why = said.tell(spoken)
            click.echo(f"    {why.code} {why.what}\n    {why.do}")
            continue
        for one in said:
            word = f" ({one.word.words[at]})" if one.word else ""
            click.echo(f"    {one.name}{word}: {one.value}")


def _known(told: list[Told], spoken: Language) -> dict[str, object]:
    return {"known": {read.key: _said(said, spoken) for read, said in told}} if told else {}


def _said(said: Sequence[SaidField] | Fault, spoken: Language) -> dict[str, str]:
    if isinstance(said, Fault):
        why = said.tell(spoken)
        return {"code": why.code, "what": why.what, "do": why.do}
    return {one.name: one.value for one in said}


def _plain(row: Row, checked: Checked, spoken: Language) -> dict[str, object]:
    return {
        "merchant_id": row["merchant_id"],
        "account": row["name"],
        "provider": row["provider"],
        "environment": row["environment"],
        "good": checked.good,
        "took_ms": checked.took_ms,
        "parts": [_part(one, spoken) for one in checked.parts],
    }


def _part(one: Looked, spoken: Language) -> dict[str, object]:
    said: dict[str, object] = {"part": str(one.part), "right": one.right}
    if one.fault is not None:
        told = one.fault.tell(spoken)
        said |= {"code": told.code, "what": told.what, "do": told.do}
    return said
