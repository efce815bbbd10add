"""``counterfoil demo``: everything on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.doors.cli.progress import bar
from counterfoil.doors.cli.speaking import json_option, lang_option, say_json, telling_faults

if TYPE_CHECKING:
    from counterfoil.demo import Demonstration, SignIn

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8460
PAYMENTS: Final = 50_000
_SANDBOX_PAGE: Final = "/_control/page"
# In a file, because a person reads the terminal.
LOG_NAME: Final = "demonstration.log"
_ROLES: Final = {"cashier": "收银员 cashier", "supervisor": "主管 supervisor", "administrator": "管理员 administrator"}

_TO_TRY: Final = (
    "接着试试 | What to try next:",
    "1. 用收银员登录，收款 38.00，扫付款码 134567890123456789",
    "   sign in as a cashier, take 38.00, scan the code 134567890123456789",
    "2. 收款 66.04：顾客要输密码；66.01：余额不足；66.09：连接中断，结果待确认",
    "   take 66.04: the customer is asked for a password; 66.01: not enough balance; 66.09: cut off, outcome unknown",
    "3. 在交易记录里撤销或退款，用主管的号和密码",
    "   void or refund it from the records, with a supervisor's number and password",
    "4. 用管理员登录后台：看今天、核验存证",
    "   sign in to the office as an administrator: look at today, verify the evidence",
    "5. 后台“收款通道”里激活收钱吧：要填的在它的沙箱页上",
    "   under Channels in the office, activate Shouqianba: what to enter stands on the page of its sandbox",
    "6. 核验全部记录 | check every record:",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    data: Path
    seed: str | None
    payments: int
    bound: socket.socket
    address: str


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of the demonstration; its keys stand beside it in <folder>.keys.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--host-port", type=click.IntRange(0, 65535), help="Accepted and kept free: nothing listens on it yet.")
@click.option(
    "--payments",
    type=click.IntRange(1, PAYMENTS),
    default=PAYMENTS,
    show_default=True,
    help="How many payments before today; fewer begin sooner. Counts at the first start only.",
)
@click.option("--seed", help="Another made-up past; counts at the first start only.")
@json_option
@lang_option
def demo(
    data: Path,
    port: int,
    host_port: int | None,  # noqa: ARG001 - accepted from the first day
    payments: int,
    seed: str | None,
    *,
    as_json: bool,
    lang: str | None,
) -> None:
    """Set up and run the demonstration on this machine: three small shops, their last year, a provider's sandbox.

    The first start makes the year, 50,000 payments, in less than half a minute.
    Everything listens on loopback and lies in one folder. A later start on the same folder goes on where it was. It
    prints the addresses of till and office, the sign-ins and an API key; with --json as one line, once all is ready.
    Ctrl-C or SIGTERM ends it.
    """
    with telling_faults(lang, as_json=as_json):
        from counterfoil.doors.listening import address_of, bind, run_until_told  # noqa: PLC0415 - after --help

        ready = _say_json if as_json else _print
        with bind(LOOPBACK, port) as bound:
            asked = _Asked(data, seed, payments, bound, address_of(bound))
            run_until_told(lambda: _run(asked, ready))


async def _run(asked: _Asked, ready: Callable[[Demonstration, _Asked], None]) -> None:
    # After --help.
    from counterfoil.demo import SEED, open_demonstration  # noqa: PLC0415
    from counterfoil.doors.listening import listening_on  # noqa: PLC0415
    from counterfoil.doors.worker import working  # noqa: PLC0415

    async with AsyncExitStack() as closing:
        with bar("准备演示 / preparing") as on_progress:
            opening = open_demonstration(
                asked.data, seed=asked.seed or SEED, payments=asked.payments, on_progress=on_progress
            )
            demonstration = await closing.enter_async_context(opening)
        await closing.enter_async_context(working(demonstration.app))
        log = closing.enter_context((asked.data / LOG_NAME).open("a", encoding="utf-8", buffering=1))
        serving = await closing.enter_async_context(listening_on(demonstration.app, asked.bound, log))
        ready(demonstration, asked)
        await serving


def _say_json(demonstration: Demonstration, asked: _Asked) -> None:
    say_json(
        {
            "ready": True,
            "urls": _urls(demonstration, asked),
            "merchant": {"id": demonstration.merchant_id},
            "shops": [{"id": shop.id, "name": shop.name} for shop in demonstration.shops],
            "terminals": [
                {"id": terminal.id, "shop_id": terminal.shop_id, "number": terminal.number}
                for terminal in demonstration.terminals
            ],
            "sign_ins": _sign_ins(demonstration),
            "api_key": demonstration.api_key.reveal(),
        }
    )


def _sign_ins(demonstration: Demonstration) -> list[dict[str, str]]:
    """Everybody at the till, then who may into the office, which has no terminal."""
    till = [{"where": "till", "terminal": each.terminal, **_who(each)} for each in demonstration.sign_ins]
    return till + [{"where": "office", **_who(each), "email": each.email or ""} for each in _office(demonstration)]


def _who(each: SignIn) -> dict[str, str]:
    return {"operator": each.operator, "password": each.password, "role": each.role.value}


def _office(demonstration: Demonstration) -> list[SignIn]:
    return [each for each in demonstration.sign_ins if each.email]


def _urls(demonstration: Demonstration, asked: _Asked) -> dict[str, str]:
    return {
        "till": f"{asked.address}/till",
        "office": f"{asked.address}/office",
        "api": f"{asked.address}/api/v1",
        **{f"sandbox_{provider}": url for provider, url in demonstration.sandbox_urls.items()},
    }


def _one_of_each(sign_ins: Iterable[SignIn]) -> list[SignIn]:
    """The first of each role in each shop."""
    first: dict[tuple[str, str], SignIn] = {}
    for each in sign_ins:
        first.setdefault((each.shop, each.role.value), each)
    return list(first.values())


def _print(demonstration: Demonstration, asked: _Asked) -> None:
    """The same for a person, in both languages: whoever tries it first has chosen none yet."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - only here
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from counterfoil.demo import STATE_NAME  # noqa: PLC0415

    urls = _urls(demonstration, asked)
    table = Table(
        "门店 shop", "终端 till", "操作员 operator", "密码 password", "角色 role", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for each in _one_of_each(demonstration.sign_ins):
        table.add_row(each.shop, each.terminal, each.operator, each.password, _ROLES[each.role.value])
    click.echo("这是演示：数据是编的，没有真钱。 This is a demonstration: made-up data, no real money.")
    click.echo("三家小店，一年 5 万笔，每天约 137 笔；这一年没有银行卡，这部分按扫码计。")
    click.echo(
        "Three small shops: 50,000 payments a year are 137 a day. Its year holds no cards; codes stand for them.\n"
    )
    click.echo(f"收银台 till           {urls['till']}")
    click.echo(f"后台 office           {urls['office']}   邮箱 e-mail: 99@example.com（号 number + @…），同一密码")
    click.echo(f"接口 API              {urls['api']}   说明 reference: {asked.address}/api/docs")
    click.echo(f"拉卡拉沙箱 sandbox     {urls['sandbox_lakala']}{_SANDBOX_PAGE}")
    click.echo(f"收钱吧沙箱 sandbox     {urls['sandbox_shouqianba']}{_SANDBOX_PAGE}   激活码在此 its activation code")
    click.echo(f"接口密钥 API key      {demonstration.api_key.reveal()}")
    click.echo(f"数据文件夹 folder     {asked.data}   日志 log: {asked.data / LOG_NAME}\n")
    Console(highlight=False).print(table)
    click.echo(f"其他人 the others     {asked.data / STATE_NAME}\n")
    for line in _TO_TRY:
        click.echo(line)
    click.echo(f"   counterfoil verify --data {asked.data}\n")
    click.echo("按 Ctrl-C 结束；再次启动会接着用这个文件夹。 Ctrl-C ends it; the next start goes on with this folder.")
