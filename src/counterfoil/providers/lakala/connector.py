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
    NoAnswer,
    NotSent,
    Outcome,
    Query,
    Unknown,
    Why,
    settings_wrong,
)
from counterfoil.providers.lakala.answers import Expected, of_call, of_close, of_preorder, of_query
from counterfoil.providers.lakala.signing import NotSigned, Signer, certificates, private_key, verify_answer
from counterfoil.providers.lakala.wire import Envelope, Unreadable, read_answer, request_body

MICROPAY: Final = "/api/v3/labs/trans/micropay"
PREORDER: Final = "/api/v3/labs/trans/preorder"
TRADEQUERY: Final = "/api/v3/labs/query/tradequery"
REVOKED: Final = "/api/v3/labs/relation/revoked"
CLOSE: Final = "/api/v3/labs/relation/close"
REFUND: Final = "/api/v3/labs/relation/refund"
_OK: Final = 200
_NATIVE: Final = "41"
# What trans_type 41 makes a code for. WeChat's needs 51 or 71: an official account or a mini-program.
_ACCOUNT_TYPES: Final = {"alipay": "ALIPAY", "unionpay": "UQRCODEPAY"}
_SHOWN: Final = "merchant_code"
_SUBJECT_MAX: Final = 42
_REASON_MAX: Final = 32
_Read = TypeVar("_Read")
_NONCE: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def connector(means: Means) -> Connector:
    """The connector of a Lakala account. Raises Refused CF-4204 where a key or certificate cannot be read."""
    settings = means.settings
    return Lakala(
        means,
        Signer(settings["appid"], settings["serial_no"], _readable("private_key", settings, private_key)),
        _readable("platform_certs", settings, certificates),
    )


def _readable(field: str, settings: Mapping[str, str], read: Callable[[bytes], _Read]) -> _Read:
    try:
        return read(settings[field].encode())
    except ValueError as error:
        raise settings_wrong("key", field=field, key=field) from error


class Lakala:
    """One account. Every method ends in an Outcome, whatever the network or the platform does."""

    def __init__(self, means: Means, signer: Signer, certificates: Mapping[int, Any]) -> None:
        """``certificates``: the platform's keys by certificate serial."""
        self._means = means
        self._signer = signer
        self._certificates = certificates
        self._base_url = means.settings["base_url"].rstrip("/")

    async def charge(self, call: Charge) -> Answered:
        """micropay: take the money behind the customer's payment code; or preorder: make a code for the customer."""
        if call.entry == _SHOWN:
            return await self._show(call)
        if call.auth_code is None or not self._allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        data = {
            "out_trade_no": call.order_no,
            "auth_code": call.auth_code.reveal(),
            "total_amount": str(call.amount.minor),
            "busi_mode": "ACQ",
            "subject": call.subject[:_SUBJECT_MAX],
            "location_info": self._location(),
        }
        return await self._call(MICROPAY, data, Expected("charge", call.order_no, self._merchant_no, call.amount.minor))

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
            "acc_busi_fields": {"timeout_express": str(minutes)},
        }
        expected = Expected("code", call.order_no, self._merchant_no, call.amount.minor)
        said = await self._exchange(PREORDER, data)
        if not isinstance(said, Envelope):
            return Answered(said)
        until = call.asked_at + minutes * 60 * MICROS
        return Answered(of_preorder(said, expected, self._means.environment, until=until))

    async def query(self, call: Query) -> Answered:
        """tradequery, by our own number: a charge, a void, a reversal or a refund."""
        expected = Expected(call.kind, call.order_no, self._merchant_no, call.amount.minor)
        said = await self._exchange(TRADEQUERY, {"out_trade_no": call.order_no})
        return Answered(said if not isinstance(said, Envelope) else of_query(said, expected, self._means.environment))

    async def void(self, call: Leg) -> Answered:
        """revoked: always the whole payment."""
        return await self._undo("void", call)

    async def reverse(self, call: Leg) -> Answered:
        """revoked, for an attempt whose outcome is unknown; close for one whose code was shown."""
        if call.origin_entry == _SHOWN:
            return Answered(await self._close(call))
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
        now = (await self.query(charge)).outcome
        return of_close(said if isinstance(said, Envelope) else None, now, self._means.environment)

    async def refund(self, call: Leg) -> Answered:
        """refund: whole or in part, under its own number."""
        if not self._allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        data = {
            "out_trade_no": call.order_no,
            "refund_amount": str(call.amount.minor),
            "refund_reason": call.reason[:_REASON_MAX],
            "origin_out_trade_no": call.origin_order_no,
            "location_info": self._location(),
        }
        return await self._call(REFUND, data, Expected("refund", call.order_no, self._merchant_no, call.amount.minor))

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
        """Sign, post, verify the raw bytes, and only then read."""
        now = self._means.clock.now()
        places = {"merchant_no": self._merchant_no, "term_no": self._means.settings["term_no"]}
        body = request_body({**places, **data}, now)
        headers = {
            "Authorization": self._signer.authorization(str(now // MICROS), self._nonce(), body),
            "Content-Type": "application/json;charset=UTF-8",
            "Accept": "application/json",
        }
        try:
            answer = await self._means.post(self._base_url + path, headers, body)
            if answer.status != _OK:
                return Unknown(Why.PROVIDER_TROUBLE, f"HTTP {answer.status}")
            verify_answer(answer.headers, answer.body, self._certificates, self._signer.appid)
            return read_answer(answer.body)
        except NotSent as error:
            return Unknown(Why.NOT_SENT, str(error))
        except NoAnswer as error:
            return Unknown(Why.NO_ANSWER, str(error))
        except NotSigned as error:
            return Unknown(Why.BAD_SIGNATURE, str(error))
        except Unreadable as error:
            return Unknown(Why.UNREADABLE, str(error))

    def _allows(self, amount: Money) -> bool:
        return self._means.manifest.limits.allows(amount)

    @property
    def _merchant_no(self) -> str:
        return self._means.settings["merchant_no"]

    def _location(self) -> dict[str, str]:
        return {"request_ip": self._means.settings["request_ip"]}

    def _nonce(self) -> str:
        return "".join(_NONCE[byte % len(_NONCE)] for byte in self._means.entropy.bytes(12))
