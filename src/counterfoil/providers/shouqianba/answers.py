"""From the layers of an answer to an Outcome. Pure; Unknown is what is left when nothing else is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.providers import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why
from counterfoil.providers.shouqianba import messages
from counterfoil.providers.shouqianba.messages import Call, Stands, Went
from counterfoil.providers.shouqianba.wire import Envelope, Unreadable, fen, from_wire_time, text_or_none

ASK_AFTER: Final = 5.0
_CODE_MAX: Final = 32
# What can be drawn for a wallet to scan: a URL of its own or of the web.
_CODE: Final = re.compile(r"(?=.{1,512}\Z)[A-Za-z][A-Za-z0-9+.-]{1,31}://[!-~]+", re.ASCII)
_QR: Final = "2"
# The protocol knows yuan only and names no currency; an answer that does, and names another, is not about ours.
_CURRENCIES: Final = (None, "", "CNY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer must be about: the order's number of ours and its fen.

    ``act_no``: the ``client_tsn`` of a refund. ``terminal_sn``: of a call that makes an order; another terminal's
    answer is then not ours, while an old order may have been made by an earlier terminal.
    """

    order_no: str
    amount_minor: int
    act_no: str = ""
    terminal_sn: str = ""


class _Mismatch(ValueError):  # noqa: N818 - says what is wrong
    """The answer is about something else."""


def of_call(call: Call, said: Envelope, expected: Expected) -> Outcome:
    """The outcome of pay, refund or revoke."""
    return _checked(lambda: _of_call(call, said, expected))


def of_precreate(said: Envelope, expected: Expected, *, until: int) -> Outcome:
    """The outcome of precreate: Pending with the code, which ends at ``until``. Without a code nothing is known."""

    def read() -> Outcome:
        outcome = _of_call(Call.PRECREATE, said, expected)
        if not isinstance(outcome, Approved):
            return outcome
        code = said.said("qr_code")
        if not _CODE.fullmatch(code):
            raise Unreadable("no code to show")
        return Pending(ask_after=ASK_AFTER, awaiting="customer", show=code, show_until=until)

    return _checked(read)


def of_question(kind: str, said: Envelope, expected: Expected) -> Outcome:
    """The outcome of query about a charge, void, reversal or refund: what the order is now."""
    if said.result_code != messages.TAKEN:
        # The question was refused; that says nothing about the payment.
        return Unknown(Why.PROVIDER_TROUBLE, _shorten(said.error_code or said.result_code))
    went = messages.RESULTS[Call.QUERY].get(said.business.result_code or "")
    if went is Went.DONE:
        read = {"charge": _charge_now, "refund": _refund_now}.get(kind, _undone_now)
        return _checked(lambda: read(said, expected))
    if messages.CODES.get(said.business.error_code or "") is Stands.NOT_FOUND and went is Went.REFUSED:
        return Unknown(Why.NOT_FOUND, _code(said))
    return Unknown(Why.PROVIDER_TROUBLE if went is Went.REFUSED else Why.UNLISTED_CODE, _code(said))


def of_cancel(cancelling: Envelope | None, charge: Outcome) -> Outcome:
    """The outcome of a reversal: what was answered to cancel, and what the question after it says of the charge.

    Paid is a no only after an answer to cancel: one that was lost may never have arrived, and is sent again.
    """
    match charge:
        case Declined():
            return Approved()
        case Approved():
            return _still_paid(cancelling)
        case Unknown(why=Why.NOT_FOUND) if cancelling is not None and _order_unknown(cancelling):
            return charge
        case Unknown(why=Why.NOT_FOUND):
            return Unknown(Why.PROVIDER_TROUBLE, "not found, and not said so")
        case Unknown():
            return charge
    return Unknown(Why.PROVIDER_TROUBLE, "not cancelled yet")


def of_refused_refund(refused: Declined, asked: Envelope | Outcome, expected: Expected) -> Outcome:
    """A refund that was refused, held against a question about its number.

    What was done by an earlier try can be refused for that very reason: the order is refunded, or has too little left.
    """
    if not isinstance(asked, Envelope):
        return asked
    found = of_question("refund", asked, expected)
    match found:
        case Declined():
            return refused
        case Unknown(why=Why.NOT_FOUND) if asked.said("order_status") == messages.REFUNDED:
            return Unknown(Why.MISMATCH, "refunded, and by which number is not said")
        case Unknown(why=Why.NOT_FOUND):
            return refused
    return found


def _checked(read: Callable[[], Outcome]) -> Outcome:
    try:
        outcome = read()
    except _Mismatch as error:
        return Unknown(Why.MISMATCH, str(error))
    except Unreadable as error:
        return Unknown(Why.UNREADABLE, str(error))
    return outcome


