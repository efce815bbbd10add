"""What comes from inside or from a provider is kept no more than what is typed: the canaries of the other way round.

A provider that says a card number, a track or a CVV where nobody asked, in its answers and in notices that it signed,
and the files and receipts that we hand out of such payments.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from http import HTTPStatus
from uuid import uuid4

import httpx
import pytest

from counterfoil.basis import without_cards
from counterfoil.payments import heed_notices, notices_for_a_person
from counterfoil.providers import notice_path
from counterfoil.providers.lakala.sandbox.calls import pay as paid_by_code
from counterfoil.providers.lakala.sandbox.notices import notice_body
from counterfoil.testing.house import MERCHANT, MERCHANT_NO, WECHAT_CODE
from tests.doors.every.canaries import CANARIES, CARD, CVV, PIN_BLOCK, TRACK_2, files_of, found_in, store_of
from tests.doors.every.standing import ShiftedClock
from tests.doors.every.test_canary import Flows, flowing

# Where nobody asked for it: in members of no name we know, in one that is shown to support, and as a number.
SPILT = {
    "pan": CARD,
    "card_no": f"4761 7390 0101 0010 / {CVV}",
    "track2": TRACK_2,
    "icc_data": {"pin_block": PIN_BLOCK, "deep": [CARD, int(CARD)]},
    "cvv2": CVV,
    "remark": f"card {CARD}",
    "msg": f"declined, card {CARD}",
    "trade_state_desc": f"track {TRACK_2[1:]}",
    "payer_account_no": CARD,
    "card_type": int(CARD),
}
# So many entries stand in one file.
ENTRIES_MAX = 256
KEPT_OUT = {name: CANARIES[name] for name in ("card number", "track 2", "PIN block", "CVV")}


async def taken(flows: Flows, client, *, wait_seconds: int = 10) -> str:
    body = {"id": str(uuid4()), "shop_id": flows.ids["shop"], "terminal_id": flows.ids["terminal"]}
    body |= {"amount_minor": 3800, "currency": "CNY", "method": "qr", "entry": "consumer_code"}
    body |= {"auth_code": WECHAT_CODE, "wait_seconds": wait_seconds}
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    await flows.ask(client, "POST", "/api/v1/payments", json=body, headers=bearer)
    return body["id"]


async def notice_of(flows: Flows, client, body: bytes, header: str):
    """A provider's notice, through its door."""
    path = notice_path(flows.made.house.app.payments.hmac_key, MERCHANT, flows.ids["account"])
    return await flows.ask(client, "POST", path, content=body, headers={"Authorization": header})


async def handed_out(flows: Flows, client, payment: str) -> dict[str, bytes]:
    """Every file and receipt that somebody can take away of it; what is inside a workbook is looked at as it is.

    Of the evidence: the entries of the log, and the proof of one with its entry and the signed head.
    """
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    head = await flows.ask(client, "GET", f"/evidence/{MERCHANT}/checkpoint")
    size = int(head.text.splitlines()[1])
    found = {}
    for path, who in (
        ("/office/records/export?format=csv&status=all", flows.office),
        ("/office/records/export?format=xlsx&status=all", flows.office),
        ("/till/records/export?format=csv&status=all", flows.till),
        ("/office/days/export", flows.office),
        ("/office/activity/export", flows.office),
        ("/office/activity/people/export", flows.office),
        (f"/office/records/{payment}", flows.office),
        (f"/office/payments/{payment}/receipt", flows.office),
        (f"/office/payments/{payment}/receipt.svg", flows.office),
        (f"/till/payments/{payment}/receipt", flows.till),
        (f"/api/v1/payments/{payment}", None),
        (f"/api/v1/payments/{payment}/receipt?paper=58", None),
        (f"/api/v1/payments/{payment}/receipt?paper=80&lang=zh-CN", None),
        ("/api/v1/payments/export?format=csv", None),
        ("/api/v1/payments/export?format=xlsx", None),
        (f"/api/v1/payments/{payment}/proof", None),
        (f"/evidence/{MERCHANT}/tile/entries/{'000' if size >= ENTRIES_MAX else f'000.p/{size}'}", None),
        (f"/office/evidence/checkpoint/{size}", flows.office),
    ):
        answer = await flows.ask(client, "GET", path, who, headers={} if who else bearer)
        assert answer.status_code == HTTPStatus.OK, (path, answer.text)
        found[path] = answer.content
        if answer.content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                found |= {f"{path} {name}": book.read(name) for name in book.namelist()}
    return found


async def test_what_a_provider_says_unasked_is_kept_nowhere_and_handed_out_in_no_file(tmp_path):
    async with flowing(tmp_path) as (flows, log, _key), flows.made.client() as client:
        house = flows.made.house
        house.sandbox.beside = SPILT
        payment = await taken(flows, client)
        bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
        refund = {"id": str(uuid4()), "amount_minor": 100, "reason": "PRICE"}
        await flows.ask(client, "POST", f"/api/v1/payments/{payment}/refunds", json=refund, headers=bearer)
        await flows.ask(client, "POST", f"/office/accounts/{flows.ids['account']}/check", flows.office, data={})
        await house.app.signer.sign_all()
        out = await handed_out(flows, client, payment)
        assert len(out) > 15
        assert b"38.00" in out["/api/v1/payments/export?format=csv"]
        assert found_in({**out, **flows.answers}, KEPT_OUT) == []
    kept = {**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}
    spool = b"".join(content for path, content in kept.items() if "exchange-" in path)
    assert b"resp_data" in spool
    assert b"declined, card ***" in spool
    assert found_in(kept, KEPT_OUT) == []


