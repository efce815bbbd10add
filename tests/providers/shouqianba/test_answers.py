"""What an answer says about the money: every pair of words, and nothing said but by the right ones about our order."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.providers import Approved, Declined, DeclineReason, Pending, Unknown, Why
from counterfoil.providers.shouqianba import messages
from counterfoil.providers.shouqianba.answers import (
    Expected,
    of_call,
    of_cancel,
    of_precreate,
    of_question,
    of_refused_refund,
)
from counterfoil.providers.shouqianba.messages import Call, Stands
from counterfoil.providers.shouqianba.wire import Unreadable, from_wire_time, read_answer

OURS = Expected(order_no="A1", amount_minor=1000, act_no="")
REFUND = Expected(order_no="A1", amount_minor=1000, act_no="A1-R1")
ORDERS = sorted(messages.ORDERS | {"", "NEW_WORD"})
RESULTS = sorted({word for table in messages.RESULTS.values() for word in table} | {"", "NEW_RESULT"})
CODES = sorted(set(messages.CODES) | {"", "NEW_CODE"})
LIMIT_CODES = {"BUYER_OVER_DAILY_LIMIT", "BUYER_OVER_TRANSACTION_LIMIT"}


def said(result, code="", order="", outer="200", **more):
    data = {"client_sn": "A1", "total_amount": "1000", "order_status": order, "status": "", **more} if order else None
    inner = {"result_code": result, "error_code": code, "data": data}
    return read_answer(json.dumps({"result_code": outer, "error_code": code, "biz_response": inner}).encode())


def verdict(outcome):
    return type(outcome).__name__


def reasons(call):
    """The codes that are a no to this call by themselves."""
    return {code for code, meant in messages.CODES.items() if isinstance(meant, DeclineReason)}


# Written out once more from the documents, not derived from the connector's tables: result, order, code.
YES = {
    Call.PAY: {("PAY_SUCCESS", "PAID")},
    Call.REFUND: {("REFUND_SUCCESS", "REFUNDED"), ("REFUND_SUCCESS", "PARTIAL_REFUNDED")},
    Call.REVOKE: {("CANCEL_SUCCESS", "CANCELED"), ("CANCEL_ABORT_SUCCESS", "CANCELED")},
}
NO = {
    Call.PAY: {("PAY_FAIL", "PAY_CANCELED")},
    Call.REFUND: {("REFUND_FAIL", ""), ("REFUND_FAIL", "PAID"), ("REFUND_FAIL", "PARTIAL_REFUNDED")},
    Call.REVOKE: set(),
}
RUNNING = {
    Call.PAY: {"PAY_IN_PROGRESS"},
    Call.REFUND: {"REFUND_IN_PROGRESS"},
    Call.REVOKE: {"CANCEL_IN_PROGRESS", "CANCEL_ABORT_IN_PROGRESS"},
}
UNCLEAR = {"REFUND_INPROGRESS", "CANCEL_INPROGRESS", "PAY_ERROR", "REFUND_ERROR", "CANCEL_ERROR", "INVALID_STATUS_CODE"}
REFUSABLE = {
    Call.PAY: {"", "PAY_CANCELED"},
    Call.REFUND: set(ORDERS) - UNCLEAR - {"NEW_WORD"},
    Call.REVOKE: set(ORDERS) - UNCLEAR - {"NEW_WORD"},
}
ALREADY = {Call.REFUND: "UPAY_REFUND_ORDER_NOOP", Call.REVOKE: "UPAY_CANCEL_ORDER_NOOP"}


def expected_of(call, result, order, code):
    if result in RUNNING[call]:
        return "Pending"
    if (result, order) in YES[call]:
        return "Approved"
    if (result, order) in NO[call]:
        return "Declined"
    if result == "FAIL" and order in REFUSABLE[call]:
        if code == ALREADY.get(call):
            return "Approved"
        if code in reasons(call) or (code in {"TRADE_TIMEOUT", "TRADE_FAILED"} and order == "PAY_CANCELED"):
            return "Declined"
    return "Unknown"


@pytest.mark.parametrize("call", [Call.PAY, Call.REFUND, Call.REVOKE])
@pytest.mark.parametrize("result", RESULTS)
def test_every_pair_of_words_has_its_outcome(call, result):
    for order, code in itertools.product(ORDERS, CODES):
        outcome = of_call(call, said(result, code, order), OURS)
        assert verdict(outcome) == expected_of(call, result, order, code), (call, result, order, code, outcome)


QUESTION = {"PAID": "Approved", "PARTIAL_REFUNDED": "Approved", "CREATED": "Pending"}
QUESTION |= {"PAY_CANCELED": "Declined", "CANCELED": "Declined"}


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_status_has_its_outcome_when_a_charge_is_asked_about(order):
    assert verdict(of_question("charge", said("SUCCESS", "", order), OURS)) == QUESTION.get(order, "Unknown")


@pytest.mark.parametrize(
    "status",
    [
        "",
        "SUCCESS",
        "REFUND_SUCCESS",
        "IN_PROG",
        "CREATED",
        "FAIL_CANCELED",
        "FAIL_IO_1",
        "REFUNDED",
        "PARTIAL_REFUNDED",
    ],
)
@pytest.mark.parametrize("order", ORDERS)
def test_every_pair_has_its_outcome_when_a_refund_is_asked_about(order, status):
    told = of_question("refund", said("SUCCESS", "", order, client_tsn="A1-R1", status=status), REFUND)
    if status in {"SUCCESS", "REFUND_SUCCESS"} and order in {"REFUNDED", "PARTIAL_REFUNDED"}:
        assert verdict(told) == "Approved"
    elif status == "FAIL_CANCELED" and order in {"PAID", "PARTIAL_REFUNDED"}:
        assert verdict(told) == "Declined"
    elif order and (status in {"IN_PROG", "CREATED"} or order == "REFUND_INPROGRESS"):
        assert verdict(told) == "Pending"
    else:
        assert verdict(told) == "Unknown"


@pytest.mark.parametrize(
    ("call", "result", "order"),
    [(call, result, order) for call, pairs in YES.items() for result, order in sorted(pairs)],
)
def test_a_status_that_repeats_the_orders_word_is_no_contradiction_and_any_other_is(call, result, order):
    """As the owner's newest notes print both; its older texts have SUCCESS."""
    assert verdict(of_call(call, said(result, "", order, status=order), OURS)) == "Approved"
    for other in {*ORDERS, "FAIL_CANCELED"} - {order, ""}:
        assert of_call(call, said(result, "", order, status=other), OURS).why is Why.MISMATCH


