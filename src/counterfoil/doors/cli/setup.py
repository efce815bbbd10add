"""``counterfoil setup``: the first merchant, shop, terminal and administrator, on the machine itself."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.doors.cli.speaking import json_option, lang_option, language, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.basis import Settings
    from counterfoil.people import FirstMerchant, Merchant


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="Data folder.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings, a TOML file.")
@click.option("--merchant", required=True, help="Name of the merchant.")
@click.option("--shop", required=True, help="Name of the first shop.")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Time zone of the shop.")
@click.option("--terminal", default="T01", show_default=True, help="Short number of the first terminal.")
@click.option("--label", default="1", show_default=True, help="What people call that terminal.")
@click.option("--name", required=True, help="Name of the administrator.")
@click.option("--email", required=True, help="With what the administrator signs in to the office.")
@click.password_option(help="The administrator's office password; asked for where it is not given.")
@json_option
@lang_option
def setup(
    data: Path,
    config: Path | None,
    merchant: str,
    shop: str,
    zone: str,
    *,
    terminal: str,
    label: str,
    name: str,
    email: str,
    password: str,
    as_json: bool,
    lang: str | None,
) -> None:
    """Make the first merchant and its administrator; once, and while no server runs on the data folder.

    The same can be done in a browser at /setup, with the code that the server shows when it starts.
    """
    with telling_faults(lang, as_json=as_json):
        # After --help.
        from counterfoil.basis import CNY, Secret, read_settings  # noqa: PLC0415
        from counterfoil.people import FirstMerchant, NewShop, NewTerminal  # noqa: PLC0415

        asked = FirstMerchant(
            merchant=merchant,
            zone=zone,
            currency=CNY,
            shop=NewShop(name=shop, zone=zone),
            terminal=NewTerminal(number=terminal, label=label),
            name=name,
            email=email,
            password=Secret(password),
        )
        made = asyncio.run(_set_up(data, read_settings(config, os.environ), asked))
        if as_json:
            say_json({"merchant": {"id": made.merchant_id}})
        elif language(lang) == "zh-CN":
            click.echo(f"已设置好商户 {made.merchant_id}。请启动服务器，用管理员的邮箱登录 /office")
        else:
            click.echo(f"Merchant {made.merchant_id} is set up. Start the server and sign in at /office")


async def _set_up(data: Path, settings: Settings, asked: FirstMerchant) -> Merchant:
    from counterfoil.app import open_app  # noqa: PLC0415 - after --help
    from counterfoil.people import set_up  # noqa: PLC0415

    async with open_app(data, settings) as app:
        made = await set_up(app.people, asked, None)
        await app.signer.sign_all()
        return made
