"""The sandbox's notices: what was paid while nobody held the line, told to the address the charge named.

Sent at once, and again after the pauses that Lakala publishes for its cashier (its labs calls' are not public), until
the merchant answers SUCCESS. Only addresses on this machine are told anything.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from copy import copy
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.basis import MICROS, Clock, Entropy
from counterfoil.providers import NoAnswer, NotSent, Transport, is_loopback
from counterfoil.providers.lakala.sandbox import counter, said
from counterfoil.providers.lakala.sandbox.ledger import Trade
from counterfoil.providers.lakala.signing import Signer
from counterfoil.providers.lakala.wire import wire_time

# 1s/5s/5s/10s/3m/10m/20m/30m/1h/2h, 4 h 3 min 21 s in all.
SCHEDULE: Final = (1, 5, 5, 10, 180, 600, 1200, 1800, 3600, 7200)
_OK: Final = 200


class NoticeTrick(StrEnum):
    """How a notice can be other than right."""

    FORGED = "forged"  # signed with the merchant's side knowing nothing of it: the signature does not hold
    OTHER_AMOUNT = "other_amount"
    OTHER_MERCHANT = "other_merchant"
    NUMBERS = "numbers"  # amounts as numbers
    UNKNOWN_FIELDS = "unknown_fields"
    LOST = "lost"  # never sent
    TWICE = "twice"


class Notices:
    """Sends them. ``next`` are tricks for the coming ones, in order; ``answers`` what was answered, newest last."""

    def __init__(
        self, platform: Signer, *, clock: Clock, entropy: Entropy, new_transport: Callable[[], Transport]
    ) -> None:
        self.next: list[NoticeTrick] = []
        self.answers: list[tuple[str, str]] = []
        self._platform = platform
        self._clock = clock
        self._entropy = entropy
        self._new_transport = new_transport
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is still being told."""
        return bool(self._tasks)

    def begin(self, trade: Trade) -> None:
        """Tell of a paid trade from now on, beside whatever else happens."""
        if not trade.notify_url or not is_loopback(urlsplit(trade.notify_url).hostname or ""):
            return
        trick = self.next.pop(0) if self.next else None
        if trick is NoticeTrick.LOST:
            return
        for _ in range(2 if trick is NoticeTrick.TWICE else 1):
            task = asyncio.get_running_loop().create_task(self._tell(copy(trade), trick))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell nothing any more."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, trade: Trade, trick: NoticeTrick | None) -> None:
        for pause in (0, *SCHEDULE):
            await self._clock.sleep(pause)
            if await self.send(trade, trick):
                return

    async def send(self, trade: Trade, trick: NoticeTrick | None = None) -> bool:
        """Send one notice now; whether the merchant answered SUCCESS."""
        body = notice_body(trade, trick)
        headers = {
            "Authorization": self.authorization(body + b" " if trick is NoticeTrick.FORGED else body),
            "Content-Type": "application/json;charset=UTF-8",
        }
        transport = self._new_transport()
        try:
            answer = await transport.post(trade.notify_url, headers, body)
        except (NotSent, NoAnswer) as error:
            self.answers.append((trade.order_no, type(error).__name__))
            return False
        finally:
            await transport.close()
        code = _code(answer.body) if answer.status == _OK else f"HTTP {answer.status}"
        self.answers.append((trade.order_no, code))
        return code == "SUCCESS"

    def authorization(self, body: bytes) -> str:
        """The header of a notice with this body."""
        timestamp = str(self._clock.now() // MICROS)
        return self._platform.notice_authorization(timestamp, self._entropy.bytes(6).hex(), body)


def notice_body(trade: Trade, trick: NoticeTrick | None = None) -> bytes:
    """What is told of a trade: the shape of real notices, keys in alphabetical order, no envelope."""
    if trade.account_type == counter.CARD:
        return _written(_wronged(counter.told_of(trade), trade, trick))
    told: dict[str, Any] = {
        **said.about(trade),
        **said.customer(trade),
        "notify_url": trade.notify_url,
        "sub_mch_id": "",
        "trade_req_date": wire_time(trade.at)[:8],
        "trade_state": trade.state,
        "trade_status": trade.state,
    }
    return _written(_wronged(told, trade, trick))


def _wronged(told: dict[str, Any], trade: Trade, trick: NoticeTrick | None) -> dict[str, Any]:
    match trick:
        case NoticeTrick.OTHER_AMOUNT:
            told["total_amount"] = str(trade.amount + 1)
        case NoticeTrick.OTHER_MERCHANT:
            told["merchant_no"] = "82200000SOMEONE"
        case NoticeTrick.NUMBERS:
            told |= {name: int(value) for name, value in told.items() if name.endswith("_amount")}
        case NoticeTrick.UNKNOWN_FIELDS:
            told |= {"promotion_detail": None, "zz_unknown": {"deep": [1, "二", None]}}
    return told


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(dict(sorted(told.items())), ensure_ascii=False, separators=(",", ":")).encode()


def way_out() -> Transport:
    """Over the network, as the sandbox tells by itself."""
    return Transport(commit_open=_never, total_seconds=5, loopback=True)


def _never() -> bool:
    return False


def _code(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return "unreadable"
    return str(said.get("code")) if isinstance(said, dict) else "unreadable"