def _of_call(call: Call, said: Envelope, expected: Expected) -> Outcome:
    if said.result_code != messages.TAKEN:
        return _not_taken(said)
    went = messages.RESULTS[call].get(said.business.result_code or "")
    if said.data:
        _hold(said.data, expected, whole=went in {Went.DONE, Went.FAILED})
    match went:
        case None:
            return Unknown(Why.UNLISTED_CODE, _code(said))
        case Went.RUNNING:
            return _pending(call)
        case Went.UNSURE:
            return Unknown(Why.PROVIDER_TROUBLE, _code(said))
    return _decided(call, went, said, expected)


def _decided(call: Call, went: Went, said: Envelope, expected: Expected) -> Outcome:
    order = said.said("order_status")
    if order not in messages.FITS[call, went]:
        raise _Mismatch(_shorten(f"{said.business.result_code} {order}"))
    match went:
        case Went.DONE:
            return _done(call, said, expected)
        case Went.FAILED:
            return Declined(reason=_reason(said), code=_code(said))
    return _refused(call, said, order)


def _not_taken(said: Envelope) -> Outcome:
    code = said.error_code or ""
    reason = messages.NOT_TAKEN.get((said.result_code, code))
    if reason is not None:
        return Declined(reason=reason, code=_shorten(code))
    listed = said.result_code == "500"
    return Unknown(Why.PROVIDER_TROUBLE if listed else Why.UNLISTED_CODE, _shorten(code or said.result_code))


def _done(call: Call, said: Envelope, expected: Expected) -> Outcome:
    if not said.data:
        raise Unreadable("done, and no order")
    # The owner's newest notes print the order's word there too, which has been held against the call's.
    if call is not Call.PRECREATE and said.said("status") not in {"", said.said("order_status"), *messages.DONE_ACTS}:
        raise _Mismatch("status")
    return _approved(said, expected, charge=call is Call.PAY)


def _refused(call: Call, said: Envelope, order: str) -> Outcome:
    code = said.business.error_code or ""
    if code and code == messages.DONE_BEFORE.get(call):
        return Approved()
    meant = messages.CODES.get(code)
    match meant:
        case DeclineReason():
            return Declined(reason=meant, code=_shorten(code))
        case Stands.IF_CANCELED if order == messages.PAY_CANCELED:
            return Declined(reason=DeclineReason.OTHER, code=_shorten(code))
        case Stands.NOT_FOUND:
            return Unknown(Why.NOT_FOUND, _shorten(code))
        case None:
            return Unknown(Why.UNLISTED_CODE, _code(said))
    return Unknown(Why.MISMATCH, _shorten(code))


def _charge_now(said: Envelope, expected: Expected) -> Outcome:
    order = said.said("order_status")
    if order in {messages.PAID, messages.PARTIAL_REFUNDED}:
        _hold(said.data, expected, whole=True)
        return _approved(said, expected, charge=True)
    _hold(said.data, expected, whole=order != messages.CREATED)
    match order:
        case messages.CREATED:
            return _pending(Call.PAY)
        case messages.PAY_CANCELED | messages.CANCELED:
            return Declined(reason=_closed(said, order), code=order)
        case messages.REFUNDED:
            raise _Mismatch("the provider says REFUNDED")
    return Unknown(Why.PROVIDER_TROUBLE, _shorten(order or "order_status"))


def _closed(said: Envelope, order: str) -> DeclineReason:
    """A shown code that ended unpaid, an order that was voided, or a payment that did not come about."""
    shown = said.said("sub_payway") == _QR
    return DeclineReason.CLOSED if shown or order == messages.CANCELED else DeclineReason.OTHER


def _refund_now(said: Envelope, expected: Expected) -> Outcome:
    if said.said("client_tsn") != expected.act_no:
        # The latest act on the order is another one: whether ours was done is not said.
        return Unknown(Why.NOT_FOUND, "another act is the latest")
    _hold(said.data, expected, whole=True)
    order, status = said.said("order_status"), said.said("status")
    # A status that only repeats the order's word (see ``_done``) says nothing of this refund.
    if status in messages.DONE_ACTS and order in messages.FITS[Call.REFUND, Went.DONE]:
        return _approved(said, expected, charge=False)
    if status == messages.FAILED_ACT and order in messages.FITS[Call.REFUND, Went.FAILED]:
        return Declined(reason=DeclineReason.OTHER, code=status)
    if status in messages.OPEN_ACTS or order == "REFUND_INPROGRESS":
        return _pending(Call.REFUND)
    return Unknown(Why.PROVIDER_TROUBLE, _shorten(f"{order} {status}"))


