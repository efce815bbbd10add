"""What Shouqianba says unasked is kept no more than what Lakala does: in its answers, in its codes, in its notices."""

from __future__ import annotations

import io
import json
from contextlib import asynccontextmanager
from uuid import uuid4

import structlog

from counterfoil import people
from counterfoil.basis import SystemClock
from counterfoil.doors.log import configure_log, make_log
from counterfoil.doors.web import make_web
from counterfoil.payments import heed_notices
from counterfoil.people import Role
from counterfoil.providers.shouqianba.sandbox import NoticeTrick, notice_body
from tests.doors.every.canaries import CARD, CVV, TRACK_2, files_of, found_in
from tests.doors.every.standing import OWN, Everybody
from tests.doors.every.test_canary import Flows
from tests.doors.every.test_canary_inside import KEPT_OUT, SPILT, handed_out, notice_of, taken
from tests.providers.shouqianba.stage import account_of, open_shop

# Members that its answers and notices have, and that nobody here reads; ``trade_no`` and ``sn`` are its numbers.
SAID = SPILT | {
    "error_message": f"declined, card {CARD}",
    "payer_uid": CARD,
    "payer_login": f"{CARD} {CVV}",
    "payway_name": TRACK_2,
    "operator": CARD,
    "reflect": TRACK_2,
    "subject": f"card {CARD}",
    "ctime": CARD,
}


@asynccontextmanager
async def flowing(folder):
    log = io.StringIO()
    async with open_shop(folder, SystemClock()) as (house, face):
        configure_log(log, house.app.clock)
        made = Everybody(house, make_web(house.app, make_log(log, house.app.clock)), log, house.app.clock)
        person = house.person_ids[Role.ADMINISTRATOR]
        account = (await account_of(house))["id"]
        places = {"shop": house.shop_id, "terminal": house.terminal_ids[0]}
        made.things[OWN] = {**places, "account": account, "administrator": person}
        made.standing = {"office": [], "till": []}
        await made.sit("canary", person)
        _, key = await people.make_key(
            house.app.people, made.administrator(), label="c", owner_id=person, scopes=tuple(people.SCOPES)
        )
        flows = Flows(made, made.standing["office"][0], made.standing["till"][0], {"all": key.reveal()})
        yield flows, face.sandbox, log
        structlog.reset_defaults()


async def gone_through(flows: Flows, client, payment: str) -> None:
    """A refund of a part, and the questions that the office may ask."""
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    refund = {"id": str(uuid4()), "amount_minor": 100, "reason": "PRICE"}
    await flows.ask(client, "POST", f"/api/v1/payments/{payment}/refunds", json=refund, headers=bearer)
    await flows.ask(client, "POST", f"/office/accounts/{flows.ids['account']}/check", flows.office, data={})
    await flows.made.house.app.signer.sign_all()


async def test_what_it_says_unasked_is_kept_nowhere_and_handed_out_in_no_file(tmp_path):
    async with flowing(tmp_path) as (flows, sandbox, log), flows.made.client() as client:
        sandbox.beside = SAID
        payment = await taken(flows, client)
        await gone_through(flows, client, payment)
        out = await handed_out(flows, client, payment)
        assert b"38.00" in out["/api/v1/payments/export?format=csv"]
        assert found_in({**out, **flows.answers}, KEPT_OUT) == []
    kept = {**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}
    spool = b"".join(content for path, content in kept.items() if "exchange-" in path)
    assert b"biz_response" in spool
    assert found_in(kept, KEPT_OUT) == []


async def test_a_card_number_in_the_place_of_a_code_is_no_code(tmp_path):
    async with flowing(tmp_path) as (flows, sandbox, log), flows.made.client() as client:
        sandbox.beside = dict.fromkeys(("result_code", "error_code", "order_status", "status"), CARD)
        payment = await taken(flows, client, wait_seconds=1)
        await gone_through(flows, client, payment)
        checked = await flows.ask(
            client, "POST", f"/office/accounts/{flows.ids['account']}/check", flows.office, data={}
        )
        assert "***" in checked.text
        assert found_in(flows.answers, KEPT_OUT) == []
    assert found_in({**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}, KEPT_OUT) == []


async def test_a_notice_with_card_data_is_heeded_and_kept_without(tmp_path):
    async with flowing(tmp_path) as (flows, sandbox, log), flows.made.client() as client:
        payment = await taken(flows, client)
        (order,) = sandbox.ledger.orders()
        for trick in (None, NoticeTrick.WRAPPED):
            told = json.loads(notice_body(order, trick))
            layer = told if trick is None else told["biz_response"]["data"]
            layer |= SAID
            body = json.dumps(told, ensure_ascii=False).encode()
            # Its signature may be in hex, in which a row of digits says nothing.
            header = sandbox.notices.authorization(order, body, NoticeTrick.HEX)
            assert (await notice_of(flows, client, body, header)).text == "success"
        assert await heed_notices(flows.made.house.app.payments) == 2
        bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
        shown = await flows.ask(client, "GET", f"/api/v1/payments/{payment}", headers=bearer)
        assert shown.json()["state"]["money"] == "captured"
        assert found_in(flows.answers, KEPT_OUT) == []
        assert found_in({**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}, KEPT_OUT) == []
    assert found_in(files_of(tmp_path / "data"), KEPT_OUT) == []
