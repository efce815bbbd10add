"""From a verified answer to an Outcome. Pure; Unknown is what is left when nothing else is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from counterfoil.providers import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why
from counterfoil.providers.lakala.codes import (
    CARD_KINDS,
    COUNTER_CARD,
    COUNTER_CARD_KINDS,
    FAILED_STATES,
    NOT_US,
    OPEN_STATES,
    PAID_STATES,
    WALLETS,
    Meaning,
    Said,
    meaning,
)
from counterfoil.providers.lakala.wire import Envelope, Unreadable, fen, fen_or_none, from_wire_time, text_or_none

ASK_AFTER: Final = 5.0
# What can be drawn for a wallet to scan: a URL of its own or of the web.
_CODE: Final = re.compile(r"(?=.{1,512}\Z)[A-Za-z][A-Za-z0-9+.-]{1,31}://[!-~]+", re.ASCII)
_LAST_FOUR: Final = re.compile(r"[0-9]{4}\Z", re.ASCII)
CURRENCIES: Final = (None, "", "CNY", "RMB", "156")
_WHY: Final[dict[Meaning | None, Why]] = {
    Said.NOT_FOUND: Why.NOT_FOUND,
    Said.OTHER_CONTENT: Why.MISMATCH,
    Said.TROUBLE: Why.PROVIDER_TROUBLE,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be about: ``kind`` (charge, code, void, reversal, refund), our number, merchant and fen."""

    kind: str
    order_no: str
    merchant_no: str
    amount_minor: int


class _Mismatch(Unreadable):
    """The answer is about something else."""


def of_call(said: Envelope, expected: Expected, environment: str) -> Outcome:
    """The outcome of micropay, revoked or refund."""
    meant = meaning(said.code, environment)
    if meant is Said.OK:
        return _checked(said, expected, _accepted)
    return _not_ok(meant, said, expected)


def of_query(said: Envelope, expected: Expected, environment: str, *, asked: bool = True) -> Outcome:
    """The outcome of tradequery: its code says whether it could look, ``trade_state`` what it saw.

    ``asked`` False: of a call that says a state like a question, whose refusal is a refusal of the act.
    """
    meant = meaning(said.code, environment, Said.OK if expected.kind == "refund" else None)
    if meant is Said.OK:
        return _checked(said, expected, lambda data, about: _by_state(data, about, environment))
    if asked and (isinstance(meant, DeclineReason) or meant is Said.NOTHING_TO_UNDO):
        # The question was refused; that says nothing about the payment. Not knowing our signature is told apart.
        return Unknown(Why.BAD_SIGNATURE if said.code == NOT_US else Why.PROVIDER_TROUBLE, said.code[:16])
    return _not_ok(meant, said, expected)


def of_preorder(said: Envelope, expected: Expected, environment: str, *, until: int) -> Outcome:
    """The outcome of preorder: Pending with the code, which ends at ``until``. Without a code nothing is known."""
    meant = meaning(said.code, environment)
    if meant is not Said.OK:
        return _not_ok(meant, said, expected)
    return _checked(said, expected, lambda data, _: _shown(data, until))


def of_prepay(
    said: Envelope, expected: Expected, environment: str, read: Callable[[Mapping[str, Any]], dict[str, str]]
) -> dict[str, str] | Outcome:
    """What ``read`` finds in a preorder's good answer that is about our order; else the outcome."""
    if meaning(said.code, environment) is not Said.OK:
        return _not_ok(meaning(said.code, environment), said, expected)
    data = said.resp_data or {}
    try:
        _hold(data, expected)
        return read(data)
    except _Mismatch as error:
        return Unknown(Why.MISMATCH, str(error))
    except Unreadable as error:
        return Unknown(Why.UNREADABLE, str(error))


def of_close(closing: Envelope | None, charge: Outcome, environment: str) -> Outcome:
    """The outcome of a close, out of what was answered to it and what the question after it says of the ``charge``."""
    meant = None if closing is None else meaning(closing.code, environment)
    match charge:
        case Declined():
            return Approved()
        case Approved():
            return Declined(reason=DeclineReason.NOT_PERMITTED, code="paid")
        case Unknown(why=Why.NOT_FOUND) if meant is Said.NOTHING_TO_UNDO:
            return Approved()
        case Unknown():
            return charge
    return Unknown(Why.PROVIDER_TROUBLE, "not closed yet")


def _shown(data: Mapping[str, Any], until: int) -> Outcome:
    fields = data.get("acc_resp_fields")
    code = fields.get("code") if isinstance(fields, Mapping) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Unreadable("no code to show")
    return Pending(ask_after=ASK_AFTER, awaiting="customer", show=code, show_until=until)


def _checked(said: Envelope, expected: Expected, read: Any) -> Outcome:
    """Hold number, merchant, amount and currency equal to ours before anything counts."""
    data = said.resp_data or {}
    try:
        _hold(data, expected)
        outcome: Outcome = read(data, expected)
    except _Mismatch as error:
        return Unknown(Why.MISMATCH, str(error))
    except Unreadable as error:
        return Unknown(Why.UNREADABLE, str(error))
    return outcome


