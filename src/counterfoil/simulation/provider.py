"""The provider of the simulated world: Lakala's sandbox itself, spoken to in memory, and a liar when told to be."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping
from copy import copy
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.providers import Answer
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, NoticeTrick, Sandbox, Trade, Trick
from counterfoil.simulation.profile import Weather

BASE_URL: Final = "http://127.0.0.1:1"
_LIES: Final = (Trick.WRONG_SIGNATURE, Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT, Trick.TROUBLE, Trick.CUT_AFTER)
# What is no fault of anybody's: of a thousand charges so many end or go on like this.
_ORDINARY: Final = (
    (Trick.BALANCE, 20),
    (Trick.CODE_EXPIRED, 10),
    (Trick.LIMIT, 10),
    (Trick.PASSWORD, 60),
    (Trick.PASSWORD_NEVER, 10),
    (Trick.PASSWORD_CANCELLED, 20),
    (Trick.COUPON, 30),
)
_ODD_CODES: Final = (Trick.CODE_NEVER, Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE, Trick.CODE_REFUSED)
_CHARGES: Final = ("micropay", "preorder")
# What is not so in a notice: who signed it, whose it is, how much it is, that it was paid, which order it is about.
_NOT_SO: Final = ("signature", "merchant", "amount", "state", "order")
_TRICKS: Final = {"signature": NoticeTrick.FORGED, "merchant": NoticeTrick.OTHER_MERCHANT}
_ASGI: Final = {"version": "3.0"}


class Provider:
    """Answers calls in the order in which they arrive, and tells by itself. ``calls`` counts them.

    ``notify_url``: where a merchant is told; ``printed``: what was paid by the code on the counter, in fen by number.
    """

    def __init__(self, sandbox: Sandbox, dice: random.Random) -> None:
        """Lie by ``dice``, as often as ``weather`` has it."""
        self.sandbox = sandbox
        self.weather = Weather()
        self.calls = 0
        self.notify_url = ""
        self.counted: Counter[str] = Counter()
        self.printed: dict[str, int] = {}
        self._dice = dice
        self._telling: dict[asyncio.Task[bool], None] = {}
        self._app = sandbox.app()

    @property
    def busy(self) -> bool:
        """Whether something is still going to be told."""
        return bool(self._telling) or self.sandbox.busy

    def printed_code_paid(self, minor: int) -> None:
        """Somebody pays by the code on the counter."""
        trade = self.sandbox.printed_code_paid(minor, self.notify_url)
        self.printed[trade.order_no] = minor

    async def answer(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """What it says to one call; None where it breaks the connection off."""
        self.calls += 1
        path = urlsplit(url).path
        self.sandbox.mode = self._trick(path.rpartition("/")[2])
        self.sandbox.scan_seconds = self._dice.choice((3.0, 6.0, 20.0, 90.0, None))
        self.sandbox.password_seconds = self._dice.choice((4.0, 8.0, 30.0, 120.0))
        said = _Said()
        try:
            await self._app(_scope(path, headers), _giving(body), said.hear)
        finally:
            self.sandbox.mode = None
        if path.endswith(_CHARGES) and self.weather.notices_wrong:
            self._tell_wrong(json.loads(body)["req_data"])
        return said.whole()

    def _tell_wrong(self, asked: Mapping[str, Any]) -> None:
        """Of a charge that is not paid, a notice is sent in which something is not so."""
        trade = self.sandbox.ledger.find(MERCHANT_NO, order_no=asked["out_trade_no"])
        if trade is None or trade.state == "SUCCESS" or not self._happens(self.weather.notices_wrong):
            return
        not_so = self._dice.choice(_NOT_SO)
        self.counted[f"notice of another {not_so}"] += 1
        task = asyncio.get_running_loop().create_task(self._told_wrong(self._wrong(trade, not_so), _TRICKS.get(not_so)))
        self._telling[task] = None
        task.add_done_callback(lambda done: self._telling.pop(done, None))

    async def _told_wrong(self, trade: Trade, trick: NoticeTrick | None) -> bool:
        await asyncio.sleep(self._dice.choice((0.5, 2.0, 10.0, 60.0)) * self._dice.random())
        return await self.sandbox.notices.send(trade, trick)

    def _wrong(self, trade: Trade, not_so: str) -> Trade:
        told = copy(trade)
        told.notify_url = self.notify_url
        told.state = trade.state if not_so == "state" else "SUCCESS"
        told.amount += not_so == "amount"
        if not_so == "order":
            told.order_no = str(int(trade.order_no) + 1)
        return told

    def _trick(self, call: str) -> Trick | None:
        if self._happens(self.weather.lies):
            return self._dice.choice(_LIES)
        match call:
            case "micropay":
                return self._ordinary()
            case "preorder" if self._happens(self.weather.odd_codes):
                return self._dice.choice(_ODD_CODES)
            case "refund" if self._happens(self.weather.short):
                return Trick.FUNDS_SHORT
        return None

    def _ordinary(self) -> Trick | None:
        left = self._dice.randrange(1000)
        for trick, of_thousand in _ORDINARY:
            left -= of_thousand
            if left < 0:
                return trick
        return None

    def _happens(self, of_thousand: int) -> bool:
        return self._dice.randrange(1000) < of_thousand


class _Said:
    """An answer as ASGI gives it, in pieces."""

    def __init__(self) -> None:
        self._start: Mapping[str, Any] = {}
        self._body = bytearray()
        self._ended = False

    async def hear(self, message: Any) -> None:
        """Take one piece."""
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")
            self._ended = not message.get("more_body", False)

    def whole(self) -> Answer | None:
        """The answer; None where its end never came."""
        if not self._ended:
            return None
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._start["headers"]}
        return Answer(self._start["status"], headers, bytes(self._body))


def _scope(path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = [(b"host", b"127.0.0.1")]
    sent += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": _ASGI,
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": sent,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }


def _giving(body: bytes) -> Any:
    given = False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