@pytest.mark.parametrize("order", ORDERS)
def test_a_refund_is_never_found_in_another_act(order):
    for tsn in ("A1", "A1-R2", "", None):
        told = of_question("refund", said("SUCCESS", "", order, client_tsn=tsn, status="SUCCESS"), REFUND)
        assert told == Unknown(Why.NOT_FOUND, "another act is the latest")


@pytest.mark.parametrize(("outer", "code"), list(itertools.product(["400", "500", "", "200 ", "OK"], [*CODES, "X"])))
def test_a_request_that_was_not_taken_is_a_no_only_by_its_listed_code(outer, code):
    told = of_call(Call.PAY, said("PAY_SUCCESS", code, "PAID", outer=outer), OURS)
    assert isinstance(told, Unknown)


@pytest.mark.parametrize("pair", messages.NOT_TAKEN)
def test_a_refused_request_did_nothing_and_a_refused_question_says_nothing(pair):
    outer, code = pair
    told = said("PAY_SUCCESS", code, "PAID", outer=outer)
    assert of_call(Call.PAY, told, OURS) == Declined(reason=DeclineReason.CONFIGURATION, code=code)
    assert isinstance(of_question("charge", told, OURS), Unknown)


@pytest.mark.parametrize("code", CODES)
def test_a_refused_question_is_no_verdict(code):
    told = of_question("charge", said("FAIL", code), OURS)
    missing = messages.CODES.get(code) is Stands.NOT_FOUND
    assert told.why is (Why.NOT_FOUND if missing else Why.PROVIDER_TROUBLE)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("INSUFFICIENT_FUND", DeclineReason.BALANCE),
        ("EXPIRED_BARCODE", DeclineReason.CODE_EXPIRED),
        *((code, DeclineReason.LIMIT) for code in sorted(LIMIT_CODES)),
        ("NEW_CODE", DeclineReason.OTHER),
    ],
)
def test_a_failed_payment_says_why(code, reason):
    assert of_call(Call.PAY, said("PAY_FAIL", code, "PAY_CANCELED"), OURS) == Declined(reason=reason, code=code)


VALUES = st.sampled_from(["A1", "A2", "1000", "1001", "", None, 1000, 10.0, True, "T1", "T2", "CNY", "USD", [], {}])
MEMBERS = st.dictionaries(
    st.sampled_from(["client_sn", "total_amount", "terminal_sn", "currency", "client_tsn", "payment_list", "payway"]),
    VALUES,
)


