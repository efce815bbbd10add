"""Lakala's other refunds, its cashier, encrypted bodies, reads, and the limits of every field, against the sandbox."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import MICROS, Money, Refused, Trouble
from counterfoil.providers import Approved, Charge, Declined, DeclineReason, Leg, Pending, Query, Unknown, Why
from counterfoil.providers.lakala.fields import FIELDS, wrong_field
from counterfoil.providers.lakala.prepay import SHAPES
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Trick
from counterfoil.providers.lakala.sm4 import NotEncrypted, Sm4
from tests.providers.stage import NOON, Till, account_row, accounts, section

KEY = base64.b64encode(bytes(range(16))).decode()


@pytest.fixture
def till_with(keys, url, transport, spool, clock):
    def made(**settings) -> Till:
        built = accounts({"main": section(keys, url) | settings}, transport, spool, clock)
        return Till(built.connector(account_row()), clock)

    return made


@pytest.mark.parametrize("way", ["labs", "idempotent", "unified"])
async def test_each_refund_call_gives_back_in_parts_and_is_found_again(till_with, sandbox, way):
    till = till_with(refund_call=way)
    order_no, _ = await till.charge(3800)
    part, outcome = await till.leg("refund", order_no, 3800, 800)
    assert isinstance(outcome, Approved)
    assert isinstance(await till.query(part, 800, "refund"), Approved)
    assert isinstance((await till.leg("refund", order_no, 3800, 3000))[1], Approved)
    _, more = await till.leg("refund", order_no, 3800, 1)
    assert (type(more), more.reason) == (Declined, DeclineReason.EXCEEDS_REMAINDER)
    assert sandbox.ledger.find(MERCHANT_NO, order_no=order_no).left == 0


@pytest.mark.parametrize("way", ["idempotent", "unified"])
async def test_a_refund_sent_twice_gives_back_once(till_with, sandbox, way):
    till = till_with(refund_call=way)
    order_no, _ = await till.charge(3800)
    sandbox.next.append(Trick.CUT_AFTER)
    number, lost = await till.leg("refund", order_no, 3800, 800)
    assert lost.why is Why.NO_ANSWER
    assert isinstance((await till.leg("refund", order_no, 3800, 800, order_no=number))[1], Approved)
    assert sandbox.ledger.find(MERCHANT_NO, order_no=order_no).left == 3000


async def test_a_refund_nobody_knows_is_not_found(till_with):
    for way in ("labs", "idempotent", "unified"):
        assert (await till_with(refund_call=way).query("9" * 24, 100, "refund")).why is Why.NOT_FOUND


async def test_what_a_refund_would_give_back_of_the_fee_is_passed_on(till_with):
    till = till_with()
    order_no, _ = await till.charge(10_000)
    told = await till.connector.refund_fee(leg(order_no, 10_000))
    assert (told["origin_out_trade_no"], told["sbx_refund_fee"]) == (order_no, "38")
    with pytest.raises(Trouble) as refused:
        await till.connector.refund_fee(leg("9" * 24, 100))
    assert refused.value.kind.code == "CF-4234"


def leg(order_no: str, amount: int, entry: str = "consumer_code") -> Leg:
    return Leg(
        order_no="8" * 24,
        origin_order_no=order_no,
        origin_trade_no=None,
        origin_amount=Money(amount),
        amount=Money(amount),
        reason="PRICE",
        origin_asked_at=NOON,
        origin_entry=entry,
    )


async def create(till, amount=20_000, *, order_no=None):
    order_no = order_no or till.number()
    call = Charge(
        order_no=order_no,
        amount=Money(amount),
        entry="unknown",
        auth_code=None,
        subject=order_no,
        asked_at=till.clock.now(),
        code_seconds=300,
    )
    return order_no, (await till.connector.charge(call)).outcome


async def ask(till, order_no, amount=20_000):
    call = Query(order_no=order_no, amount=Money(amount), kind="charge", asked_at=NOON, entry="unknown")
    return (await till.connector.query(call)).outcome


@pytest.mark.parametrize("way", ["labs", "unified"])
async def test_a_card_is_taken_at_the_terminal_and_refunded_the_only_documented_way(till_with, clock, way):
    till = till_with(refund_call=way)
    order_no, made = await create(till)
    assert (type(made), made.show, made.show_until) == (Pending, None, NOON + 300 * MICROS)
    assert isinstance(await ask(till, order_no), Pending)
    clock.forward(7)
    paid = await ask(till, order_no)
    assert isinstance(paid, Approved)
    assert (paid.wallet, paid.card_kind, paid.last_four, len(paid.reference_no)) == ("bank_card", "debit", "1234", 12)
    assert (paid.slip_batch_no, len(paid.slip_voucher_no)) == ("000001", 6)
    assert (await ask(till, order_no, 19_999)).why is Why.MISMATCH
    card = {"entry": "unknown", "trade_no": paid.provider_trade_no}
    number, part = await till.leg("refund", order_no, 20_000, 5_000, **card)
    assert (type(part), part.returned_minor) == (Approved, 5_000)
    asked = Query(order_no=number, amount=Money(5_000), kind="refund", asked_at=NOON, entry="unknown")
    assert isinstance((await till.connector.query(asked)).outcome, Approved)
    assert (await ask(till, order_no)).why is Why.RETURNED


async def test_a_card_whose_trade_number_is_not_known_is_not_refunded_by_guessing(till_with, clock):
    till = till_with()
    order_no, _ = await create(till)
    clock.forward(7)
    assert isinstance(await ask(till, order_no), Approved)
    _, said = await till.leg("refund", order_no, 20_000, 5_000, entry="unknown")
    assert (type(said), said.code) == (Declined, "not sent")


@pytest.mark.parametrize(("terminal", "amount"), [("", 20_000), ("SBX00001", 0)])
async def test_without_a_card_terminal_or_out_of_range_nothing_is_sent(till_with, sandbox, terminal, amount):
    _, said = await create(till_with(card_terminal=terminal), amount)
    assert (type(said), said.code) == (Declined, "not sent")
    assert not list(sandbox.ledger.trades())


async def test_a_card_that_its_bank_declines_is_a_no(till_with, sandbox, clock):
    till = till_with()
    sandbox.next.append(Trick.CARD_DECLINED)
    order_no, made = await create(till)
    assert isinstance(made, Pending)
    clock.forward(7)
    said = await ask(till, order_no)
    assert (type(said), said.reason) == (Declined, DeclineReason.OTHER)
    assert isinstance((await till.connector.reverse(leg(order_no, 20_000, "unknown"))).outcome, Approved)


async def test_a_cashier_order_is_closed_unless_it_was_paid(till_with, sandbox, clock):
    sandbox.scan_seconds = None
    till = till_with()
    order_no, _ = await create(till)
    assert isinstance((await till.connector.reverse(leg(order_no, 20_000, "unknown"))).outcome, Approved)
    assert (await ask(till, order_no)).reason is DeclineReason.CLOSED
    sandbox.scan_seconds = 1
    paid, _ = await create(till)
    clock.forward(2)
    assert isinstance((await till.connector.reverse(leg(paid, 20_000, "unknown"))).outcome, Declined)
    assert (await ask(till, "9" * 24)).why is Why.NOT_FOUND


async def test_encrypted_forms_say_the_same_as_plain_ones(till_with, sandbox):
    sandbox.sm4 = Sm4(KEY)
    till = till_with(sm4_key=f"  {KEY} ")
    order_no, outcome = await till.charge(3800)
    assert isinstance(outcome, Approved)
    assert isinstance((await till.show(2000))[1], Pending)
    assert isinstance((await create(till))[1], Pending)
    assert isinstance(await till.query(order_no, 3800), Approved)


async def test_another_sm4_key_is_never_taken_for_an_answer(till_with, sandbox):
    sandbox.sm4 = Sm4(base64.b64encode(b"x" * 16).decode())
    _, outcome = await till_with(sm4_key=KEY).charge(3800)
    assert isinstance(outcome, Unknown)
    assert not list(sandbox.ledger.trades())


def test_an_sm4_key_of_another_length_is_refused(till_with):
    with pytest.raises(Refused) as refused:
        till_with(sm4_key="c2hvcnQ=")
    assert (refused.value.kind.code, refused.value.field) == ("CF-4204", "sm4_key")


@given(plain=st.binary(max_size=200))
def test_what_is_encrypted_comes_back(plain):
    assert Sm4(KEY).decrypt(Sm4(KEY).encrypt(plain)) == plain


@given(text=st.binary(max_size=200))
def test_what_was_not_encrypted_with_the_key_fails_in_one_way(text):
    try:
        Sm4(KEY).decrypt(text)
    except NotEncrypted:
        return
    assert len(base64.b64decode(text)) % 16 == 0


def test_sm4_is_the_standards_own_example():
    # GB/T 32907-2016, example 1: key and plain text are the same sixteen bytes.
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    raw = Cipher(SM4(block), ECB()).encryptor().update(block)  # noqa: S305 - the standard's example
    assert raw.hex() == "681edf34d206965e86b3e94f536e4246"
    ours = base64.b64decode(Sm4(base64.b64encode(block).decode()).encrypt(block))
    assert ours[:16].hex() == "681edf34d206965e86b3e94f536e4246"


@pytest.mark.parametrize("path", ["merchant/queryMerchantDetail", "busi/queryTermFee", "limit/queryLimit"])
async def test_reads_pass_on_what_is_answered(till_with, path):
    told = await till_with().connector.read(path, "2026010112000012345678")
    assert told["merCupNo"] == MERCHANT_NO
    assert ("termNo" in told) is path.endswith("queryTermFee")


async def test_a_read_that_does_not_exist_is_refused_by_name(till_with):
    with pytest.raises(Refused) as refused:
        await till_with().connector.read("merchant/deleteAll", "1")
    assert (refused.value.kind.code, refused.value.field) == ("CF-4233", "merchant/deleteAll")


def sample(path: str) -> dict:
    """Every field of a call, each as long as it may be."""
    data: dict = {}
    for field in FIELDS[path]:
        value = ("1" if field.digits else "x") * (field.most or 40)
        outer, _, inner = field.name.partition(".")
        if inner:
            data.setdefault(outer, {})[inner] = value
        else:
            data[outer] = value
    return data


def replaced(data: dict, name: str, value) -> dict:
    outer, _, inner = name.partition(".")
    return {**data, outer: {**data[outer], inner: value} if inner else value}


@pytest.mark.parametrize("path", sorted(FIELDS))
def test_every_field_is_held_to_its_limit(path):
    data = sample(path)
    assert wrong_field(path, data) is None
    for field in FIELDS[path]:
        if field.most:
            long = wrong_field(path, replaced(data, field.name, "1" * (field.most + 1)))
            assert (long.kind.code, long.field) == ("CF-4231", field.name)
        if field.must:
            missing = wrong_field(path, replaced(data, field.name, ""))
            assert (missing.kind.code, missing.field) == ("CF-4230", field.name)
        if field.digits:
            kind = wrong_field(path, replaced(data, field.name, "1.5"[: field.most or 3].replace("1", ".")))
            assert (kind.kind.code, kind.field) == ("CF-4232", field.name)
    unknown = wrong_field(path, {**data, "surprise": "1"})
    assert (unknown.kind.code, unknown.field) == ("CF-4233", "surprise")


async def test_a_field_that_may_not_be_sent_is_not_sent(till_with, sandbox):
    till = till_with(term_no="T" * 33)
    _, outcome = await till.charge(3800)
    assert (outcome.why, outcome.detail) == (Why.NOT_SENT, "CF-4231 term_no")
    assert not list(sandbox.ledger.trades())


@pytest.mark.parametrize(("account_type", "trans_type"), [way for way in SHAPES if way[1] != "41"])
async def test_each_way_of_preorder_gives_what_its_wallet_needs(till_with, account_type, trans_type):
    till = till_with()
    found = await till.connector.prepay(shown(till), account_type, trans_type, user_id="2088", sub_appid="wx1")
    assert tuple(found) == SHAPES[account_type, trans_type]


async def test_a_way_a_wallet_does_not_have_is_refused(till_with):
    till = till_with()
    refused = await till.connector.prepay(shown(till), "WECHAT", "41")
    assert isinstance(refused, Declined)
    lost = await till_with(term_no="T" * 33).connector.prepay(shown(till), "WECHAT", "51")
    assert lost.why is Why.NOT_SENT


def shown(till) -> Charge:
    return Charge(
        order_no=till.number(),
        amount=Money(2000),
        entry="merchant_code",
        auth_code=None,
        subject="x",
        asked_at=till.clock.now(),
        code_seconds=300,
    )
