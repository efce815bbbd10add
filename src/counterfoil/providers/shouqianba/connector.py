"""Shouqianba's calls as a Connector, and the renewal of its terminal's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from counterfoil.basis import MICROS, Secret
from counterfoil.providers import (
    Answered,
    Approved,
    Charge,
    Connector,
    Declined,
    DeclineReason,
    Leg,
    Means,
    NoAnswer,
    Notice,
    NoticeReply,
    NotOurs,
    NotSent,
    Outcome,
    Post,
    Query,
    Unknown,
    Why,
    followed,
    settings_wrong,
)
from counterfoil.providers.shouqianba import messages
from counterfoil.providers.shouqianba.answers import (
    Expected,
    of_call,
    of_cancel,
    of_precreate,
    of_question,
    of_refused_refund,
)
from counterfoil.providers.shouqianba.messages import Call
from counterfoil.providers.shouqianba.notice import read_notice, reply
from counterfoil.providers.shouqianba.signing import authorization, read_public_key
from counterfoil.providers.shouqianba.terminal import handed_out, terminal_of
from counterfoil.providers.shouqianba.wire import Envelope, Unreadable, read_answer, request_body

ACTIVATE: Final = "/terminal/activate"
CHECKIN: Final = "/terminal/checkin"
UPAY: Final = "/upay/v2/"
_OK: Final = 200
_SHOWN: Final = "merchant_code"
_CODE_BYTES_MAX: Final = 32
# refund_request_no is String(20): of our 24 digits the last ones, which are the random ones, and unique in one order.
_REQUEST_NO: Final = 20
_OPERATOR: Final = "counterfoil"
_NOTIFY_URL_MAX: Final = 128
# Ours begin with the year.
_NOBODYS_ORDER_NO: Final = "0" * 24
_AT_ONCE_SECONDS: Final = 5
_ASK_WHAT_IT_IS: Final = frozenset({"CLIENT_SN_CONFLICT", "TRADE_HAS_SUCCESS"})


def connector(means: Means) -> Connector:
    """The connector of a Shouqianba account. Raises Refused CF-4204 where the key of notices cannot be read."""
    return Shouqianba(means)


async def activate(post: Post, told: Mapping[str, str]) -> Mapping[str, str] | Outcome:
    """激活: number and key of a new terminal. Without an answer the code may be used up; each call makes another."""
    body = request_body({name: told[name] for name in ("app_id", "code", "device_id")})
    headers = _headers(authorization(told["vendor_sn"], body, Secret(told["vendor_key"])))
    made = handed_out(await _posted(post, told["base_url"].rstrip("/") + ACTIVATE, headers, body))
    return {"terminal_sn": made[0], "terminal_key": made[1]} if isinstance(made, tuple) else made


class Shouqianba:
    """One account. Every method ends in an Outcome, whatever the network or the provider does."""

    def __init__(self, means: Means) -> None:
        """The terminal as the settings and the kept state say."""
        self._means = means
        self._terminal = terminal_of(means.settings, means.state)
        self._sn = means.settings["terminal_sn"]
        self._base_url = means.settings["base_url"].rstrip("/")
        self._notice_key = _notice_key(means.settings)
        # The newest key was refused: somebody, or a copy of our own check-in, put another one in its place.
        self._displaced = False

    async def charge(self, call: Charge) -> Answered:
        """pay: take the money behind the customer's payment code; or precreate: make a code for the customer."""
        if call.entry == _SHOWN:
            return Answered(await self._show(call))
        code = "" if call.auth_code is None else call.auth_code.reveal()
        if not 0 < len(code.encode()) <= _CODE_BYTES_MAX or not self._means.manifest.limits.allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        begun = self._means.clock.now()
        said = await self._exchange(Call.PAY, {**self._order(call), "dynamic_id": code})
        expected = Expected(order_no=call.order_no, amount_minor=call.amount.minor, terminal_sn=self._sn)
        if isinstance(said, Envelope) and said.business.error_code in _ASK_WHAT_IT_IS:
            # A number that was used before: its order says what became of it.
            return Answered(await self._asked_at_once(begun, expected))
        return Answered(of_call(Call.PAY, said, expected) if isinstance(said, Envelope) else said)

    async def _show(self, call: Charge) -> Outcome:
        """Precreate (C扫B): a code for one wallet; the order ends by itself after about four minutes."""
        payway = messages.PAYWAYS.get(call.wallet or "")
        if payway is None or not self._means.manifest.limits.allows(call.amount):
            return Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent")
        said = await self._exchange(Call.PRECREATE, {**self._order(call), "payway": payway})
        if not isinstance(said, Envelope):
            return said
        expected = Expected(order_no=call.order_no, amount_minor=call.amount.minor, terminal_sn=self._sn)
        return of_precreate(said, expected, until=call.asked_at + int(call.code_seconds * MICROS))

    async def query(self, call: Query) -> Answered:
        """query: a charge by our number; a void, reversal or refund by the number of its charge."""
        if call.kind == "charge":
            return Answered(
                await self._asked("charge", Expected(order_no=call.order_no, amount_minor=call.amount.minor))
            )
        if call.origin_order_no is None or call.origin_amount is None:
            return Answered(Unknown(Why.PROVIDER_TROUBLE, "asked without its charge"))
        no = _request_no(call.order_no) if call.kind == "refund" else ""
        expected = _of_order(call.origin_order_no, call.origin_amount.minor, no)
        return Answered(await self._asked(call.kind, expected, no))

    async def void(self, call: Leg) -> Answered:
        """revoke: always the whole payment, on the day it was made."""
        said = await self._exchange(Call.REVOKE, {"client_sn": call.origin_order_no})
        expected = _of_order(call.origin_order_no, call.origin_amount.minor)
        return Answered(of_call(Call.REVOKE, said, expected) if isinstance(said, Envelope) else said)

    async def reverse(self, call: Leg) -> Answered:
        """cancel, and then the question whether it holds: what was paid in the same moment is not cancelled."""
        said = await self._exchange(Call.CANCEL, {"client_sn": call.origin_order_no})
        if isinstance(said, Unknown) and said.why is Why.NOT_SENT:
            return Answered(said)
        now = followed(await self._asked("charge", _of_order(call.origin_order_no, call.origin_amount.minor)))
        return Answered(of_cancel(said if isinstance(said, Envelope) else None, now))

    async def refund(self, call: Leg) -> Answered:
        """refund: whole or in part, under its own number; refused, it is asked whether an earlier try did it."""
        if not self._means.manifest.limits.allows(call.amount):
            return Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))
        no = _request_no(call.order_no)
        refund = {
            "client_sn": call.origin_order_no,
            "refund_request_no": no,
            "refund_amount": str(call.amount.minor),
            "operator": _OPERATOR,
        }
        said = await self._exchange(Call.REFUND, refund)
        expected = _of_order(call.origin_order_no, call.origin_amount.minor, no)
        outcome = of_call(Call.REFUND, said, expected) if isinstance(said, Envelope) else said
        if isinstance(outcome, Declined) and isinstance(said, Envelope) and said.result_code == messages.TAKEN:
            asked = await self._exchange(Call.QUERY, {"client_sn": call.origin_order_no, "refund_request_no": no})
            outcome = followed(of_refused_refund(outcome, asked, expected))
        return Answered(outcome)

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | NotOurs:
        """A hint which order to ask about, verified on its raw bytes."""
        return read_notice(headers, body, self._notice_key, self._sn)

    def notice_reply(self, refused: str | None = None) -> NoticeReply:
        """``success``, or the code of our refusal, after which the notice is sent again."""
        return reply(refused)

    def renewal_due(self) -> bool:
        """Whether the day's key is to be fetched, or the newest to be tried, and nobody is at it."""
        now = self._means.clock.now()
        return self._terminal.due(now) or (self._displaced and not self._terminal.recently(now))

    def renewal_begun(self) -> bytes:
        """The account's state with a renewal under way."""
        return self._terminal.begun(self._means.clock.now()).encoded()

    def renewal_stuck(self) -> bool:
        """Whether the day's check-in was begun a while ago and gave no key."""
        return self._terminal.stuck(self._means.clock.now())

    async def check(self) -> Outcome:
        """The question about a number nobody issues; what is not taken says that the terminal's key is not accepted."""
        said = (await self._signed(UPAY + Call.QUERY, {"terminal_sn": self._sn, "client_sn": _NOBODYS_ORDER_NO}))[0]
        if not isinstance(said, Envelope):
            return said
        if (reason := messages.NOT_TAKEN.get((said.result_code, said.error_code or ""))) is not None:
            return Declined(reason=reason, code=said.error_code or "")
        return of_question("charge", said, Expected(order_no=_NOBODYS_ORDER_NO, amount_minor=1))

    async def renew(self) -> Answered:
        """签到 (checkin): the key of the day. After it, the question that shows whether the new key is taken."""
        if self._terminal.unproven:
            return await self._prove()
        return await self._check_in()

    async def _check_in(self) -> Answered:
        members = {"terminal_sn": self._sn, "device_id": self._means.settings["device_id"]}
        said, key = await self._signed(CHECKIN, members)
        made = handed_out(said, self._sn)
        if not isinstance(made, tuple):
            return Answered(made)
        terminal = self._terminal.renewed(made[1], key.reveal(), self._means.clock.now())
        return Answered(Approved(), terminal.encoded())

    async def _prove(self) -> Answered:
        """Once the newest key was answered, it is known to be taken; where it is refused, another is fetched."""
        said, key = await self._signed(UPAY + Call.QUERY, {"terminal_sn": self._sn, "client_sn": _NOBODYS_ORDER_NO})
        if not isinstance(said, Envelope):
            return Answered(said)
        if _refused(said):
            # Both keys: the older one may still check in, where it signs nothing else any more.
            return await self._check_in()
        if said.result_code != messages.TAKEN:
            return Answered(Unknown(Why.PROVIDER_TROUBLE, (said.error_code or "")[:32]))
        if key.reveal() == self._terminal.newest:
            return Answered(Approved(), self._terminal.proven().encoded())
        return await self._check_in()

    async def _asked_at_once(self, begun: int, expected: Expected) -> Outcome:
        if not self._at_once(begun):
            return Unknown(Why.PROVIDER_TROUBLE, "to be asked about")
        return followed(await self._asked("charge", expected))

    async def _asked(self, kind: str, expected: Expected, refund_request_no: str = "") -> Outcome:
        members = {"client_sn": expected.order_no}
        if refund_request_no:
            members["refund_request_no"] = refund_request_no
        said = await self._exchange(Call.QUERY, members)
        return of_question(kind, said, expected) if isinstance(said, Envelope) else said

    def _order(self, call: Charge) -> dict[str, str]:
        subject = call.subject[: self._means.manifest.limits.subject_max]
        total = str(call.amount.minor)
        order = {"client_sn": call.order_no, "total_amount": total, "subject": subject, "operator": _OPERATOR}
        return order | self._notify()

    def _notify(self) -> dict[str, str]:
        """Where notices shall come; left out where none could be verified, or where Shouqianba takes no such length."""
        url = self._means.notify_url
        wanted = url is not None and self._notice_key is not None and len(url) <= _NOTIFY_URL_MAX
        return {"notify_url": url} if url is not None and wanted else {}

    async def _exchange(self, call: Call, members: Mapping[str, Any]) -> Envelope | Outcome:
        return (await self._signed(UPAY + call, {"terminal_sn": self._sn, **members}))[0]

    async def _signed(self, path: str, members: Mapping[str, Any]) -> tuple[Envelope | Outcome, Secret[str]]:
        """Sign, post and read; where the newest key is refused, the same bytes under the one before it.

        What is refused for its signature did nothing, so it may be sent again, where it was refused at once. Also
        answers with the key it was.
        """
        body, begun = request_body(members), self._means.clock.now()
        *others, last = self._terminal.keys
        for key in others:
            said = await self._post(path, body, key)
            if not _refused(said):
                return said, key
            self._displaced = True
            if not self._at_once(begun):
                return said, key
        said = await self._post(path, body, last)
        self._displaced = self._displaced or _refused(said)
        if others and isinstance(said, Unknown):
            # Under the key before it went out, and a copy of that may be taken yet.
            said = followed(said)
        return said, last

    def _at_once(self, begun: int) -> bool:
        """Whether so little time has passed since ``begun`` that another call may follow: see ``call_seconds_max``."""
        return self._means.clock.now() - begun <= _AT_ONCE_SECONDS * MICROS

    async def _post(self, path: str, body: bytes, key: Secret[str]) -> Envelope | Outcome:
        headers = _headers(authorization(self._sn, body, key))
        return await _posted(self._means.post, self._base_url + path, headers, body)


