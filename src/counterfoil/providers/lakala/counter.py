"""聚合收银台: an order at Lakala's cashier, which alone can take a card on a POS through a public call.

The order is paid at Lakala's own terminal beside the till, which the account names (``card_terminal``: ``vpos_id``).
Whether it was paid is asked, and told by a notice, never assumed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from counterfoil.basis import MICROS
from counterfoil.providers import (
    AT_TERMINAL,
    Approved,
    Charge,
    Declined,
    DeclineReason,
    Leg,
    Means,
    Outcome,
    Pending,
    Unknown,
    Why,
    followed,
)
from counterfoil.providers.lakala.answers import ASK_AFTER, CURRENCIES, Expected, parts_of_card
from counterfoil.providers.lakala.codes import COUNTER_OPEN, COUNTER_UNPAID, Said, meaning
from counterfoil.providers.lakala.gateway import Gateway
from counterfoil.providers.lakala.wire import Envelope, Unreadable, fen, wire_time, word

COUNTER_ENTRY: Final = AT_TERMINAL
CREATE: Final = "/api/v3/ccss/counter/order/special_create"
QUERY: Final = "/api/v3/ccss/counter/order/query"
CLOSE: Final = "/api/v3/ccss/counter/order/close"
_CARDS: Final = [{"busi_type": "UPCARD", "params": {"crd_flg": "CRDFLG_D|CRDFLG_C|CRDFLG_OTH"}}]
# Given once, whatever is not listed is refused: a card and nothing else.
_CARD_ONLY: Final = {
    "counter_param": json.dumps({"pay_mode": "CARD"}, separators=(",", ":")),
    "busi_type_param": json.dumps(_CARDS, separators=(",", ":")),
    "support_cancel": 0,
    "support_refund": 1,
    "support_repeat_pay": 0,
}
_NOTIFY_URL_MAX: Final = 128


class Counter:
    """The cashier of one account."""

    def __init__(self, means: Means, gateway: Gateway) -> None:
        self._means = means
        self._gateway = gateway

    async def create(self, call: Charge) -> Outcome:
        """special_create, for cards only: Pending until its end, which is ``code_seconds`` after it was asked for."""
        terminal = self._means.settings.get("card_terminal")
        if not terminal or not self._means.manifest.limits.allows(call.amount):
            return Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent")
        until = call.asked_at + int(call.code_seconds * MICROS)
        data = {
            **self._about(call.order_no),
            "vpos_id": terminal,
            "total_amount": call.amount.minor,
            "order_efficient_time": wire_time(until),
            "order_info": call.subject,
            **_CARD_ONLY,
            **self._notify(),
        }
        path = CREATE if not self._gateway.has_sm4() else f"{CREATE}_encry"
        said = await self._gateway.ask(path, data)
        return self._read(said, call.order_no, lambda answer: _made(answer, call.amount.minor, until))

    async def query(self, expected: Expected) -> Outcome:
        """What became of an order: paid only where a PAY of the whole amount succeeded."""
        said = await self._gateway.ask(QUERY, self._about(expected.order_no))
        outcome = self._read(said, expected.order_no, lambda answer: _became(answer, expected.amount_minor))
        refused = isinstance(outcome, Declined) and isinstance(said, Envelope) and said.resp_data is None
        # The question was refused; that says nothing about the order.
        return Unknown(Why.PROVIDER_TROUBLE, "question refused") if refused else outcome

    async def close(self, call: Leg) -> Outcome:
        """Close an order nobody paid, and ask whether it holds."""
        said = await self._gateway.ask(CLOSE, self._about(call.origin_order_no))
        if isinstance(said, Unknown) and said.why is Why.NOT_SENT:
            return said
        match await self.query(Expected("charge", call.origin_order_no, "", call.origin_amount.minor)):
            case Declined():
                return Approved()
            case Approved():
                return Declined(reason=DeclineReason.NOT_PERMITTED, code="paid")
            case Unknown() as unknown:
                return followed(unknown)
        return Unknown(Why.PROVIDER_TROUBLE, "not closed yet")

    def _notify(self) -> dict[str, str]:
        """Where notices shall come; a longer address than Lakala takes is left out, and the question stays."""
        url = self._means.notify_url
        return {} if url is None or len(url) > _NOTIFY_URL_MAX else {"notify_url": url}

    def _about(self, order_no: str) -> dict[str, Any]:
        return {"merchant_no": self._means.settings["merchant_no"], "out_order_no": order_no}

    def _read(self, said: Envelope | Unknown, order_no: str, read: Callable[[Mapping[str, Any]], Outcome]) -> Outcome:
        if isinstance(said, Unknown):
            return said
        meant, code = meaning(said.code, self._means.environment, Said.OK), said.code[:16]
        if isinstance(meant, DeclineReason):
            return Declined(reason=meant, code=code)
        if meant is not Said.OK:
            return Unknown(Why.NOT_FOUND if meant is Said.NOT_FOUND else Why.UNLISTED_CODE, code)
        data = said.resp_data or {}
        if any(word(data, name) != value for name, value in self._about(order_no).items()):
            return Unknown(Why.MISMATCH, "out_order_no or merchant_no")
        try:
            return read(data)
        except Unreadable as error:
            return Unknown(Why.UNREADABLE, str(error))


def _made(data: Mapping[str, Any], minor: int, until: int) -> Outcome:
    if wrong := _other(data, minor):
        return wrong
    return Pending(ask_after=ASK_AFTER, awaiting="customer", show_until=until)


def _became(data: Mapping[str, Any], minor: int) -> Outcome:
    if wrong := _other(data, minor):
        return wrong
    status = word(data, "order_status")
    if status in COUNTER_OPEN:
        return Pending(ask_after=ASK_AFTER, awaiting="customer")
    if status in COUNTER_UNPAID:
        return Declined(reason=COUNTER_UNPAID[status], code=f"status {status}")
    if status == "2":
        return _paid(data, minor)
    return Unknown(Why.RETURNED if status == "6" else Why.PROVIDER_TROUBLE, f"order_status {status}")


def _other(data: Mapping[str, Any], minor: int) -> Unknown | None:
    """What is about another amount or currency than ours says nothing."""
    if fen(data.get("total_amount")) != minor:
        return Unknown(Why.MISMATCH, "total_amount")
    return None if data.get("trans_currency") in CURRENCIES else Unknown(Why.MISMATCH, "trans_currency")


def _paid(data: Mapping[str, Any], minor: int) -> Outcome:
    listed = data.get("order_trade_info_list")
    trades = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    good = [trade for trade in trades if (trade.get("trade_type"), trade.get("trade_status")) == ("PAY", "S")]
    if len(good) != 1 or fen(good[0].get("trade_amount")) != minor:
        return Unknown(Why.MISMATCH, "trade_amount")
    return parts_of_card(good[0], minor)
