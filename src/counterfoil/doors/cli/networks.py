"""``counterfoil networks reset``: the way in for a merchant whose lists of networks lock everybody out."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults


@click.group()
def networks() -> None:
    """The networks from which a merchant's office, API and dangerous acts may be used; they are set in the office."""


@networks.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@click.option("--merchant", type=click.IntRange(1, 999_999_999), default=1, show_default=True, help="Its number.")
@json_option
@lang_option
def reset(data: Path, config: Path | None, merchant: int, *, as_json: bool, lang: str | None) -> None:
    """Take all lists of a merchant back to the defaults; the log says that it was done at the server.

    On SQLite stop the server first.
    """
    with telling_faults(lang, as_json=as_json):
        asyncio.run(_reset(data, config, merchant))
        if as_json:
            say_json({"reset": True, "merchant": merchant})
        elif language(lang) == "zh-CN":
            click.echo(f"商户 {merchant} 的可信网络已恢复默认")
        else:
            click.echo(f"The trusted networks of merchant {merchant} are back to the defaults")


async def _reset(data: Path, config: Path | None, merchant_id: int) -> None:
    # After --help.
    from counterfoil.app import open_app  # noqa: PLC0415
    from counterfoil.basis import read_settings  # noqa: PLC0415
    from counterfoil.people import MERCHANT_UNKNOWN, merchant, reset_networks  # noqa: PLC0415

    async with open_app(data, read_settings(config, os.environ)) as app:
        if await merchant(app.store, merchant_id) is None:
            raise MERCHANT_UNKNOWN()
        await reset_networks(app.people, merchant_id)