async def begun(flows: Flows, client, **asked) -> str:
    """A payment that waits for the customer."""
    body = {"id": str(uuid4()), "shop_id": flows.ids["shop"], "terminal_id": flows.ids["terminal"]}
    body |= {"amount_minor": 3800, "currency": "CNY", "wait_seconds": 10, **asked}
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    answer = await flows.ask(client, "POST", "/api/v1/payments", json=body, headers=bearer)
    assert answer.json()["state"]["money"] == "sent", answer.text
    return answer.json()["order_no"]


async def told_of_a_code(flows: Flows, client) -> bytes:
    """Labs: the customer paid a shown code."""
    house = flows.made.house
    order_no = await begun(flows, client, method="qr", entry="merchant_code", wallet="alipay")
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    assert paid_by_code(house.sandbox.ledger, trade, house.app.clock.now())
    return json.dumps(json.loads(notice_body(trade)) | SPILT, ensure_ascii=False).encode()


async def told_of_a_card(flows: Flows, client) -> bytes:
    """The cashier: a card was taken at Lakala's terminal."""
    house = flows.made.house
    order_no = await begun(flows, client, method="card", entry="unknown")
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    async with httpx.AsyncClient() as customer:
        await customer.post(f"{house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": "pay"})
    told = json.loads(notice_body(trade))
    numbers = {"trade_ref_no": CARD, "client_batch_no": CARD, "client_seq_no": CARD}
    told["order_trade_info"] |= SPILT | numbers
    return json.dumps(told | SPILT, ensure_ascii=False).encode()


async def told_of_nobodys(flows: Flows, client) -> bytes:
    """A payment by a printed code whose number looks like ours, so that a person decides; its page shows the bytes."""
    trade = flows.made.house.sandbox.printed_code_paid(1450)
    return json.dumps(json.loads(notice_body(trade)) | SPILT | {"out_trade_no": "2" * 24}, ensure_ascii=False).encode()


@pytest.mark.parametrize("told", [told_of_a_code, told_of_a_card, told_of_nobodys])
async def test_card_data_in_a_notice_that_the_provider_signed_is_kept_nowhere(tmp_path, store_address, told):
    clock = ShiftedClock()
    async with flowing(tmp_path, clock, store_address) as (flows, log, _key), flows.made.client() as client:
        house = flows.made.house
        house.sandbox.scan_seconds = None
        body = await told(flows, client)
        header = house.sandbox.notices.authorization(body)
        for _ in range(2):
            assert (await notice_of(flows, client, body, header)).json()["code"] == "SUCCESS"
        if told is told_of_nobodys:
            await heed_notices(house.app.payments)
            clock.shift_seconds = 25 * 3600
        assert await heed_notices(house.app.payments) == 1
        if told is told_of_nobodys:
            (kept,) = await notices_for_a_person(house.app.store, MERCHANT)
            flows.office = await flows.made.anew(flows.office)
            page = await flows.ask(client, "GET", f"/office/waiting/notices/{kept.id}", flows.office)
            raw = await flows.ask(client, "GET", f"/office/waiting/notices/{kept.id}/raw", flows.office)
            assert "held card data" in page.text
            left = base64.b64decode(raw.json()["body"])
            assert json.loads(left)["msg"] == "declined, card ***"
            assert found_in({"the kept bytes": left}, KEPT_OUT) == []
        await house.app.signer.sign_all()
        assert found_in(flows.answers, KEPT_OUT) == []
        assert found_in({**store_of(store_address, tmp_path), "the log": log.getvalue().encode()}, KEPT_OUT) == []
    assert found_in(store_of(store_address, tmp_path), KEPT_OUT) == []


async def test_a_card_number_in_the_place_of_a_code_is_no_code(tmp_path):
    async with flowing(tmp_path) as (flows, log, _key), flows.made.client() as client:
        flows.made.house.sandbox.beside = dict.fromkeys(("code", "trade_state", "card_type", "log_no"), CARD)
        await taken(flows, client, wait_seconds=1)
        checked = await flows.ask(
            client, "POST", f"/office/accounts/{flows.ids['account']}/check", flows.office, data={}
        )
        assert "***" in checked.text
        assert found_in(flows.answers, KEPT_OUT) == []
    assert found_in({**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}, KEPT_OUT) == []


@pytest.mark.parametrize("text", [f"card {CARD}", f"card {CARD[:4]} {CARD[4:8]} {CARD[8:12]}-{CARD[12:]}", TRACK_2])
def test_a_canary_in_words_is_one_that_the_masking_knows(text):
    assert found_in({"said": without_cards(text).encode()}, {"card": CARD, "track": TRACK_2[1:30]}) == []
