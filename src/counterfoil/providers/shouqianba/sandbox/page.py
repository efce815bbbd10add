"""What can be chosen on this sandbox's page; it does what the control calls do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from counterfoil.basis import Money
from counterfoil.providers import sandbox_page
from counterfoil.providers.shouqianba.sandbox.notices import NoticeTrick
from counterfoil.providers.shouqianba.sandbox.trick import BY_AMOUNT, Trick

if TYPE_CHECKING:
    from counterfoil.providers.shouqianba.sandbox.server import Sandbox

_NOTICES: Final[dict[str, sandbox_page.Said]] = {
    NoticeTrick.LOST: ("丢失，不发", "lost, never sent"),
    NoticeTrick.TWICE: ("发两遍", "sent twice"),
    NoticeTrick.LATE: ("一分钟后才发", "sent a minute late"),
    NoticeTrick.FORGED: ("签名不对", "signature that does not hold"),
    NoticeTrick.OTHER_TERMINAL: ("别的终端", "another terminal"),
    NoticeTrick.HEX: ("签名写成十六进制", "signature in hex"),
    NoticeTrick.BARE: ("只有签名，没有终端号", "signature without the terminal number"),
    NoticeTrick.BARE_HEX: ("只有签名，写成十六进制", "signature alone and in hex"),
    NoticeTrick.WRAPPED: ("套在应答的各层里", "wrapped like an answer"),
}
_EXTRA: Final[dict[str, sandbox_page.Said]] = {Trick.OTHER_CURRENCY: ("应答币种不符", "answered in another currency")}
# An amount of either entry plays a trick; the words of the first say what it is.
_BY_AMOUNT: Final[dict[str, sandbox_page.Said]] = {row.trick: (row.zh, row.en) for row in reversed(BY_AMOUNT)}
_TRICKS: Final[dict[str, sandbox_page.Said]] = {str(trick): (_BY_AMOUNT | _EXTRA)[trick] for trick in Trick}
_CUTS: Final[dict[str, sandbox_page.Said]] = {
    Trick.CUT_BEFORE: ("连接中断，什么也没做", "connection cut, nothing done"),
    Trick.CUT_AFTER: ("已照办，连接中断，回答丢失", "done, connection cut, the answer lost"),
}
_ACTIVATE: Final = ("下一次激活", "The next activation")
_CHECK_IN: Final = ("下一次签到", "The next check-in")
_HEADS: Final = (("订单号", "Order number"), ("方式", "Way"), ("金额（元）", "Amount (yuan)"), ("状态", "State"))


def routes(sandbox: Sandbox) -> list[Route]:
    """The page, its form, its style."""
    return sandbox_page.page_routes(lambda url: _shown(sandbox, url), lambda said: _done(sandbox, said))


def _shown(sandbox: Sandbox, url: str) -> sandbox_page.Shown:
    orders = [
        (one.client_sn, "pay" if one.scanned else "precreate", str(Money(one.total)), one.order_status)
        for one in sandbox.ledger.orders()
    ]
    cuts = {str(trick): said for trick, said in _CUTS.items()}
    return sandbox_page.Shown(
        title=("收钱吧沙箱", "Shouqianba's sandbox"),
        waiting=_waiting(sandbox),
        panels=(
            _activation(sandbox, url),
            sandbox_page.trick_panel("next", sandbox_page.NEXT_CALL, _TRICKS),
            sandbox_page.trick_panel("mode", sandbox_page.EVERY_CALL, {"": sandbox_page.AS_ALWAYS, **_TRICKS}),
            sandbox_page.trick_panel("activate", _ACTIVATE, cuts),
            sandbox_page.trick_panel("checkin", _CHECK_IN, cuts),
            sandbox_page.trick_panel(
                "notice", sandbox_page.NEXT_NOTICE, {str(trick): said for trick, said in _NOTICES.items()}
            ),
        ),
        table=sandbox_page.Table(title=("最近的订单", "Newest orders"), heads=_HEADS, rows=orders),
    )


def _activation(sandbox: Sandbox, url: str) -> sandbox_page.Panel:
    """What an activation is entered with. Nothing of it is anybody's but this sandbox's."""
    told = {"base_url": url, "device_id": sandbox.next_device, **sandbox.activation}
    free = [code.code for code in sandbox.ledger.codes.values() if code.left]
    lines = [f"{name}  {value}" for name, value in told.items()]
    return sandbox_page.Panel(
        do="code",
        title=("激活终端", "Activate a terminal"),
        button=("再发一个激活码", "Another activation code"),
        lines=(*lines, *(f"code  {code}" for code in free)),
    )


def _waiting(sandbox: Sandbox) -> list[sandbox_page.Said]:
    waiting = [_TRICKS[trick] for trick in sandbox.next]
    for about, queue in ((_ACTIVATE, sandbox.activate), (_CHECK_IN, sandbox.checkin)):
        waiting += [(f"{about[0]}：{_CUTS[trick][0]}", f"{about[1]}: {_CUTS[trick][1]}") for trick in queue]
    waiting += [_NOTICES[trick] for trick in sandbox.notices.next]
    if sandbox.mode is not None:
        zh, en = _TRICKS[sandbox.mode]
        waiting.append((f"{sandbox_page.EVERY_CALL[0]}：{zh}", f"{sandbox_page.EVERY_CALL[1]}: {en}"))
    return waiting


def _done(sandbox: Sandbox, said: Mapping[str, str]) -> bool:
    """Whether what the form says could be done."""
    do, trick = said.get("do"), said.get("trick", "")
    queues = {"activate": sandbox.activate, "checkin": sandbox.checkin}
    try:
        match do:
            case "next":
                sandbox.next.append(Trick(trick))
            case "activate" | "checkin" if trick in _CUTS:
                queues[do].append(Trick(trick))
            case "mode":
                sandbox.mode = Trick(trick) if trick else None
            case "notice":
                sandbox.notices.next.append(NoticeTrick(trick))
            case "code":
                sandbox.new_code()
            case other if other == sandbox_page.CLEAR:
                for queue in (sandbox.next, sandbox.activate, sandbox.checkin, sandbox.notices.next):
                    queue.clear()
                sandbox.mode = None
            case _:
                return False
    except ValueError:
        return False
    return True
