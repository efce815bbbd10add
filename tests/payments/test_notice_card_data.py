"""Card data in a notice, though its signature holds: it does what it says, and what is kept of it holds none."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import httpx
import pytest

from counterfoil.evidence import timeline
from counterfoil.payments import MoneyState, NoticeState, take
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.calls import pay as paid
from counterfoil.providers.lakala.sandbox.notices import notice_body
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.post import Post

CARD = "4761739001010010"
# Sixteen digits that begin and end as a card's do, as one provider's number in so many does.
LIKE_A_CARD = "4000000000000002"
SAID = {"pan": CARD, "number": int(CARD), "cvv2": "917", "pin_block": "1B9C1845EB993A7A", "track2": f";{CARD}=2512201?"}


@pytest.fixture
async def both_houses(tmp_path, store_address, clock):
    async with open_house(tmp_path, database=store_address, clock=clock) as opened:
        opened.sandbox.scan_seconds = None
        yield opened


async def labs(house, clock):
    open_ = await take(house.app.payments, house.actor(), house.shown_payment(2000, wait_seconds=5))
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    assert paid(house.sandbox.ledger, trade, clock.now())
    return open_, {**json.loads(notice_body(trade)), **SAID}


async def cashier(house, _clock):
    open_ = await take(house.app.payments, house.actor(), house.card_payment(2000, wait_seconds=5))
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    async with httpx.AsyncClient() as customer:
        await customer.post(f"{house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": "pay"})
    told = json.loads(notice_body(trade))
    told["order_trade_info"] |= {**SAID, "payer_account_no": CARD, "trade_ref_no": CARD, "client_seq_no": CARD}
    return open_, told | SAID


def written(told) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def body_of(kept) -> bytes:
    return base64.b64decode(json.loads(kept.raw)["body"])


@pytest.mark.parametrize("way", [labs, cashier])
async def test_it_brings_in_the_money_once_and_no_card_data_is_kept(both_houses, clock, way):
    post, (open_, told) = Post(both_houses), await way(both_houses, clock)
    body = written(told)
    for _ in range(3):
        reply, refused = await post.bring(body)
        assert (refused, reply.status) == (None, 200)
        await post.heed()
        await clock.advance(1)
    (kept,) = await post.kept()
    assert (kept.state, kept.how, kept.hidden) == (NoticeState.DONE, "applied", True)
    now = await post.payment(open_.id)
    assert (now.money, now.amount_minor) == (MoneyState.CAPTURED, 2000)
    assert now.provider_trade_no == told.get("trade_no", told.get("order_trade_info", {}).get("trade_no"))
    assert (now.reference_no, now.slip_voucher_no) != (CARD, CARD)
    row = json.dumps([kept.row["said"], kept.row["raw"], body_of(kept).decode()])
    assert not any(secret in row for secret in (CARD, "1B9C1845EB993A7A", "2512201"))
    # Three digits stand in other numbers too, and in base64.
    assert re.search(r"(?<![0-9A-Za-z+/])917(?![0-9A-Za-z+/=])", row) is None
    # All the rest is there, under its names.
    left = json.loads(body_of(kept))
    assert {name for name in left if left[name] != told[name]} >= {"pan", "number", "cvv2", "pin_block"}
    assert left["merchant_no"] == MERCHANT_NO
    await assert_books_agree(both_houses)
    await assert_evidence_holds(both_houses)


async def test_neither_an_open_digest_nor_the_signature_is_kept_from_which_the_number_could_be_found(
    both_houses, clock
):
    post, (_, told) = Post(both_houses), await labs(both_houses, clock)
    body = written(told)
    await post.bring(body)
    (kept,) = await post.kept()
    raw = json.loads(kept.raw)
    assert raw["authorization"] == ""
    assert kept.row["body_sha256"] == hashlib.sha256(body_of(kept)).hexdigest()
    facts = [said for _, said in await timeline(both_houses.app.store, MERCHANT, kept.id)]
    assert (facts[0]["sha256"], facts[0]["hidden"]) == (kept.row["body_sha256"], True)
    about = (await post.account_id()).encode() + b"\n" + body
    open_digests = {hashlib.sha256(each).hexdigest() for each in (body, about)}
    told = json.dumps([raw, facts, kept.id.replace("-", "")])
    assert not any(digest[:12] in told for digest in open_digests)


async def test_a_number_of_the_providers_that_reads_as_a_card_is_left_alone(both_houses, clock):
    post = Post(both_houses)
    trade = both_houses.sandbox.printed_code_paid(1450)
    told = json.loads(notice_body(trade)) | {"trade_no": LIKE_A_CARD, "out_trade_no": "5555555555554444"}
    body = written(told)
    header = both_houses.sandbox.notices.authorization(body)
    await post.bring(body, header)
    (kept,) = await post.kept()
    assert (body_of(kept), json.loads(kept.raw)["authorization"]) == (body, header)
    assert (kept.hidden, kept.row["body_sha256"]) == (False, hashlib.sha256(body).hexdigest())
    assert kept.said.outcome.provider_trade_no == LIKE_A_CARD
    await clock.advance(24 * 3600)
    await post.heed()
    (kept,) = await post.kept()
    recorded = await post.payment(kept.payment_id)
    assert (recorded.order_no, recorded.provider_trade_no) == ("5555555555554444", LIKE_A_CARD)


async def test_what_is_no_number_alone_is_no_number_of_an_order_or_a_trade(both_houses):
    post = Post(both_houses)
    told = json.loads(notice_body(both_houses.sandbox.printed_code_paid(1450)))
    told |= {"trade_no": f"{CARD}=25122011", "acc_trade_no": f"no {CARD}", "out_trade_no": f"card {CARD}"}
    await post.bring(written(told))
    (kept,) = await post.kept()
    paid_ = kept.said.outcome
    assert (kept.said.order_no, paid_.provider_trade_no, paid_.wallet_trade_no) == ("card ***", "***", "no ***")
    assert CARD.encode() not in body_of(kept)


@pytest.mark.parametrize(
    "hide",
    [
        lambda body: body.replace(CARD.encode(), b"\\u0034" + CARD[1:].encode()),
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.replace(b'"note"', b'"cv\\u0076"').replace(CARD.encode(), b"917"),
    ],
    ids=["escaped digit", "another encoding", "escaped name"],
)
async def test_bytes_out_of_which_it_cannot_be_cut_are_not_kept_at_all(both_houses, hide):
    post = Post(both_houses)
    trade = both_houses.sandbox.printed_code_paid(1450)
    body = hide(written(json.loads(notice_body(trade)) | {"note": CARD}))
    assert (await post.bring(body))[1] is None
    (kept,) = await post.kept()
    assert (body_of(kept), kept.hidden, kept.said.amount.minor) == (b"", True, 1450)


async def test_what_stands_beside_the_signature_is_no_way_in_for_a_card_number(both_houses):
    post = Post(both_houses)
    body = notice_body(both_houses.sandbox.printed_code_paid(1450))
    header = both_houses.sandbox.notices.authorization(body)
    await post.bring(body, f'{header},x="{CARD}"')
    (kept,) = await post.kept()
    assert json.loads(kept.raw)["authorization"] == f'{header},x="***"'
    assert (body_of(kept), kept.hidden) == (body, False)
