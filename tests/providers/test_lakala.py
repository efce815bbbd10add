"""The connector against the running sandbox, over real sockets."""

import asyncio
import time
from importlib.resources import files

import pytest

from counterfoil.basis import MICROS, Money, Secret, SystemEntropy
from counterfoil.providers import Approved, Charge, Declined, DeclineReason, Pending, Unknown, Why, lakala, scan
from counterfoil.providers.lakala.codes import LAKALA, SANDBOX
from counterfoil.providers.lakala.sandbox import (
    BY_AMOUNT,
    MERCHANT_NO,
    Filled,
    Sandbox,
    Trick,
    make_sandbox_keys,
    numbers_of,
    running_sandbox,
    serve_sandbox,
)
from counterfoil.providers.lakala.wire import text_or_none
from counterfoil.providers.shouqianba.messages import CODES
from tests.providers.stage import NOON, Till, account_row, accounts, section

AMOUNT_OF = {row.trick: row.amount_minor for row in BY_AMOUNT if row.entry == "consumer_code"}


async def test_charge_is_approved_with_what_lakala_said(till):
    _, outcome = await till.charge(3800)
    assert isinstance(outcome, Approved)
    assert (outcome.wallet, outcome.payer_minor, outcome.merchant_discount_minor) == ("wechat", 3800, 0)
    assert outcome.paid_at == NOON
    assert len(outcome.provider_trade_no) == 32
    assert outcome.provider_trade_no.endswith(outcome.reference_no)


@pytest.mark.parametrize(
    ("code", "wallet", "card_kind"),
    [
        ("134567890123456789", "wechat", None),
        ("281234567890123456", "alipay", None),
        ("6212345678901234567", "unionpay", "debit"),
        ("0112345678901234567", "ecny", None),
    ],
)
async def test_wallet_and_card_kind_come_from_the_answer(till, code, wallet, card_kind):
    _, outcome = await till.charge(100, code=code)
    assert (outcome.wallet, outcome.card_kind) == (wallet, card_kind)


async def test_discounts_are_told_apart(till):
    order_no, outcome = await till.charge(AMOUNT_OF[Trick.COUPON])
    parts = (outcome.payer_minor, outcome.merchant_discount_minor, outcome.platform_discount_minor)
    assert parts == (6465, 50, 100)
    assert await till.query(order_no, AMOUNT_OF[Trick.COUPON]) == outcome


@pytest.mark.parametrize(
    ("trick", "reason"),
    [
        (Trick.BALANCE, DeclineReason.BALANCE),
        (Trick.CODE_EXPIRED, DeclineReason.CODE_EXPIRED),
        (Trick.LIMIT, DeclineReason.LIMIT),
    ],
)
async def test_declined_for_its_reason_and_stays_so(till, trick, reason):
    order_no, outcome = await till.charge(AMOUNT_OF[trick])
    assert isinstance(outcome, Declined)
    assert outcome.reason is reason
    asked = await till.query(order_no, AMOUNT_OF[trick])
    assert isinstance(asked, Declined)
    assert asked.reason is reason
    _, again = await till.charge(AMOUNT_OF[trick], order_no=order_no)
    assert again == outcome


async def test_password_then_success(till, clock):
    order_no, outcome = await till.charge(AMOUNT_OF[Trick.PASSWORD])
    assert outcome == Pending(ask_after=5.0, awaiting="customer")
    assert isinstance(await till.query(order_no, AMOUNT_OF[Trick.PASSWORD]), Pending)
    clock.forward(8)
    paid = await till.query(order_no, AMOUNT_OF[Trick.PASSWORD])
    assert isinstance(paid, Approved)
    assert paid.paid_at == NOON + 8 * MICROS


async def test_password_then_cancelled_by_the_customer(till, clock):
    amount = AMOUNT_OF[Trick.PASSWORD_CANCELLED]
    order_no, _ = await till.charge(amount)
    clock.forward(9)
    asked = await till.query(order_no, amount)
    assert asked == Declined(reason=DeclineReason.CUSTOMER_CANCELLED, code="FAIL")


async def test_password_never_entered_is_reversed_and_cannot_be_paid_after(till, clock):
    amount = AMOUNT_OF[Trick.PASSWORD_NEVER]
    order_no, _ = await till.charge(amount)
    clock.forward(90)
    assert isinstance(await till.query(order_no, amount), Pending)
    leg, outcome = await till.leg("reverse", order_no, amount)
    assert isinstance(outcome, Approved)
    assert isinstance(await till.query(leg, amount, "reversal"), Approved)
    assert isinstance(await till.query(order_no, amount), Declined)


