"""Receipts: the whole of a payment, a void or a refund, in both languages; a further copy is marked and counted."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Broken, Refused
from counterfoil.records import bars, receipt, reprint, view, width_of
from counterfoil.records.code128 import PATTERNS


async def given_for(house, payment, language="zh-CN", **more):
    return await receipt(house.app.records, 1, payment.id, language, **more)


def told(lines):
    return {line.label: line.value for line in lines}


async def test_a_payments_receipt_says_all_of_it_in_both_languages(day):
    house, paid, _ = day
    made = await given_for(house, paid[0])
    assert (made.kind, made.title, made.copy) == ("payment", "收款凭证", None)
    assert made.heads == ("Merchant 1", "Shop")
    assert told(made.lines) | {"时间": ""} == {
        "终端": "T01",
        "操作员": "00",
        "时间": "",
        "方式": "微信",
        "状态": "收款成功",
        "凭证号": f"{paid[0].voucher_no:06d}",
        "批次号": "000001",
        "交易单号": paid[0].wallet_trade_no,
        "参考号": paid[0].reference_no,
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", told(made.lines)["时间"])
    assert made.amounts[0].value == "¥1.00"
    assert made.order_no.value == paid[0].order_no
    assert made.foot == "本凭证不作为发票"
    english = await given_for(house, paid[0], "en")
    assert english.title != made.title
    assert [line.value for line in english.amounts] == [line.value for line in made.amounts]
    assert len(english.lines) == len(made.lines)
    cash = told((await given_for(house, paid[5])).amounts)
    assert (cash["实收现金"], cash["找零"]) == ("¥5.00", "¥0.00")


async def test_a_void_and_a_refund_have_receipts_of_their_own(day):
    house, paid, _ = day
    void, refund = paid[1].void, paid[2].refunds[0]
    made = await given_for(house, paid[1], leg_id=void.id)
    assert (made.kind, made.title, made.order_no.value) == ("void", "撤销凭证", void.order_no)
    assert told(made.lines)["原商户单号"] == paid[1].order_no
    assert told(made.amounts) == {"撤销金额": "¥2.00", "订单金额": "¥2.00"}
    made = await given_for(house, paid[2], "en", leg_id=refund.id)
    assert (made.kind, made.title, made.order_no.value) == ("refund", "Refund receipt", refund.order_no)
    assert made.amounts[0].value == "¥1.00"


async def test_nothing_received_or_done_has_no_receipt_and_nobody_elses_has(day):
    house, paid, _ = day
    means = house.app.records
    for none in (
        given_for(house, paid[4]),
        given_for(house, paid[0], leg_id=paid[1].void.id),
        given_for(house, paid[0], leg_id=house.app.ids.uuid()),
        receipt(means, 2, paid[0].id, "en"),
        reprint(means, house.actor(), paid[4]),
        reprint(means, house.actor(), paid[0], leg_id=paid[1].void.id),
    ):
        with pytest.raises(Refused) as refused:
            await none
        assert refused.value.kind.code == "CF-3204"


async def test_a_receipt_names_its_own_leaf_and_the_root_once_one_covers_it(day):
    house, paid, _ = day
    record = await view(house.app.records, 1, paid[2].id)
    captured, refunded = record.events[1].position, record.events[-1].position
    assert (await given_for(house, paid[2])).evidence == f"存证第 {captured:,} 条"
    await house.app.signer.sign_all()
    leg_id = paid[2].refunds[0].id
    for position, made in (
        (captured, await given_for(house, paid[2])),
        (refunded, await given_for(house, paid[2], leg_id=leg_id)),
    ):
        assert re.fullmatch(rf"存证第 {position:,} 条 · #\d+ [A-Za-z0-9+/]{{8}}", made.evidence)


async def test_each_reprint_is_marked_counted_and_a_fact_and_two_at_once_bear_two_numbers(day):
    house, paid, _ = day
    means, actor, leg_id = house.app.records, house.actor(), paid[2].refunds[0].id
    assert await reprint(means, actor, paid[2]) == 1
    assert (await given_for(house, paid[2])).copy == "重打印 1"
    again = await asyncio.gather(*(reprint(means, actor, paid[2]) for _ in range(3)))
    assert sorted(again) == [2, 3, 4]
    assert (await given_for(house, paid[2], "en")).copy == "Reprint 4"
    assert (await given_for(house, paid[2], leg_id=leg_id)).copy is None
    assert await reprint(means, actor, paid[2], leg_id=leg_id) == 1
    assert (await given_for(house, paid[2], leg_id=leg_id)).copy == "重打印 1"
    assert (await given_for(house, paid[0])).copy is None
    facts = [one for one in (await view(means, 1, paid[2].id)).events if one.kind == "receipt.reprinted"]
    assert [(one.body["copy"], one.body.get("leg")) for one in facts][-1] == (1, leg_id)
    assert {(one.actor_id, one.terminal_id) for one in facts} == {(actor.person_id, actor.terminal_id)}


def modules(digits):
    made = ["0"] * width_of(digits)
    for begins, wide in bars(digits):
        made[begins : begins + wide] = "1" * wide
    return "".join(made)


def scanned(text):
    """What a scanner reads: widths of runs, six a symbol; start, stop and check must be right."""
    widths = [len(run[0]) for run in re.finditer(r"1+|0+", text)]
    symbols = ["".join(map(str, widths[n : n + 6])) for n in range(0, len(widths) - 7, 6)]
    values = [PATTERNS.index(one) for one in symbols]
    assert "".join(map(str, widths[-7:])) == PATTERNS[106]
    start, *data, check = values
    assert start == 105
    assert (start + sum(place * value for place, value in enumerate(data, 1))) % 103 == check
    return "".join(f"{value:02d}" for value in data)


@given(digits=st.integers(0, 10**24 - 1).map(lambda number: f"{number:024d}"))
def test_a_bar_code_reads_as_what_was_written(digits):
    assert scanned(modules(digits)) == digits


def test_a_bar_code_is_what_others_write():
    # By python-barcode 0.16.1.
    assert modules("12") == "1101001110010110011100100110011101100011101011"
    assert modules("261125840799119932151935") == (
        "110100111001110010011011000100100111001011001001111010010011000100101110111101100010010010"
        "11101111011000110110101110011001100101110010001000110110100010001100011101011"
    )
    assert len(set(PATTERNS)) == 107
    assert {sum(map(int, one)) for one in PATTERNS[:-1]} == {11}


@pytest.mark.parametrize("digits", ["1", "12a4", "１２"])
def test_only_digits_in_pairs_make_a_bar_code(digits):
    with pytest.raises(Broken):
        bars(digits)