@given(members=MEMBERS)
def test_a_yes_counts_only_when_all_of_it_is_about_our_order(members):
    data = {"order_status": "PAID", "status": "SUCCESS", **members}
    inner = {"result_code": "PAY_SUCCESS", "data": data}
    answer = read_answer(json.dumps({"result_code": "200", "biz_response": inner}).encode())
    told = of_call(Call.PAY, answer, Expected(order_no="A1", amount_minor=1000, terminal_sn="T1"))
    if isinstance(told, Approved):
        assert (members["client_sn"], members["total_amount"]) == ("A1", "1000")
        assert members.get("terminal_sn") in ("T1", "", None)
        assert members.get("currency") in ("CNY", "", None)
    else:
        assert isinstance(told, Unknown)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["result_code", "biz_response", "data", "order_status", "error_code"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(value=JSON | st.binary(max_size=60))
def test_garbage_is_unknown_or_unreadable(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    try:
        answer = read_answer(raw)
    except Unreadable:
        return
    for call in (Call.PAY, Call.REFUND, Call.REVOKE):
        assert isinstance(of_call(call, answer, OURS), Unknown)
    assert isinstance(of_question("charge", answer, OURS), Unknown)


@pytest.mark.parametrize("code", ["", None, "javascript:alert(1)", "qr.example/1", "https://" + "x" * 600, 7])
def test_a_code_is_shown_only_if_it_is_one(code):
    made = said("PRECREATE_SUCCESS", "", "CREATED", qr_code=code)
    assert isinstance(of_precreate(made, OURS, until=9), Unknown)


def test_a_code_is_pending_until_its_end():
    told = of_precreate(said("PRECREATE_SUCCESS", "", "CREATED", qr_code="weixin://wxpay/1"), OURS, until=9)
    assert isinstance(told, Pending)
    assert (told.show, told.show_until, told.awaiting) == ("weixin://wxpay/1", 9, "customer")


def test_discounts_are_told_apart():
    parts = [
        {"type": "WALLET_WEIXIN", "amount_total": "850"},
        {"type": "DISCOUNT_CHANNEL_MCH", "amount_total": "50"},
        {"type": "DISCOUNT_CHANNEL_MCH_TOP_UP", "amount_total": "40"},
        {"type": "HONGBAO_CHANNEL", "amount_total": "60"},
    ]
    told = of_call(Call.PAY, said("PAY_SUCCESS", "", "PAID", payment_list=parts, payway="3", sn="789"), OURS)
    assert (told.payer_minor, told.merchant_discount_minor, told.platform_discount_minor) == (850, 50, 100)
    assert (told.wallet, told.provider_trade_no) == ("wechat", "789")


def test_discounts_larger_than_the_whole_are_a_mismatch():
    parts = [{"type": "HONGBAO_CHANNEL", "amount_total": "1001"}]
    assert of_call(Call.PAY, said("PAY_SUCCESS", "", "PAID", payment_list=parts), OURS).why is Why.MISMATCH


REFUSED = Declined(reason=DeclineReason.NOT_PERMITTED, code="UPAY_REFUND_INVALID_ORDER_STATE")


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        (said("SUCCESS", "", "REFUNDED", client_tsn="A1-R1", status="SUCCESS"), "Approved"),
        (said("SUCCESS", "", "REFUNDED", client_tsn="A1-R2", status="SUCCESS"), "Unknown"),
        (said("SUCCESS", "", "PAID", client_tsn="A1", status="SUCCESS"), "Declined"),
        (said("FAIL", "UPAY_ORDER_NOT_EXISTS"), "Declined"),
        (said("FAIL", "NEW_CODE"), "Unknown"),
        (Unknown(Why.NO_ANSWER), "Unknown"),
    ],
)
def test_a_refused_refund_is_held_against_a_question(asked, outcome):
    assert verdict(of_refused_refund(REFUSED, asked, REFUND)) == outcome


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        ("1767225602345", 1_767_225_602_345_000),
        ("2026-01-01 08:00:00", 1_767_225_600_000_000),
        ("2026-13-01 08:00:00", None),
        ("", None),
        (None, None),
        (1767225602345, None),
    ],
)
def test_times_are_read_in_either_form(value, micros):
    assert from_wire_time(value) == micros


@pytest.mark.parametrize(
    ("cancelling", "expected"),
    [
        (None, "Unknown"),  # lost: it may never have arrived
        (said("", "UNKNOWN_SYSTEM_ERROR", outer="500"), "Unknown"),
        (said("NEW_RESULT", order="PAID"), "Unknown"),
        (said("CANCEL_IN_PROGRESS", order="PAID"), "Unknown"),
        (said("CANCEL_ABORT_ERROR", order="PAID"), "Declined"),
        (said("CANCEL_ABORT_SUCCESS", order="CANCELED"), "Declined"),  # and paid all the same
        (said("FAIL", "UPAY_CANCEL_INVALID_ORDER_STATE"), "Declined"),
        (said("", "INVALID_PARAMS", outer="400"), "Declined"),
    ],
)
def test_a_payment_found_paid_after_cancel_is_left_so_only_where_cancel_was_answered(cancelling, expected):
    assert verdict(of_cancel(cancelling, Approved())) == expected
    assert verdict(of_cancel(cancelling, Declined(reason=DeclineReason.CUSTOMER_CANCELLED, code=""))) == "Approved"