@pytest.mark.parametrize(
    ("trick", "why"),
    [
        (Trick.LATE, Why.NO_ANSWER),
        (Trick.CUT_AFTER, Why.NO_ANSWER),
        (Trick.WRONG_SIGNATURE, Why.BAD_SIGNATURE),
        (Trick.UNLISTED_CODE, Why.UNLISTED_CODE),
        (Trick.OTHER_AMOUNT, Why.MISMATCH),
    ],
)
async def test_executed_but_badly_answered_is_unknown_and_found_by_query(till, trick, why):
    order_no, outcome = await till.charge(AMOUNT_OF[trick])
    assert isinstance(outcome, Unknown)
    assert outcome.why is why
    assert isinstance(await till.query(order_no, AMOUNT_OF[trick]), Approved)


@pytest.mark.parametrize(("trick", "why"), [(Trick.CUT_BEFORE, Why.NO_ANSWER), (Trick.TROUBLE, Why.PROVIDER_TROUBLE)])
async def test_never_executed_is_unknown_and_not_found_and_reversed_for_good(till, trick, why):
    amount = AMOUNT_OF[trick]
    order_no, outcome = await till.charge(amount)
    assert outcome.why is why
    assert (await till.query(order_no, amount)).why is Why.NOT_FOUND
    _, undone = await till.leg("reverse", order_no, amount)
    assert undone == Approved()
    _, late = await till.charge(3800, order_no=order_no)
    assert isinstance(late, Declined)


async def test_same_number_and_content_is_the_same_payment(till, sandbox):
    order_no, first = await till.charge(3800)
    _, second = await till.charge(3800, order_no=order_no)
    assert first == second
    assert [trade.order_no for trade in sandbox.ledger.trades()] == [order_no]


async def test_same_number_with_another_amount_is_no_answer_to_anything(till):
    order_no, _ = await till.charge(3800)
    _, outcome = await till.charge(3900, order_no=order_no)
    assert outcome == Unknown(Why.MISMATCH, "SBX90409")


async def test_query_for_another_amount_is_a_mismatch(till):
    order_no, _ = await till.charge(3800)
    assert (await till.query(order_no, 3801)).why is Why.MISMATCH


async def test_void_before_the_cut(till, sandbox):
    order_no, _ = await till.charge(3800)
    leg, outcome = await till.leg("void", order_no, 3800)
    assert isinstance(outcome, Approved)
    assert isinstance(await till.query(leg, 3800, "void"), Approved)
    assert sandbox.ledger.find(MERCHANT_NO, order_no=order_no).left == 0
    _, again = await till.leg("void", order_no, 3800, order_no=leg)
    assert again == outcome
    _, other = await till.leg("void", order_no, 3800)
    assert isinstance(other, Declined)


async def test_charge_that_was_voided_is_not_called_paid(till):
    order_no, _ = await till.charge(3800)
    await till.leg("void", order_no, 3800)
    assert (await till.query(order_no, 3800)).why is Why.RETURNED
    _, repeated = await till.charge(3800, order_no=order_no)
    assert isinstance(repeated, Declined)


@pytest.mark.parametrize(("seconds", "kind"), [(11 * 3600 - 1, Approved), (11 * 3600, Declined)])
async def test_void_is_refused_from_the_cut_on(till, clock, seconds, kind):
    order_no, _ = await till.charge(3800)
    clock.forward(seconds)
    _, outcome = await till.leg("void", order_no, 3800)
    assert isinstance(outcome, kind)
    if kind is Declined:
        assert outcome.reason is DeclineReason.PAST_CUT


async def test_partial_refunds_until_the_rest_and_not_beyond(till, clock, sandbox):
    order_no, _ = await till.charge(10_000)
    clock.forward(3 * 24 * 3600)
    for amount in (4000, 3500):
        leg, outcome = await till.leg("refund", order_no, 10_000, amount)
        assert isinstance(outcome, Approved)
        assert outcome.returned_minor == amount
        assert isinstance(await till.query(leg, amount, "refund"), Approved)
    _, beyond = await till.leg("refund", order_no, 10_000, 2501)
    assert beyond == Declined(reason=DeclineReason.EXCEEDS_REMAINDER, code="SBX90301")
    _, rest = await till.leg("refund", order_no, 10_000, 2500)
    assert isinstance(rest, Approved)
    _, more = await till.leg("refund", order_no, 10_000, 1)
    assert isinstance(more, Declined)
    returned = [trade.amount for trade in sandbox.ledger.trades() if trade.kind == "refund"]
    assert returned == [4000, 3500, 2500]


async def test_refund_repeated_under_its_number_gives_back_once(till, sandbox):
    order_no, _ = await till.charge(10_000)
    leg, first = await till.leg("refund", order_no, 10_000, 4000)
    _, second = await till.leg("refund", order_no, 10_000, 4000, order_no=leg)
    assert first == second
    assert sandbox.ledger.find(MERCHANT_NO, order_no=order_no).left == 6000