def _undone_now(said: Envelope, expected: Expected) -> Outcome:
    order = said.said("order_status")
    _hold(said.data, expected, whole=order == messages.CANCELED)
    match order:
        case messages.CANCELED:
            return _approved(said, expected, charge=False)
        case "CANCEL_INPROGRESS":
            return _pending(Call.REVOKE)
        case messages.PAID:
            # It never came: the same call again is the same act.
            return Unknown(Why.NOT_FOUND, "still paid")
    return Unknown(Why.PROVIDER_TROUBLE, _shorten(order or "order_status"))


def _hold(data: Mapping[str, Any], expected: Expected, *, whole: bool) -> None:
    """Our number and amount, and in a refund its act. Not ``whole``: what is not said may be missing."""
    ours = {"client_sn": expected.order_no, "client_tsn": expected.act_no, "terminal_sn": expected.terminal_sn}
    for name, own in ours.items():
        if own and data.get(name) not in (None, "", own):
            raise _Mismatch(name)
    if data.get("currency") not in _CURRENCIES:
        raise _Mismatch("currency")
    if whole and not data.get("client_sn"):
        raise Unreadable("client_sn")
    if (whole or data.get("total_amount")) and fen(data.get("total_amount")) != expected.amount_minor:
        raise _Mismatch("total_amount")


def _approved(said: Envelope, expected: Expected, *, charge: bool) -> Approved:
    data = said.data
    sn, trade_no = text_or_none(data, "sn"), text_or_none(data, "trade_no")
    if not charge:
        return Approved(provider_trade_no=sn, wallet_trade_no=trade_no)
    entries = _payment_list(data.get("payment_list"))
    merchant, platform = _borne(entries, messages.MERCHANT_BEARS), _borne(entries, messages.PLATFORM_BEARS)
    payer = expected.amount_minor - (merchant or 0) - (platform or 0)
    if payer < 0:
        raise _Mismatch("the discounts are larger than the whole")
    kinds = [messages.CARD_KINDS[kind] for kind, _ in entries if kind in messages.CARD_KINDS]
    payway = said.said("payway")
    paid = said.said("order_status") == messages.PAID
    finished = from_wire_time(data.get("channel_finish_time")) or from_wire_time(data.get("finish_time"))
    return Approved(
        provider_trade_no=sn,
        wallet_trade_no=trade_no,
        wallet=messages.WALLETS.get(payway, "other") if payway else None,
        card_kind=kinds[0] if len(kinds) == 1 else None,
        payer_minor=payer if entries else None,
        merchant_discount_minor=merchant,
        platform_discount_minor=platform,
        # Of a partly refunded order it is the refund's.
        paid_at=finished if paid else None,
    )


def _payment_list(value: Any) -> list[tuple[str, int]]:
    """The parts of a payment with their fen; empty where not said, or said in a way nobody documented."""
    try:
        return [(str(entry["type"]), fen(entry["amount_total"])) for entry in value or ()]
    except (TypeError, KeyError, Unreadable):
        return []


def _borne(entries: list[tuple[str, int]], kinds: frozenset[str]) -> int | None:
    return sum(amount for kind, amount in entries if kind in kinds) if entries else None


def _reason(said: Envelope) -> DeclineReason:
    meant = messages.CODES.get(said.business.error_code or "")
    return meant if isinstance(meant, DeclineReason) else DeclineReason.OTHER


def _still_paid(cancelling: Envelope | None) -> Outcome:
    """A cancelled charge that is found paid."""
    if cancelling is None or _leaves_open(cancelling):
        return Unknown(Why.PROVIDER_TROUBLE, "paid, and not said to stay so")
    return Declined(reason=DeclineReason.NOT_PERMITTED, code="paid")


def _leaves_open(cancelling: Envelope) -> bool:
    """Whether after this answer to cancel it may still be carried out."""
    if cancelling.result_code != messages.TAKEN:
        return (cancelling.result_code, cancelling.error_code or "") not in messages.NOT_TAKEN
    return messages.RESULTS[Call.CANCEL].get(cancelling.business.result_code or "") in {None, Went.RUNNING}


def _order_unknown(said: Envelope) -> bool:
    return messages.CODES.get(said.business.error_code or "") is Stands.NOT_FOUND


def _pending(call: Call) -> Pending:
    customer = call in {Call.PAY, Call.PRECREATE}
    return Pending(ask_after=ASK_AFTER, awaiting="customer" if customer else "provider")


def _code(said: Envelope) -> str:
    return _shorten(said.business.error_code or said.business.result_code or said.result_code)


def _shorten(code: str) -> str:
    return code[:_CODE_MAX]
