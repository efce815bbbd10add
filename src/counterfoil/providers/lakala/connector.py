"""Lakala's six calls as a Connector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from counterfoil.basis import MICROS, Money
from counterfoil.providers import (
    Answered,
    Charge,
    Connector,
    Declined,
    DeclineReason,
    Leg,
    Means,
    Notice,
    NoticeReply,
    NotOurs,
    Outcome,
    Query,
    Unknown,
    Why,
    field_wrong,
    followed,
    settings_wrong,
)
from counterfoil.providers.lakala.answers import Expected, of_call, of_close, of_preorder, of_prepay, of_query
from counterfoil.providers.lakala.counter import COUNTER_ENTRY, Counter
from counterfoil.providers.lakala.gateway import Gateway
from counterfoil.providers.lakala.notice import read_notice, reply
from counterfoil.providers.lakala.prepay import to_pay
from counterfoil.providers.lakala.reads import MERCHANT_READS, TERMINAL_READS, passed_on
from counterfoil.providers.lakala.refunds import CARD, REFUND_CALLS, REFUND_FEE, TRADEQUERY, RefundCall
from counterfoil.providers.lakala.signing import Signer, certificates, private_key
from counterfoil.providers.lakala.sm4 import Sm4
from counterfoil.providers.lakala.wire import Envelope

MICROPAY: Final = "/api/v3/labs/trans/micropay"
PREORDER: Final = "/api/v3/labs/trans/preorder"
REVOKED: Final = "/api/v3/labs/relation/revoked"
CLOSE: Final = "/api/v3/labs/relation/close"
_NATIVE: Final = "41"
# What trans_type 41 makes a code for. WeChat's needs 51 or 71: an official account or a mini-program.
_ACCOUNT_TYPES: Final = {"alipay": "ALIPAY", "unionpay": "UQRCODEPAY"}
_SHOWN: Final = "merchant_code"
_SUBJECT_MAX: Final = 42
_NOTIFY_URL_MAX: Final = 128
_Read = TypeVar("_Read")


def connector(means: Means) -> Connector:
    """The connector of a Lakala account. Raises Refused CF-4204 where a key or certificate cannot be read."""
    settings = means.settings
    return Lakala(
        means,
        Signer(settings["appid"], settings["serial_no"], _readable("private_key", settings, private_key)),
        _readable("platform_certs", settings, certificates),
        None if not settings.get("sm4_key") else _readable("sm4_key", settings, lambda raw: Sm4(raw.decode())),
        _readable("notice_certs", settings, certificates) if settings.get("notice_certs") else None,
    )


def _readable(field: str, settings: Mapping[str, str], read: Callable[[bytes], _Read]) -> _Read:
    try:
        return read(settings[field].encode())
    except ValueError as error:
        raise settings_wrong("key", field=field, key=field) from error


class Lakala:
    """One account. Every method ends in an Outcome, whatever the network or the platform does."""

    def __init__(
        self,
        means: Means,
        signer: Signer,
        certificates: Mapping[int, Any],
        sm4: Sm4 | None = None,
        of_notices: Mapping[int, Any] | None = None,
    ) -> None:
        """``certificates``: the platform's keys by certificate serial. ``sm4``: for the encrypted forms.

        ``of_notices``: the keys of notices, where they are others than those of answers.
        """
        self._means = means
        self._of_notices = certificates if of_notices is None else of_notices
        self._sm4 = sm4
        self._gateway = Gateway(means, signer, certificates, sm4)
        self._refunds = REFUND_CALLS[means.settings.get("refund_call") or "labs"]
        self._counter = Counter(means, self._gateway)

    async def charge(self, call: Charge) -> Answered:
        """micropay: take the money behind the customer's payment code; or preorder: make a code for the customer."""
        if call.entry == _SHOWN:
            return await self._show(call)
        if call.entry == COUNTER_ENTRY:
            return Answered(await self._counter.create(call))
        if call.auth_code is None or not self._allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        data = {
            "out_trade_no": call.order_no,
            "auth_code": call.auth_code.reveal(),
            "total_amount": str(call.amount.minor),
            "busi_mode": "ACQ",
            "subject": call.subject[:_SUBJECT_MAX],
            "location_info": self._location(),
            **self._notify(),
        }
        return await self._call(
            self._form(MICROPAY), data, Expected("charge", call.order_no, self._merchant_no, call.amount.minor)
        )

    async def _show(self, call: Charge) -> Answered:
        """preorder, trans_type 41 (C扫B): the code is for one wallet and ends after ``timeout_express`` minutes."""
        account_type = _ACCOUNT_TYPES.get(call.wallet or "")
        minutes = int(call.code_seconds // 60)
        if account_type is None or minutes < 1 or not self._allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        data = {
            "out_trade_no": call.order_no,
            "account_type": account_type,
            "trans_type": _NATIVE,
            "total_amount": str(call.amount.minor),
            "busi_mode": "ACQ",
            "subject": call.subject[:_SUBJECT_MAX],
            "location_info": self._location(),
            **self._notify(),
            "acc_busi_fields": {"timeout_express": str(minutes)},
        }
        expected = Expected("code", call.order_no, self._merchant_no, call.amount.minor)
        said = await self._exchange(self._form(PREORDER), data)
        if not isinstance(said, Envelope):
            return Answered(said)
        until = call.asked_at + minutes * 60 * MICROS
        return Answered(of_preorder(said, expected, self._means.environment, until=until))

    async def prepay(self, call: Charge, account_type: str, trans_type: str, **payer: str) -> dict[str, str] | Outcome:
        """Preorder for a page, an app or a mini-program (51, 61, 71): what the wallet there needs to pay ``call``.

        ``payer``: ``sub_appid`` and ``user_id``, where that way needs them. Anything but what is needed is an Outcome.
        """
        fields = {"timeout_express": str(max(1, int(call.code_seconds // 60))), **payer}
        data = {
            "out_trade_no": call.order_no,
            "account_type": account_type,
            "trans_type": trans_type,
            "total_amount": str(call.amount.minor),
            "busi_mode": "ACQ",
            "subject": call.subject[:_SUBJECT_MAX],
            "location_info": self._location(),
            "acc_busi_fields": fields,
            **self._notify(),
        }
        said = await self._exchange(self._form(PREORDER), data)
        if not isinstance(said, Envelope):
            return said
        expected = Expected("code", call.order_no, self._merchant_no, call.amount.minor)
        return of_prepay(said, expected, self._means.environment, lambda told: to_pay(told, account_type, trans_type))

    async def query(self, call: Query) -> Answered:
        """tradequery, by our own number: a charge, a void, a reversal or a refund."""
        expected = Expected(call.kind, call.order_no, self._merchant_no, call.amount.minor)
        if call.entry == COUNTER_ENTRY and call.kind == "charge":
            return Answered(await self._counter.query(expected))
        if call.kind == "refund":
            way = self._way_back(call.entry)
            said = await self._exchange(way.query_path, {way.number: call.order_no})
            if not isinstance(said, Envelope):
                return Answered(said)
            return Answered(way.found(said, expected, self._means.environment))
        said = await self._exchange(TRADEQUERY, {"out_trade_no": call.order_no})
        return Answered(said if not isinstance(said, Envelope) else of_query(said, expected, self._means.environment))

    async def void(self, call: Leg) -> Answered:
        """revoked: always the whole payment."""
        return await self._undo("void", call)

    async def reverse(self, call: Leg) -> Answered:
        """revoked, for an attempt whose outcome is unknown; close for one whose code was shown."""
        if call.origin_entry == _SHOWN:
            return Answered(await self._close(call))
        if call.origin_entry == COUNTER_ENTRY:
            return Answered(await self._counter.close(call))
        return await self._undo("reversal", call)

    async def _close(self, call: Leg) -> Outcome:
        """关单 (close), and then the question whether it holds: what was paid in the same moment is not closed."""
        data = {"origin_out_trade_no": call.origin_order_no, "location_info": self._location()}
        said = await self._exchange(CLOSE, data)
        if isinstance(said, Unknown) and said.why is Why.NOT_SENT:
            return said
        charge = Query(
            order_no=call.origin_order_no, amount=call.origin_amount, kind="charge", asked_at=call.origin_asked_at
        )
        now = followed((await self.query(charge)).outcome)
        return of_close(said if isinstance(said, Envelope) else None, now, self._means.environment)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | NotOurs:
        """A labs or cashier notice, verified on its raw bytes."""
        return read_notice(headers, body, self._of_notices, self._merchant_no)

    def notice_reply(self, refused: str | None = None) -> NoticeReply:
        """SUCCESS, or FAIL with our code."""
        return reply(refused)

    async def refund(self, call: Leg) -> Answered:
        """refund: whole or in part, under its own number."""
        way = self._way_back(call.origin_entry)
        if not self._allows(call.amount) or (way.by_trade_no and call.origin_trade_no is None):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        expected = Expected("refund", call.order_no, self._merchant_no, call.amount.minor)
        said = await self._exchange(way.path, way.data(call, self._location()))
        if not isinstance(said, Envelope):
            return Answered(said)
        return Answered(way.outcome(said, expected, self._means.environment))

    async def refund_fee(self, call: Leg) -> Mapping[str, Any]:
        """What a refund would give back of the fee (统一退货): Lakala's answer as it is. Raises NOT_READ."""
        way = self._way_back(call.origin_entry)
        data = {"refund_amount": str(call.amount.minor), **way.origin(call)}
        return passed_on(await self._exchange(REFUND_FEE, data))

    def _way_back(self, entry: str) -> RefundCall:
        """The account's refund call; of a card, the only one that is documented for it."""
        return CARD if entry == COUNTER_ENTRY else self._refunds

    async def read(self, path: str, order_no: str) -> Mapping[str, Any]:
        """A merchant or terminal read (mcqs), by its path after ``/api/v2/mcqs/``: Lakala's answer as it is.

        ``order_no``: a number of ours for the question. Raises Refused CF-4233 for another path, and NOT_READ.
        """
        about = {"merCupNo": self._merchant_no, "orderNo": order_no}
        if path in TERMINAL_READS:
            about["termNo"] = self._means.settings["term_no"]
        elif path not in MERCHANT_READS:
            raise field_wrong("unknown", path)
        return passed_on(await self._gateway.ask(f"/api/v2/mcqs/{path}", about))

    async def _undo(self, kind: str, call: Leg) -> Answered:
        data = {
            "out_trade_no": call.order_no,
            "origin_out_trade_no": call.origin_order_no,
            "location_info": self._location(),
        }
        expected = Expected(kind, call.order_no, self._merchant_no, call.origin_amount.minor)
        return await self._call(REVOKED, data, expected)

    async def _call(self, path: str, data: Mapping[str, Any], expected: Expected) -> Answered:
        said = await self._exchange(path, data)
        return Answered(said if not isinstance(said, Envelope) else of_call(said, expected, self._means.environment))

    async def _exchange(self, path: str, data: Mapping[str, Any]) -> Envelope | Outcome:
        places = {"merchant_no": self._merchant_no, "term_no": self._means.settings["term_no"]}
        return await self._gateway.ask(path, {**places, **data})

    def _allows(self, amount: Money) -> bool:
        return self._means.manifest.limits.allows(amount)

    @property
    def _merchant_no(self) -> str:
        return self._means.settings["merchant_no"]

    def _location(self) -> dict[str, str]:
        return {"request_ip": self._means.settings["request_ip"]}

    def _form(self, path: str) -> str:
        """The encrypted form of a call that has one, where the account has a key for it."""
        return path if self._sm4 is None else f"{path}_encry"

    def _notify(self) -> dict[str, str]:
        """Where notices shall come; a longer address than Lakala takes is left out, and the question stays."""
        url = self._means.notify_url
        return {} if url is None or len(url) > _NOTIFY_URL_MAX else {"notify_url": url}