async def _posted(post: Post, url: str, headers: Mapping[str, str], body: bytes) -> Envelope | Outcome:
    """The answer; a yes counts with HTTP 200 only, what says that the request was not taken with any status."""
    try:
        answer = await post(url, headers, body)
        said = read_answer(answer.body)
    except NotSent as error:
        return Unknown(Why.NOT_SENT, str(error))
    except NoAnswer as error:
        return Unknown(Why.NO_ANSWER, str(error))
    except Unreadable as error:
        return Unknown(Why.UNREADABLE, str(error))
    if answer.status != _OK and said.result_code == messages.TAKEN:
        return Unknown(Why.PROVIDER_TROUBLE, f"HTTP {answer.status}")
    return said


def _notice_key(settings: Mapping[str, str]) -> RSAPublicKey | None:
    if "notice_key" not in settings:
        return None
    try:
        return read_public_key(settings["notice_key"])
    except ValueError as error:
        raise settings_wrong("key", field="notice_key", key="notice_key") from error


def _refused(said: Envelope | Outcome) -> bool:
    return isinstance(said, Envelope) and said.error_code == messages.WRONG_SIGNATURE


def _headers(signed: str) -> dict[str, str]:
    return {"Authorization": signed, "Content-Type": "application/json"}


def _request_no(order_no: str) -> str:
    return order_no[-_REQUEST_NO:]


def _of_order(order_no: str, amount_minor: int, request_no: str = "") -> Expected:
    act_no = f"{order_no}-{request_no}" if request_no else ""
    return Expected(order_no=order_no, amount_minor=amount_minor, act_no=act_no)
