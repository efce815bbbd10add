"""The sandbox as clients of others' making reach it: signatures on raw bytes, bodies of any form, books that last."""

import hashlib
import json

import httpcore
import pytest

from counterfoil.basis import SystemEntropy
from counterfoil.providers.shouqianba.sandbox import TERMINAL_SN, open_sandbox
from counterfoil.testing.clock import ManualClock
from tests.providers.shouqianba.stage import one_key

PAY = {
    "terminal_sn": TERMINAL_SN,
    "client_sn": "T1",
    "total_amount": "1000",
    "dynamic_id": "281234567890123456",
    "subject": "咖啡",
}


def md5(raw):
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


@pytest.fixture
async def face(tmp_path):
    async with open_sandbox(tmp_path, clock=ManualClock(), entropy=SystemEntropy(), new_key=one_key) as opened:
        yield opened


async def ask(face, path, body, *, key=None, sign=None, headers=()):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sign = sign or md5(raw + (key or face.settings["terminal_key"]).encode())
    sent = [("Authorization", f"{TERMINAL_SN} {sign}"), ("Content-Type", "Application/json"), *headers]
    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request("POST", face.url + path, headers=sent, content=raw)
    return json.loads(answer.content)


@pytest.mark.parametrize(
    "form",
    [
        lambda said: json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(),
        lambda said: json.dumps(said, ensure_ascii=True, indent=2).encode(),
        lambda said: json.dumps({**said, "operator": None, "type": "2", "reflect": None}).encode(),
    ],
    ids=["raw", "escaped", "with nulls"],
)
async def test_a_body_of_any_form_is_taken_if_its_bytes_are_signed(face, form):
    told = await ask(face, "/upay/v2/pay", form(PAY), headers=[("Format", "json")])
    data = told["biz_response"]["data"]
    assert (told["result_code"], told["biz_response"]["result_code"]) == ("200", "PAY_SUCCESS")
    assert (data["order_status"], data["subject"], data["total_amount"]) == ("PAID", "咖啡", "1000")
    assert face.books()[0].amount_minor == 1000


async def test_hex_of_either_case_is_a_signature_and_the_key_in_front_is_none(face):
    raw, key = json.dumps(PAY).encode(), face.settings["terminal_key"]
    front = md5(key.encode() + raw)
    refused = await ask(face, "/upay/v2/pay", raw, sign=front)
    assert (refused["result_code"], refused["error_code"]) == ("400", "ILLEGAL_SIGN")
    upper = md5(raw + key.encode()).upper()
    assert (await ask(face, "/upay/v2/pay", raw, sign=upper))["result_code"] == "200"


@pytest.mark.parametrize(
    "other",
    [
        {"total_amount": "0"},
        {"total_amount": 1000},
        {"total_amount": "1.00"},
        {"client_sn": "x" * 33},
        {"dynamic_id": ""},
    ],
)
async def test_a_field_that_is_wrong_is_refused_by_its_name(face, other):
    told = await ask(face, "/upay/v2/pay", PAY | other)
    assert (told["result_code"], told["error_code"]) == ("400", "INVALID_PARAMS")
    assert next(iter(other)) in told["error_message"]
    assert not face.books()


async def test_a_number_used_again_conflicts_and_takes_nothing(face):
    await ask(face, "/upay/v2/pay", PAY)
    told = await ask(face, "/upay/v2/pay", PAY)
    assert told["biz_response"]["error_code"] == "CLIENT_SN_CONFLICT"
    assert len(face.books()) == 1


async def test_sn_wins_and_an_unknown_one_falls_back_to_client_sn(face):
    made = (await ask(face, "/upay/v2/pay", PAY))["biz_response"]["data"]
    for named in ({"sn": made["sn"], "client_sn": "other"}, {"sn": "1", "client_sn": "T1"}):
        told = await ask(face, "/upay/v2/query", {"terminal_sn": TERMINAL_SN, **named})
        assert told["biz_response"]["data"]["client_sn"] == "T1"


async def test_books_and_keys_outlast_a_restart_and_a_torn_line(tmp_path):
    clock = ManualClock()
    async with open_sandbox(tmp_path, clock=clock, entropy=SystemEntropy(), new_key=one_key) as face:
        await ask(face, "/upay/v2/pay", PAY)
        books, settings = face.books(), dict(face.settings)
    with (tmp_path / "ledger.jsonl").open("ab") as torn:
        torn.write(b'{"type":"order","sn":"78')
    async with open_sandbox(tmp_path, clock=clock, entropy=SystemEntropy(), new_key=one_key) as again:
        assert again.books() == books
        assert {**again.settings, "base_url": settings["base_url"]} == settings


async def test_the_control_says_what_comes_next_to_programs_of_this_machine_only(face):
    async def control(body, headers=()):
        async with httpcore.AsyncConnectionPool() as pool:
            return await pool.request("POST", face.url + "/_control", headers=list(headers), content=body)

    assert (await control(b'{"next":["balance"]}', [("Origin", "http://x")])).status == 404
    assert (await control(b'{"nxt":[]}')).status == 400
    assert (await control(b'{"next":["balance"],"old_key_dies":true}')).status == 200
    assert (await ask(face, "/upay/v2/pay", PAY))["biz_response"]["result_code"] == "PAY_FAIL"
    assert face.sandbox.old_key_dies


async def test_a_shown_code_is_paid_on_its_page(face):
    face.sandbox.scan_seconds = None
    made = {name: value for name, value in PAY.items() if name != "dynamic_id"} | {"payway": "3"}
    code = (await ask(face, "/upay/v2/precreate", made))["biz_response"]["data"]["qr_code"]
    async with httpcore.AsyncConnectionPool() as pool:
        assert "付款" in (await pool.request("GET", code)).content.decode()
        assert "已付款" in (await pool.request("POST", code)).content.decode()
    assert [line.kind for line in face.books()] == ["taken"]
