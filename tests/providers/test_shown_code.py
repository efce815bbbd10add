"""A code shown to the customer: preorder, close and the question after it, against the running sandbox."""

import httpx
import pytest

from counterfoil.basis import MICROS
from counterfoil.providers import Approved, Declined, DeclineReason, Pending, Unknown, Why
from counterfoil.providers.lakala.sandbox import BY_AMOUNT, MERCHANT_NO, Ledger, Trick
from tests.providers.stage import NOON

AMOUNT_OF = {row.trick: row.amount_minor for row in BY_AMOUNT if row.entry == "merchant_code"}
WAITING = Pending(ask_after=5.0, awaiting="customer")


@pytest.mark.parametrize(("wallet", "card_kind"), [("alipay", None), ("unionpay", "debit")])
async def test_a_code_is_shown_and_paid_by_itself(till, clock, wallet, card_kind):
    order_no, shown = await till.show(3800, wallet=wallet)
    assert isinstance(shown, Pending)
    assert shown.awaiting == "customer"
    assert shown.show.startswith("http://127.0.0.1:")
    assert len(shown.show) <= 512
    assert shown.show_until == NOON + 300 * MICROS
    assert await till.query(order_no, 3800) == WAITING
    clock.forward(7)
    paid = await till.query(order_no, 3800)
    assert isinstance(paid, Approved)
    assert (paid.wallet, paid.card_kind, paid.payer_minor) == (wallet, card_kind, 3800)


async def test_wechat_has_no_native_code_and_nothing_is_sent(till, sandbox):
    _, outcome = await till.show(3800, wallet="wechat")
    assert outcome == Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent")
    assert not list(sandbox.ledger.trades())


async def test_the_customer_pays_on_the_page_of_the_code_and_nobody_twice(till, sandbox):
    sandbox.scan_seconds = None
    order_no, shown = await till.show(3800)
    async with httpx.AsyncClient() as customer:
        page = await customer.get(shown.show)
        assert "¥38.00" in page.text
        assert "付款" in page.text
        assert "Pay" in page.text
        left = await customer.post(shown.show, data={"do": "leave"})
        assert "没有付款" in left.text
        assert await till.query(order_no, 3800) == WAITING
        for _ in range(2):  # two phones before one screen
            assert "已付款" in (await customer.post(shown.show, data={"do": "pay"})).text
        assert (await customer.get(shown.show.rsplit("/", 1)[0] + "/0")).status_code == 404
    assert isinstance(await till.query(order_no, 3800), Approved)
    (trade,) = sandbox.ledger.trades()
    assert (trade.state, trade.left) == ("SUCCESS", 3800)


async def test_a_closed_code_cannot_be_paid_any_more(till, sandbox, clock):
    order_no, shown = await till.show(3800)
    assert isinstance(await till.close(order_no, 3800), Approved)
    assert isinstance(await till.close(order_no, 3800), Approved)
    clock.forward(60)
    async with httpx.AsyncClient() as customer:
        assert "没有扣款" in (await customer.post(shown.show, data={"do": "pay"})).text
    asked = await till.query(order_no, 3800)
    assert asked == Declined(reason=DeclineReason.CLOSED, code="CLOSE")
    assert [trade.state for trade in sandbox.ledger.trades()] == ["CLOSE"]


async def test_a_code_that_has_ended_cannot_be_paid_and_waits_to_be_closed(till, clock):
    order_no, shown = await till.show(AMOUNT_OF[Trick.CODE_NEVER])
    clock.forward(301)
    async with httpx.AsyncClient() as customer:
        assert "已失效" in (await customer.get(shown.show)).text
        assert "没有扣款" in (await customer.post(shown.show, data={"do": "pay"})).text
    assert await till.query(order_no, AMOUNT_OF[Trick.CODE_NEVER]) == WAITING
    assert isinstance(await till.close(order_no, AMOUNT_OF[Trick.CODE_NEVER]), Approved)


