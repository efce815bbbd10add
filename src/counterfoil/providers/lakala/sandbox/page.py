"""What can be chosen on this sandbox's page; it does what the control calls do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from counterfoil.basis import Money, NotMoney
from counterfoil.providers import sandbox_page
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick
from counterfoil.providers.lakala.sandbox.trick import BY_AMOUNT, Trick

if TYPE_CHECKING:
    from counterfoil.providers.lakala.sandbox.server import Sandbox

_NOTICES: Final[dict[str, sandbox_page.Said]] = {
    NoticeTrick.FORGED: ("签名不对", "signature that does not hold"),
    NoticeTrick.OTHER_AMOUNT: ("金额不符", "another amount"),
    NoticeTrick.OTHER_MERCHANT: ("别的商户", "another merchant"),
    NoticeTrick.NUMBERS: ("金额写成数字", "amounts as numbers"),
    NoticeTrick.UNKNOWN_FIELDS: ("多出不认识的字段", "unknown fields"),
    NoticeTrick.LOST: ("丢失，不发", "lost, never sent"),
    NoticeTrick.TWICE: ("发两遍", "sent twice"),
}
_EXTRA: Final[dict[str, sandbox_page.Said]] = {Trick.OTHER_CURRENCY: ("应答币种不符", "answered in another currency")}
_BY_AMOUNT: Final[dict[str, sandbox_page.Said]] = {row.trick: (row.zh, row.en) for row in reversed(BY_AMOUNT)}
_TRICKS: Final[dict[str, sandbox_page.Said]] = {str(trick): (_BY_AMOUNT | _EXTRA)[trick] for trick in Trick}
_PRINTED: Final = sandbox_page.Panel(
    do="printed",
    title=("有人扫收款码付款", "Somebody pays by the printed code"),
    button=("付款", "Pay"),
    fields=(
        sandbox_page.Field(name="amount", label=("金额（元）", "Amount (yuan)"), kind="amount", required=True),
        sandbox_page.Field(name="address", label=("通知地址", "Notice address"), kind="url"),
    ),
)
_FORGOTTEN: Final = (
    "沙箱重启后，还没送到的通知不会再发；要补发，用 POST /_control/notice。",
    "After a restart the sandbox sends no more of the notices that had not arrived; POST /_control/notice does.",
)
_HEADS: Final = (("订单号", "Order number"), ("类型", "Kind"), ("金额（元）", "Amount (yuan)"), ("状态", "State"))


def routes(sandbox: Sandbox) -> list[Route]:
    """The page, its form, its style."""
    return sandbox_page.page_routes(lambda _url: _shown(sandbox), lambda said: _done(sandbox, said))


def _shown(sandbox: Sandbox) -> sandbox_page.Shown:
    waiting = [_TRICKS[trick] for trick in sandbox.next] + [_NOTICES[trick] for trick in sandbox.notices.next]
    if sandbox.mode is not None:
        zh, en = _TRICKS[sandbox.mode]
        waiting.append((f"{sandbox_page.EVERY_CALL[0]}：{zh}", f"{sandbox_page.EVERY_CALL[1]}: {en}"))
    trades = [(one.order_no, one.kind, str(Money(one.amount)), one.state) for one in sandbox.ledger.trades()]
    return sandbox_page.Shown(
        title=("拉卡拉沙箱", "Lakala's sandbox"),
        waiting=waiting,
        panels=(
            sandbox_page.trick_panel("next", sandbox_page.NEXT_CALL, _TRICKS),
            sandbox_page.trick_panel("mode", sandbox_page.EVERY_CALL, {"": sandbox_page.AS_ALWAYS, **_TRICKS}),
            replace(
                sandbox_page.trick_panel(
                    "notice", sandbox_page.NEXT_NOTICE, {str(trick): said for trick, said in _NOTICES.items()}
                ),
                hint=_FORGOTTEN,
            ),
            _PRINTED,
        ),
        table=sandbox_page.Table(title=("最近的交易", "Newest trades"), heads=_HEADS, rows=trades),
    )


def _done(sandbox: Sandbox, said: Mapping[str, str]) -> bool:
    """Whether what the form says could be done."""
    try:
        match said.get("do"):
            case "next":
                sandbox.next.append(Trick(said.get("trick", "")))
            case "mode":
                sandbox.mode = Trick(said["trick"]) if said.get("trick") else None
            case "notice":
                sandbox.notices.next.append(NoticeTrick(said.get("trick", "")))
            case "printed":
                sandbox.printed_code_paid(Money.parse(said.get("amount", "")).minor, said.get("address", ""))
            case other if other == sandbox_page.CLEAR:
                sandbox.next.clear()
                sandbox.notices.next.clear()
                sandbox.mode = None
            case _:
                return False
    except (ValueError, NotMoney):
        return False
    return True
