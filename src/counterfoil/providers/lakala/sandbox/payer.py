"""The customer's side of a shown code: the page its URL leads to, where somebody pays it or lets it be.

Of an order at the cashier for a card the page is the card terminal: a card is taken there, or declined by its bank.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from counterfoil.basis import Clock, Money
from counterfoil.providers.lakala.sandbox.calls import by_card, pay
from counterfoil.providers.lakala.sandbox.counter import decline
from counterfoil.providers.lakala.sandbox.ledger import UPCARD, Ledger, Trade

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>沙箱付款 · Sandbox payment</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 24rem; padding: 2rem 1rem;
text-align: center }}
b {{ display: block; font-size: 40px; margin: 1rem 0 }}
button {{ font: inherit; font-size: 20px; width: 100%; min-height: 56px; margin: .5rem 0; border-radius: 8px;
border: 1px solid #0b6b6b; background: #fff;
color: #0b6b6b }}
button.pay {{ background: #0b6b6b; color: #fff }}
</style></head>
<body><p>拉卡拉沙箱：没有真钱<br>Lakala's sandbox: no real money</p><b>{amount}</b>{rest}</body></html>"""
_FORM: Final = """<form method="post"><button class="pay" name="do" value="pay">付款 {amount} · Pay</button>
<button name="do" value="leave">不付了 · Leave it</button></form>"""
_TERMINAL: Final = """<form method="post"><button class="pay" name="do" value="pay">挥卡 {amount} · Tap a card</button>
<button name="do" value="decline">发卡行拒绝 · Declined by its bank</button></form>"""
_SAID: Final = {
    "paid": "<h1>已付款 · Paid</h1>",
    "ended": "<h1>收款码已失效，没有扣款<br>The code has ended; nothing was taken</h1>",
    "declined": "<h1>发卡行拒绝，没有扣款<br>Declined by the card's bank; nothing was taken</h1>",
    "left": "<h1>没有付款 · Not paid</h1>",
}


def routes(ledger: Ledger, clock: Clock) -> list[Route]:
    """One address a code."""

    def page(act: Callable[[Trade, Request], Awaitable[str]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            number = request.path_params["trade_no"]
            trade = ledger.find(request.path_params["merchant_no"], number=number)
            if trade is None or trade.until is None:
                return Response(status_code=404)
            amount = str(Money(trade.amount))
            rest = await act(ledger.turn(trade, clock.now()), request)
            return HTMLResponse(_PAGE.format(amount=escape(amount), rest=rest), headers=_HEADERS)

        return endpoint

    async def shown(trade: Trade, _: Request) -> str:
        if trade.state == "CREATE" and clock.now() < (trade.until or 0):
            form = _TERMINAL if by_card(trade) else _FORM
            return form.format(amount=escape(str(Money(trade.amount))))
        if trade.state == "FAIL":
            return _SAID["declined"]
        return _SAID["ended" if trade.state in {"CREATE", "CLOSE"} else "paid"]

    async def done(trade: Trade, request: Request) -> str:
        if trade.account_type == UPCARD and b"do=decline" in await request.body():
            return _SAID["declined" if decline(ledger, trade, clock.now()) else "ended"]
        if b"do=pay" not in await request.body():
            return _SAID["left"]
        return _SAID["paid" if pay(ledger, trade, clock.now()) or trade.left else "ended"]

    where = "/pay/{merchant_no}/{trade_no}"
    return [Route(where, page(shown), methods=["GET"]), Route(where, page(done), methods=["POST"])]