@pytest.mark.parametrize("trick", [Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE])
async def test_a_close_that_came_too_late_is_no_yes(till, trick):
    order_no, _ = await till.show(AMOUNT_OF[trick])
    closed = await till.close(order_no, AMOUNT_OF[trick])
    assert closed == Declined(reason=DeclineReason.NOT_PERMITTED, code="paid")
    assert isinstance(await till.query(order_no, AMOUNT_OF[trick]), Approved)


@pytest.mark.parametrize(
    ("trick", "why"),
    [
        (Trick.CUT_AFTER, Why.NO_ANSWER),
        (Trick.WRONG_SIGNATURE, Why.BAD_SIGNATURE),
        (Trick.UNLISTED_CODE, Why.UNLISTED_CODE),
        (Trick.OTHER_AMOUNT, Why.MISMATCH),
    ],
)
async def test_a_code_that_never_arrived_is_unknown_and_can_be_closed(till, sandbox, clock, trick, why):
    sandbox.next.append(trick)
    order_no, outcome = await till.show(3800)
    assert isinstance(outcome, Unknown)
    assert outcome.why is why
    clock.forward(60)
    assert await till.query(order_no, 3800) == WAITING
    assert isinstance(await till.close(order_no, 3800), Approved)


async def test_a_code_that_was_never_made_is_closed_for_good(till, sandbox):
    order_no, outcome = await till.show(AMOUNT_OF[Trick.CUT_BEFORE])
    assert outcome == Unknown(Why.NO_ANSWER, outcome.detail)
    assert isinstance(await till.close(order_no, AMOUNT_OF[Trick.CUT_BEFORE]), Approved)
    _, again = await till.show(3800, order_no=order_no)
    assert isinstance(again, Declined)
    assert [trade.kind for trade in sandbox.ledger.trades()] == ["closed"]


@pytest.mark.parametrize("trick", [Trick.CUT_AFTER, Trick.WRONG_SIGNATURE, Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT])
async def test_an_unreadable_answer_to_a_close_is_settled_by_the_question_after_it(till, sandbox, trick):
    order_no, _ = await till.show(3800)
    sandbox.next.append(trick)
    assert isinstance(await till.close(order_no, 3800), Approved)


@pytest.mark.parametrize("trick", [Trick.CUT_BEFORE, Trick.TROUBLE])
async def test_a_close_that_did_nothing_is_unknown(till, sandbox, trick):
    order_no, _ = await till.show(3800)
    sandbox.next.append(trick)
    assert isinstance(await till.close(order_no, 3800), Unknown)
    assert [trade.state for trade in sandbox.ledger.trades()] == ["CREATE"]


async def test_no_code_is_made_where_it_is_not_enabled(till):
    _, outcome = await till.show(AMOUNT_OF[Trick.CODE_REFUSED])
    assert outcome == Declined(reason=DeclineReason.NOT_PERMITTED, code="SBX90106")


async def test_the_same_number_again_is_the_same_code(till):
    order_no, shown = await till.show(3800)
    assert (await till.show(3800, order_no=order_no))[1] == shown
    _, other = await till.show(3900, order_no=order_no)
    assert other == Unknown(Why.MISMATCH, "SBX90409")


async def test_what_was_paid_by_a_shown_code_is_refunded_and_not_revoked(till, clock):
    order_no, _ = await till.show(3800)
    clock.forward(7)
    _, void = await till.leg("void", order_no, 3800)
    assert void == Declined(reason=DeclineReason.NOT_PERMITTED, code="SBX90202")
    _, refund = await till.leg("refund", order_no, 3800, 1000)
    assert isinstance(refund, Approved)


async def test_a_scanned_code_is_not_closed(till):
    order_no, _ = await till.charge(3800)
    assert isinstance(await till.close(order_no, 3800), Declined)
    assert isinstance(await till.query(order_no, 3800), Approved)


async def test_a_shown_code_outlives_a_restart_of_the_sandbox(till, sandbox, tmp_path):
    await till.show(3800)
    (trade,) = sandbox.ledger.trades()
    again = Ledger(tmp_path / "sandbox" / "ledger.jsonl")
    found = again.find(MERCHANT_NO, number=trade.trade_no)
    again.close()
    assert found == trade
    assert found.until == NOON + 300 * MICROS
