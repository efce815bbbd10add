"""``counterfoil people reset-factors``: the way back of an administrator who is alone and has lost every factor."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.basis import Secret


@click.group()
def people() -> None:
    """Who signs in to a merchant's office; they are added and changed there."""


@people.command("reset-factors")
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True, help="Data folder."
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@click.option("--merchant", type=click.IntRange(1, 999_999_999), default=1, show_default=True, help="Its number.")
@click.option("--email", required=True, help="With what the person signs in to the office.")
@json_option
@lang_option
def reset_factors(
    data: Path, config: Path | None, merchant: int, email: str, *, as_json: bool, lang: str | None
) -> None:
    """Make the code with which somebody who lost every second factor sets up a new one; the log says it was done here.

    The password is still asked for, and no page opens before a new factor stands. On SQLite stop the server first.
    """
    with telling_faults(lang, as_json=as_json):
        code = asyncio.run(_begin(data, config, merchant, email)).reveal()
        if as_json:
            say_json({"code": code, "merchant": merchant})
        elif language(lang) == "zh-CN":
            click.echo(f"重设码（24 小时有效，只能用一次）：{code}")
            click.echo("请启动服务器，用邮箱和密码登录后台，在「设备不在身边？」里输入，再重新设置第二重验证")
        else:
            click.echo(f"Reset code (good for 24 hours, once): {code}")
            click.echo("Start the server, sign in with e-mail and password, enter it under Device not at hand?")


async def _begin(data: Path, config: Path | None, merchant_id: int, email: str) -> Secret[str]:
    # After --help.
    from counterfoil.app import open_app  # noqa: PLC0415
    from counterfoil.basis import read_settings  # noqa: PLC0415
    from counterfoil.factors import begin_reset_at_machine  # noqa: PLC0415
    from counterfoil.people import MERCHANT_UNKNOWN, merchant  # noqa: PLC0415

    async with open_app(data, read_settings(config, os.environ)) as app:
        if await merchant(app.store, merchant_id) is None:
            raise MERCHANT_UNKNOWN()
        return await begin_reset_at_machine(app.factors, merchant_id, email)
