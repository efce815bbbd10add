"""Find: every filter, any number, pages by key, tokens sealed to their query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused, Secret
from counterfoil.payments import take
from counterfoil.records import Find, find
from counterfoil.records.cursor import opened, sealed


async def found(house, **asked):
    page = await find(house.app.records, 1, Find(**asked))
    return [one.id for one in page.items]


def ids(payments):
    return [one.id for one in payments]


async def test_each_filter_finds_what_it_says_newest_first(day):
    house, paid, _ = day
    newest_first = ids(reversed(paid))
    assert await found(house) == newest_first
    assert await found(house, from_=paid[1].taken_at, to=paid[3].taken_at) == ids([paid[2], paid[1]])
    assert await found(house, amount_min=200, amount_max=400) == ids([paid[3], paid[2], paid[1]])
    assert await found(house, method="cash") == ids([paid[5]])
    assert await found(house, wallet="wechat", status="captured") == ids([paid[3], paid[0]])
    assert await found(house, status="voided") == ids([paid[1]])
    assert await found(house, status="part_refunded") == ids([paid[2]])
    assert await found(house, status="declined") == ids([paid[4]])
    assert await found(house, terminal_id=house.terminal_ids[1]) == []
    assert await found(house, shop_id=house.shop_id) == newest_first
    assert await found(house, operator_id=paid[0].operator_id) == newest_first
    assert await found(house, shop_ids=frozenset({house.shop_id})) == newest_first
    assert await found(house, entry="keyed") == ids([paid[5]])
    assert await found(house, provider="lakala", amount_max=100) == ids([paid[0]])
    assert await found(house, account_id=paid[5].account_id) == ids([paid[5]])
    assert await found(house, hide_unpaid=True) == ids(one for one in reversed(paid) if one is not paid[4])
    assert await found(house, shop_ids=frozenset()) == []


async def test_a_business_day_is_found_by_the_shops_day_whatever_the_hour_in_utc(day):
    house, paid, clock = day
    await clock.advance(24 * 3600)
    later = await take(house.app.payments, house.actor(), house.cash_payment(900))
    first, last = paid[0].business_day, later.business_day
    assert first < last
    assert await found(house, first_day=last) == [later.id]
    assert await found(house, last_day=first) == ids(reversed(paid))
    assert await found(house, first_day=first, last_day=last) == [later.id, *ids(reversed(paid))]
    assert await found(house, first_day="2199-01-01") == []


async def test_any_number_a_person_may_hold_finds_its_payment(day):
    house, paid, _ = day
    one = paid[2]
    for number in (one.order_no, one.provider_trade_no, one.wallet_trade_no, one.refunds[0].order_no):
        assert await found(house, number=number) == [one.id]
    assert await found(house, number=str(one.voucher_no)) == [one.id]
    assert await found(house, number="no such number") == []


async def test_a_found_payment_carries_its_legs(day):
    house, paid, _ = day
    page = await find(house.app.records, 1, Find())
    legs = {one.id: [(leg.kind, leg.amount_minor) for leg in one.legs] for one in page.items}
    assert legs[paid[1].id] == [("void", 200)]
    assert legs[paid[2].id] == [("refund", 100)]
    assert legs[paid[0].id] == []


async def test_pages_show_everything_once_whatever_their_size(day):
    house, paid, _ = day
    for size in (1, 2, 4, 6, 7):
        seen, after = [], None
        while True:
            page = await find(house.app.records, 1, Find(limit=size, after=after))
            seen += ids(page.items)
            after = page.next
            if after is None:
                break
        assert seen == ids(reversed(paid))


async def test_a_page_token_of_another_query_or_merchant_is_refused(day):
    house, _, _ = day
    token = (await find(house.app.records, 1, Find(limit=2))).next
    for merchant, asked in (
        (1, Find(limit=2, after=token, method="qr")),
        (2, Find(limit=2, after=token)),
        (1, Find(limit=2, after=token[:-2])),
        (1, Find(limit=2, after="")),
    ):
        with pytest.raises(Refused) as refused:
            await find(house.app.records, merchant, asked)
        assert (refused.value.kind.code, refused.value.field) == ("CF-3202", "after")
    assert len((await find(house.app.records, 1, Find(limit=5, after=token))).items) == 4


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"from_": 2, "to": 1}, "CF-3201", "to"),
        ({"amount_min": 2, "amount_max": 1}, "CF-3201", "amount_max"),
        ({"method": "cheque"}, "CF-3203", "method"),
        ({"wallet": "purse"}, "CF-3203", "wallet"),
        ({"status": "lost"}, "CF-3203", "status"),
        ({"entry": "thought"}, "CF-3203", "entry"),
        ({"provider": ""}, "CF-3203", "provider"),
        ({"first_day": "2026-13-01"}, "CF-3203", "first_day"),
        ({"first_day": "20261125"}, "CF-3203", "first_day"),
        ({"last_day": "0001-01-01"}, "CF-3203", "last_day"),
        ({"first_day": "2026-11-02", "last_day": "2026-11-01"}, "CF-3201", "last_day"),
        ({"number": ""}, "CF-3203", "number"),
        ({"number": "9" * 65}, "CF-3203", "number"),
        ({"limit": 0}, "CF-3203", "limit"),
        ({"limit": 201}, "CF-3203", "limit"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(asked, code, field):
    with pytest.raises(Refused) as refused:
        await find(None, 1, Find(**asked))
    assert (refused.value.kind.code, refused.value.field) == (code, field)


KEY = Secret(b"k" * 32)


@given(token=st.text(max_size=80))
def test_no_made_up_token_opens(token):
    with pytest.raises(Refused):
        opened({"merchant": 1}, token, KEY)


@given(at=st.integers(0, 2**53 - 1), last=st.uuids().map(str), flip=st.integers(0, 10_000))
def test_a_sealed_token_opens_and_a_changed_one_does_not(at, last, flip):
    token = sealed({"merchant": 1}, (at, last), KEY)
    assert opened({"merchant": 1}, token, KEY) == (at, last)
    index = flip % len(token)
    other = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
    with pytest.raises(Refused):
        opened({"merchant": 1}, other, KEY)