def _hold(data: Mapping[str, Any], expected: Expected) -> None:
    if data.get("out_trade_no") != expected.order_no:
        raise _Mismatch("out_trade_no")
    # A real answer to a refund's question names no merchant; what one names must be ours.
    if data.get("merchant_no") != expected.merchant_no and (expected.kind != "refund" or data.get("merchant_no")):
        raise _Mismatch("merchant_no")
    if data.get("trans_currency") not in CURRENCIES:
        raise _Mismatch("trans_currency")
    if expected.kind == "code" and "total_amount" not in data:
        return  # preorder repeats no amount; whatever is paid is held against ours by the question that finds it
    # A refund's answer carries the original's total and its own refund_amount; where only one stands it is its own.
    own = "refund_amount" if expected.kind == "refund" and "refund_amount" in data else "total_amount"
    if fen(data.get(own)) != expected.amount_minor:
        raise _Mismatch(own)


def _accepted(data: Mapping[str, Any], expected: Expected) -> Outcome:
    if expected.kind == "charge" and str(data.get("need_query")) != "0":
        return _pending(expected)
    return _approved(data, expected)


def _by_state(data: Mapping[str, Any], expected: Expected, environment: str) -> Outcome:
    state = data.get("trade_state")
    if state in PAID_STATES or (state == "REVOKED" and expected.kind in {"void", "reversal"}):
        return _approved(data, expected)
    if state in OPEN_STATES:
        return _pending(expected)
    if state in FAILED_STATES:
        return Declined(reason=_reason(data, environment), code=str(state))
    if state in {"REFUND", "REVOKED"}:
        return Unknown(Why.RETURNED, f"the provider says {state}")
    return Unknown(Why.PROVIDER_TROUBLE, "trade_state")


def _reason(data: Mapping[str, Any], environment: str) -> DeclineReason:
    """A closed preorder is a code that nobody paid.

    The sandbox begins ``trade_state_desc`` with its code; Lakala's own words there are not documented.
    """
    if data.get("trade_state") == "CLOSE" and data.get("trade_main_type") == "PREORDER":
        return DeclineReason.CLOSED
    described = text_or_none(data, "trade_state_desc") or ""
    meant = meaning(described.partition(" ")[0], environment)
    return meant if isinstance(meant, DeclineReason) else DeclineReason.OTHER


def _not_ok(meant: Meaning | None, said: Envelope, expected: Expected) -> Outcome:
    code = said.code[:16]
    if (said.resp_data or {}).get("out_trade_no") not in {None, "", expected.order_no}:
        return Unknown(Why.MISMATCH, "out_trade_no")
    if meant is Said.NOTHING_TO_UNDO:
        undone = expected.kind == "reversal"
        return Approved() if undone else Declined(reason=DeclineReason.NOT_PERMITTED, code=code)
    if meant is Said.PENDING:
        return _pending(expected)
    if isinstance(meant, DeclineReason):
        return Declined(reason=meant, code=code)
    return Unknown(_WHY.get(meant, Why.UNLISTED_CODE), code)


def _pending(expected: Expected) -> Pending:
    return Pending(ask_after=ASK_AFTER, awaiting="customer" if expected.kind in {"charge", "code"} else "provider")


def parts_of_charge(data: Mapping[str, Any], amount_minor: int) -> Approved:
    """What an answer or a notice tells of a paid charge. Raises Unreadable where a part is larger than the whole."""
    return _approved(data, Expected("charge", "", "", amount_minor))


def parts_of_card(trade: Mapping[str, Any], amount_minor: int) -> Approved:
    """What the cashier's answer or notice tells of a card that was taken. Raises Unreadable where it does not add up.

    Of the card's number, which comes masked, its last four digits; the number people know of it is its reference. The
    answer's list spells ``log_No`` with a capital, the notice does not.
    """
    if fen_or_none(trade, "trade_amount") not in {None, amount_minor}:
        raise _Mismatch("trade_amount")
    paid = parts_of_charge(trade, amount_minor)
    number = _LAST_FOUR.search(text_or_none(trade, "payer_account_no") or "")
    by_card = trade.get("busi_type") in {None, "", COUNTER_CARD}
    numbers = (text_or_none(trade, name) for name in ("trade_ref_no", "log_No", "log_no"))
    return replace(
        paid,
        reference_no=next(filter(None, numbers), None),
        wallet="bank_card" if by_card else WALLETS.get(str(trade.get("pay_mode")), "other"),
        card_kind=COUNTER_CARD_KINDS.get(str(trade.get("acc_type"))) if by_card else None,
        last_four=number.group() if by_card and number else None,
        slip_batch_no=text_or_none(trade, "client_batch_no"),
        slip_voucher_no=text_or_none(trade, "client_seq_no"),
    )


def _approved(data: Mapping[str, Any], expected: Expected) -> Approved:
    discounts = [fen_or_none(data, name) for name in ("acc_discount_amount", "acc_other_discount_amount")]
    payer = fen_or_none(data, "payer_amount")
    merchant_discount = fen_or_none(data, "acc_mdiscount_amount")
    platform_discount = None if discounts == [None, None] else sum(amount or 0 for amount in discounts)
    for part in (payer, merchant_discount, platform_discount):
        if part is not None and part > expected.amount_minor:
            raise _Mismatch("a part is larger than the whole")
    charge = expected.kind == "charge"
    return Approved(
        provider_trade_no=text_or_none(data, "trade_no"),
        wallet_trade_no=text_or_none(data, "acc_trade_no"),
        reference_no=text_or_none(data, "log_no"),
        wallet=WALLETS.get(str(data.get("account_type"))),
        card_kind=CARD_KINDS.get(str(data.get("card_type"))),
        payer_minor=payer if charge else None,
        merchant_discount_minor=merchant_discount if charge else None,
        platform_discount_minor=platform_discount if charge else None,
        returned_minor=None if charge else payer,
        paid_at=from_wire_time(data.get("trade_time")),
    )