async def test_refund_of_a_part_then_no_void(till):
    order_no, _ = await till.charge(10_000)
    await till.leg("refund", order_no, 10_000, 4000)
    _, outcome = await till.leg("void", order_no, 10_000)
    assert outcome == Declined(reason=DeclineReason.NOT_PERMITTED, code="SBX90202")
    assert isinstance(await till.query(order_no, 10_000), Approved)


async def test_refund_with_funds_short_is_declined_twice_and_then_succeeds_under_its_number(till):
    order_no, _ = await till.charge(AMOUNT_OF[Trick.FUNDS_SHORT])
    leg, outcome = await till.leg("refund", order_no, AMOUNT_OF[Trick.FUNDS_SHORT], 1000)
    assert outcome == Declined(reason=DeclineReason.FUNDS_SHORT, code="SBX90302")
    await till.charge(999)
    _, outcome = await till.leg("refund", order_no, AMOUNT_OF[Trick.FUNDS_SHORT], 1000, order_no=leg)
    assert isinstance(outcome, Declined)
    _, outcome = await till.leg("refund", order_no, AMOUNT_OF[Trick.FUNDS_SHORT], 1000, order_no=leg)
    assert isinstance(outcome, Approved)


async def test_refund_with_funds_short_succeeds_once_as_much_was_taken_again(till):
    order_no, _ = await till.charge(AMOUNT_OF[Trick.FUNDS_SHORT])
    leg, outcome = await till.leg("refund", order_no, AMOUNT_OF[Trick.FUNDS_SHORT], 1000)
    assert isinstance(outcome, Declined)
    await till.charge(1000)
    _, outcome = await till.leg("refund", order_no, AMOUNT_OF[Trick.FUNDS_SHORT], 1000, order_no=leg)
    assert isinstance(outcome, Approved)


async def test_refund_cut_after_executing_is_found_by_its_own_number(till, control):
    order_no, _ = await till.charge(10_000)
    await control({"next": ["cut_after"]})
    leg, outcome = await till.leg("refund", order_no, 10_000, 4000)
    assert outcome.why is Why.NO_ANSWER
    assert isinstance(await till.query(leg, 4000, "refund"), Approved)


async def test_control_plays_each_trick_once_and_modes_until_ended(till, control):
    assert (await control({"next": ["balance"]}))[0] == 200
    assert isinstance((await till.charge(100))[1], Declined)
    order_no, paid = await till.charge(100)
    assert isinstance(paid, Approved)
    await control({"mode": "cut_before"})
    assert (await till.query(order_no, 100)).why is Why.NO_ANSWER
    await control({"next": []})
    assert isinstance((await till.charge(100))[1], Unknown)
    await control({"mode": None})
    assert isinstance(await till.query(order_no, 100), Approved)


async def test_control_refuses_what_it_does_not_know_and_pages_in_browsers(control):
    assert (await control({"next": ["explode"]}))[0] == 400
    assert (await control({"other": 1}))[0] == 400
    assert (await control({"next": []}, headers=[("Origin", "http://example.org")]))[0] == 404


async def test_ledger_can_be_read(till, control):
    order_no, _ = await till.charge(10_000)
    leg, _ = await till.leg("refund", order_no, 10_000, 4000)
    await till.charge(200)
    _, said = await control(path=f"/_control/ledger?order_no={order_no}")
    assert [(trade["order_no"], trade["kind"]) for trade in said["trades"]] == [(order_no, "charge"), (leg, "refund")]


async def test_filled_old_payments_can_be_queried_refunded_and_are_kept_over_a_restart(
    keys, transport, spool, clock, tmp_path
):
    day = 24 * 3600 * MICROS
    old = [
        Filled(order_no="old-1", kind="charge", amount_minor=5000, at=NOON - 9 * day, account_type="ALIPAY"),
        Filled(order_no="old-1-r", kind="refund", amount_minor=2000, at=NOON - 8 * day, origin="old-1"),
        Filled(order_no="old-2", kind="charge", amount_minor=700, at=NOON - day),
        Filled(order_no="old-2-v", kind="void", amount_minor=700, at=NOON - day, origin="old-2"),
    ]
    path = tmp_path / "ledger.jsonl"
    for refunded in (1000, 1500):
        sandbox = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=path)
        sandbox.ledger.fill(MERCHANT_NO, old)
        async with running_sandbox(sandbox) as url:
            connector = accounts({"main": section(keys, url)}, transport, spool, clock).connector(account_row())
            till = Till(connector, clock, made=["x"] * refunded)
            said = await till.query("old-1", 5000)
            assert said.provider_trade_no == numbers_of(MERCHANT_NO, "old-1", "charge", NOON - 9 * day).trade_no
            assert said.wallet == "alipay"
            _, outcome = await till.leg("refund", "old-1", 5000, refunded)
            assert isinstance(outcome, Approved)
            assert isinstance(await till.query("old-2-v", 700, "void"), Approved)
    left = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=path)
    assert left.ledger.find(MERCHANT_NO, order_no="old-1").left == 500
    left.ledger.close()


async def test_a_journal_torn_by_a_kill_loses_only_its_last_line(keys, clock, tmp_path):
    path = tmp_path / "ledger.jsonl"
    first = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=path)
    entries = [Filled(order_no=f"n{at}", kind="charge", amount_minor=1, at=NOON) for at in range(3)]
    first.ledger.fill(MERCHANT_NO, entries)
    first.ledger.close()
    path.write_bytes(path.read_bytes()[:-9])
    again = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=path)
    assert [trade.order_no for trade in again.ledger.trades()] == ["n0", "n1"]
    again.ledger.close()


async def test_served_sandbox_says_where_it_is_and_ends_when_cancelled(keys, clock, transport, spool, tmp_path):
    told = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve_sandbox(
            "127.0.0.1",
            0,
            keys=keys,
            state_path=tmp_path / "ledger.jsonl",
            clock=clock,
            entropy=SystemEntropy(),
            fill=[Filled(order_no="old", kind="charge", amount_minor=500, at=NOON)],
            ready=told.set_result,
        )
    )
    connector = accounts({"main": section(keys, await told)}, transport, spool, clock).connector(account_row())
    assert isinstance(await Till(connector, clock).query("old", 500), Approved)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_sandbox_refuses_to_listen_beyond_this_machine(sandbox):
    with pytest.raises(ValueError, match="loopback"):
        async with running_sandbox(sandbox, host="0.0.0.0"):  # noqa: S104 - that is what is refused
            pass
    sandbox.ledger.close()


async def test_wrong_key_is_told_as_a_matter_of_configuration(keys, url, transport, spool, clock, tmp_path):
    other = make_sandbox_keys(tmp_path / "other", clock=clock, entropy=SystemEntropy())
    wrong = section(keys, url) | {"private_key": str(other.merchant_key)}
    till = Till(accounts({"main": wrong}, transport, spool, clock).connector(account_row()), clock)
    _, outcome = await till.charge(100)
    assert outcome == Declined(reason=DeclineReason.CONFIGURATION, code="BBS11200")
    assert isinstance(await till.query(till.made[0], 100), Unknown)


async def test_base_path_with_sit_works_too(keys, url, transport, spool, clock):
    made = accounts({"main": section(keys, f"{url}/sit/")}, transport, spool, clock)
    _, outcome = await Till(made.connector(account_row()), clock).charge(100)
    assert isinstance(outcome, Approved)


async def test_another_currency_is_never_sent(till, sandbox):
    call = Charge(
        order_no="1",
        amount=Money(100, "USD"),
        entry="consumer_code",
        auth_code=Secret("134567890123456789"),
        subject="x",
        asked_at=NOON,
    )
    assert isinstance((await till.connector.charge(call)).outcome, Declined)
    assert not list(sandbox.ledger.trades())


def test_readme_lists_every_code_and_every_amount():
    readme = files(lakala).joinpath("sandbox", "README.md").read_text("utf-8")
    for code in SANDBOX:
        assert f"| {code} |" in readme
    for row in BY_AMOUNT:
        assert f"| {Money(row.amount_minor)} | {row.trick} | {row.en} |" in readme
    assert sorted({row.trick for row in BY_AMOUNT}) == sorted(Trick)


def test_fifty_thousand_old_payments_are_filled_quickly(keys, clock, tmp_path):
    sandbox = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=tmp_path / "ledger.jsonl")
    entries = [Filled(order_no=f"{at:024d}", kind="charge", amount_minor=100 + at, at=NOON) for at in range(50_000)]
    began = time.process_time()  # of this process alone, whatever else the machine does
    assert sandbox.ledger.fill(MERCHANT_NO, entries) == 50_000
    assert time.process_time() - began < 10
    assert sandbox.ledger.fill(MERCHANT_NO, entries) == 0
    sandbox.ledger.close()


@pytest.mark.parametrize("number", ["a\0b", "a\nb", "", "x" * 129, 7, None])
def test_a_number_that_cannot_be_stored_everywhere_is_left_out(number):
    assert text_or_none({"trade_no": number}, "trade_no") is None
    assert text_or_none({"trade_no": "2026112266210000"}, "trade_no") == "2026112266210000"


@pytest.mark.parametrize("provider", ["lakala", "shouqianba"])
def test_each_code_that_means_something_for_the_money_is_told_to_people_in_both_languages(provider):
    told = scan()[provider].codes
    tables = {"lakala": {**LAKALA, **SANDBOX}, "shouqianba": dict.fromkeys(CODES)}
    assert set(tables[provider]) <= set(told)
    assert all(meaning.zh != meaning.en for meaning in told.values())
