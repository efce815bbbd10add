"""Clients of others' making at Lakala's sandbox: each fact of the wire by the kind of client it was seen in."""

import asyncio
import base64
import json
import ssl
from urllib.parse import urlsplit

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from counterfoil.basis import Refused, SystemClock, SystemEntropy
from counterfoil.doors.certificates import make_certificates
from counterfoil.providers import Approved, Why, tls_front
from counterfoil.providers.lakala.answers import Expected, of_query
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, SandboxKeys, notice_body, open_sandbox
from counterfoil.providers.lakala.signing import read_certificate
from counterfoil.providers.lakala.sm4 import Sm4
from counterfoil.providers.lakala.wire import Envelope
from tests.providers.stage import VECTORS
from tests.providers.wire_client import LOCATED, PLACE, WECHAT_CODE, WireClient

CREATE = "/api/v3/ccss/counter/order/create"
SPECIAL = "/api/v3/ccss/counter/order/special_create"
COUNTER_QUERY = "/api/v3/ccss/counter/order/query"
PREORDER = "/api/v3/labs/trans/preorder"
QUERY = "/api/v3/labs/query/tradequery"
REFUND = "/api/v3/labs/relation/refund"


@pytest.fixture
def client(url, keys):
    return WireClient.of(url, keys)


def order(number: str, **other) -> dict:
    data = {"merchant_no": MERCHANT_NO, "out_order_no": number, "total_amount": 200, "order_info": "测试订单"}
    return {**data, "order_efficient_time": "20261126120000", **other}


# Official SDKs, a payment plugin, a web shop and a gem each write the header otherwise.
@pytest.mark.parametrize(
    "style",
    [
        {
            "order": ("appid", "nonce_str", "timestamp", "serial_no", "signature"),
            "nonce": "x" * 32,
        },  # official Java SDK
        {"nonce": "MoXCcHtMmbVl"},  # official PHP SDK
        {"comma": ", "},  # PHP web shop
        {"order": ("appid", "serial_no", "nonce_str", "timestamp", "signature"), "quote": "'"},  # Ruby gem
    ],
)
async def test_every_way_of_writing_the_header_is_taken(url, keys, style):
    assert await WireClient.of(url, keys, **style).paid()


async def test_a_serial_in_decimal_is_the_same_certificate(url, keys):
    # A widely used PHP payment plugin reads it with openssl_x509_parse, which writes decimal digits.
    client = WireClient.of(url, keys, serial_no=str(read_certificate(keys.merchant_cert)[0]))
    assert await client.paid()


async def test_header_names_go_out_with_their_capitals(client):
    # PHP and C# clients look for them in maps that know upper and lower case.
    got = await client.call(QUERY, {**PLACE, "out_trade_no": "1"})
    assert {"Lklapi-Appid", "Lklapi-Serial", "Lklapi-Timestamp", "Lklapi-Nonce", "Lklapi-Signature"} <= set(got.names)
    assert got.headers["content-type"] == "application/json;charset=UTF-8"
    assert len(got.headers["lklapi-nonce"]) == 12


@pytest.mark.parametrize("before", ["/api", "/sit/api", "/prod-api/lklpay/api", "/sit/api/", ""])
async def test_what_stands_before_the_path_does_not_matter(client, before):
    # The test host has /sit; one PHP client goes through a gateway of its own. An open Java payment platform joins
    # .../sit/api/ and /v3/..., and clients that keep /api in their address leave it out when told another.
    called = before + QUERY.removeprefix("/api")
    got = await client.call(called, {**PLACE, "out_trade_no": await client.paid()})
    assert got.data["trade_state"] == "SUCCESS"


async def test_a_wrong_signature_is_answered_to_the_appid_that_asked(url, keys):
    # A strict Java client holds Lklapi-Appid equal to its own before it reads anything.
    got = await WireClient.of(url, keys, appid="OP00000099").call(QUERY, {**PLACE, "out_trade_no": "1"})
    assert (got.status, got.code, got.headers["lklapi-appid"]) == (200, "BBS11200", "OP00000099")


async def test_the_app_id_of_a_prepaid_order_is_the_one_asked_for(client):
    # A strict Java client refuses any other, and wants package to be prepay_id=<prepay_id>.
    data = {**PLACE, **LOCATED, "out_trade_no": client.number(), "account_type": "WECHAT", "trans_type": "71"}
    data |= {"total_amount": "100", "acc_busi_fields": {"sub_appid": "wx0123", "user_id": "o1"}}
    fields = (await client.call(PREORDER, data)).data["acc_resp_fields"]
    assert (fields["app_id"], fields["package"]) == ("wx0123", f"prepay_id={fields['prepay_id']}")


async def test_how_long_a_code_lasts_is_heard_outside_of_its_object_too(client, sandbox, clock):
    # A strict Java client writes timeout_express beside the amount.
    number = client.number()
    data = {**PLACE, **LOCATED, "out_trade_no": number, "account_type": "ALIPAY", "trans_type": "41"}
    await client.call(PREORDER, {**data, "total_amount": "100", "timeout_express": "10"})
    assert sandbox.ledger.find(MERCHANT_NO, order_no=number).until == clock.now() + 600 * 1_000_000


@pytest.mark.parametrize(
    "borne",
    [
        {"total_amount": 3800},  # C# client: the amount a number
        {"account_type": "WECHAT", "trans_type": "41"},  # official PHP SDK: members of another call
        {"location_info": {"request_ip": "1.1.1.1", "location": None, "base_station": None}},  # Ruby gem
        {"location_info": {"request_ip": "1.1.1.1", "location": "30.700323750778548, 104.0029400018854"}},  # Ruby gem
        {"out_trade_no": 20261125120000001},  # PHP: digits that became a number
    ],
)
async def test_what_clients_send_beyond_the_document_is_borne(client, borne):
    data = {**PLACE, **LOCATED, "out_trade_no": client.number(), "auth_code": WECHAT_CODE, "total_amount": "3800"}
    got = await client.call("/api/v3/labs/trans/micropay", data | borne)
    assert (got.code, got.data["need_query"]) == ("BBS00000", "0")


async def test_a_refund_needs_no_reason_and_its_amount_may_be_a_number(client):
    # One official SDK wants the reason, the other does not; the Ruby gem and a PHP shop send none, and numbers.
    origin = await client.paid()
    data = {**PLACE, **LOCATED, "out_trade_no": client.number(), "refund_amount": 50, "origin_out_trade_no": origin}
    got = await client.call(REFUND, {**data, "origin_log_no": None})
    assert (got.code, got.data["refund_amount"], got.data["origin_out_trade_no"]) == ("BBS00000", "50", origin)


async def test_the_older_path_of_the_cashier_leads_to_the_same_order(client):
    # A PHP client and the Ruby gem still call it.
    number = client.number()
    made = await client.call(CREATE, order(number))
    assert (made.code, made.data["total_amount"]) == ("000000", "200")
    asked = await client.call(COUNTER_QUERY, {"merchant_no": MERCHANT_NO, "out_order_no": number})
    assert (asked.data["pay_order_no"], asked.data["order_status"]) == (made.data["pay_order_no"], "0")


async def test_the_cashiers_question_answers_numbers_where_its_creation_answered_a_text(client, clock):
    # As documents and a real answer have it; a Go client holds int64 in one and string in the other.
    number = client.number()
    await client.call(SPECIAL, order(number, counter_param='{"pay_mode":"ALIPAY"}', channel_id="15"))
    clock.forward(7)
    data = (await client.call(COUNTER_QUERY, {"merchant_no": MERCHANT_NO, "out_order_no": number})).data
    assert (data["total_amount"], data["channel_id"], data["order_status"]) == (200, "15", "2")
    trade = data["order_trade_info_list"][0]
    assert (trade["trade_amount"], trade["busi_type"], trade["pay_mode"]) == (200, "SCPAY", "ALIPAY")


async def test_what_went_back_of_an_order_stands_before_its_payment(client, clock):
    # Documented: newest first. PHP plugins take the first one.
    number = client.number()
    await client.call(SPECIAL, order(number))
    clock.forward(7)
    back = {**PLACE, **LOCATED, "out_trade_no": client.number(), "refund_amount": "50", "origin_out_trade_no": number}
    assert (await client.call("/api/v3/rfd/refund_front/refund", back)).code == "000000"
    data = (await client.call(COUNTER_QUERY, {"merchant_no": MERCHANT_NO, "out_order_no": number})).data
    listed = [(trade["trade_type"], trade["trade_amount"]) for trade in data["order_trade_info_list"]]
    assert (data["order_status"], listed) == ("6", [("REFUND", 50), ("PAY", 200)])


async def test_an_order_at_the_cashier_has_another_number_than_the_trade_that_pays_it(client, clock):
    # As a real notice of the test host has them, which a Go client prints in its tests: 29 digits and, then, 22.
    number = client.number()
    made = (await client.call(SPECIAL, order(number))).data
    clock.forward(7)
    asked = {"merchant_no": MERCHANT_NO, "pay_order_no": made["pay_order_no"]}
    data = (await client.call(COUNTER_QUERY, asked)).data
    assert (data["out_order_no"], data["pay_order_no"], len(made["pay_order_no"])) == (number, made["pay_order_no"], 29)
    assert data["order_trade_info_list"][0]["trade_no"] != made["pay_order_no"]


async def test_the_cashiers_notice_leaves_empty_what_was_not_discounted(client, sandbox, clock):
    # The same real notice: texts that are empty, amounts that are numbers. A client that reads 0 there falls over it.
    number = client.number()
    await client.call(SPECIAL, order(number, counter_param='{"pay_mode":"ALIPAY"}'))
    trade = sandbox.ledger.turn(sandbox.ledger.find(MERCHANT_NO, order_no=number), clock.now() + 7_000_000)
    told = json.loads(notice_body(trade))["order_trade_info"]
    assert [told[f"acc_{name}_amount"] for name in ("discount", "mdiscount", "other_discount", "settle")] == [
        *[""] * 3,
        "200",
    ]
    assert (told["trade_amount"], told["payer_amount"]) == (200, 200)


CARDS = '[{"busi_type":"UPCARD","params":{"crd_flg":"CRDFLG_D"}}]'
BOTH = CARDS[:-1] + ',{"busi_type":"SCPAY","params":{"pay_mode":"WECHAT"}}]'


@pytest.mark.parametrize(
    ("asked", "kind", "wallet"),
    [
        ({}, "SCPAY", "WECHAT"),  # a PHP web shop: its page is opened in a browser, where no card can be read
        ({"counter_param": '{"pay_mode":"UNION"}'}, "SCPAY", "UQRCODEPAY"),  # PHP payment plugins
        ({"busi_type_param": BOTH}, "SCPAY", "WECHAT"),  # the official Java SDK's own example
        ({"busi_type_param": BOTH, "counter_param": '{"pay_mode":"ALIPAY"}'}, "SCPAY", "ALIPAY"),
        ({"busi_type_param": CARDS}, "UPCARD", None),
        ({"counter_param": '{"pay_mode":"CARD"}'}, "UPCARD", None),
    ],
)
async def test_a_cashier_order_is_paid_by_whom_it_asks_for(client, clock, asked, kind, wallet):
    number = client.number()
    await client.call(SPECIAL, order(number, **asked))
    clock.forward(7)
    data = (await client.call(COUNTER_QUERY, {"merchant_no": MERCHANT_NO, "out_order_no": number})).data
    trade = data["order_trade_info_list"][0]
    assert (trade["busi_type"], trade.get("pay_mode")) == (kind, wallet)


async def test_a_busi_type_param_that_is_no_json_is_named(client):
    got = await client.call(SPECIAL, order(client.number(), busi_type_param="[" * 250))
    assert (got.code, got.said["msg"]) == ("SBX90107", "busi_type_param 校验失败")


async def test_what_a_wallet_paid_at_the_cashier_goes_back_by_the_refund_of_labs(client, clock):
    # The official Java SDK (1.0.6) says so of its fields, and wants two numbers of the charge; PHP plugins, a PHP web
    # shop and a C++ client send the order's number and that of its trade.
    number = client.number()
    await client.call(SPECIAL, order(number, counter_param='{"pay_mode":"ALIPAY"}'))
    clock.forward(7)
    asked = {"merchant_no": MERCHANT_NO, "out_order_no": number}
    trade = (await client.call(COUNTER_QUERY, asked)).data["order_trade_info_list"][0]
    back = {**PLACE, **LOCATED, "out_trade_no": client.number(), "refund_amount": "50"}
    back |= {"origin_out_trade_no": number, "origin_trade_no": trade["trade_no"]}
    got = await client.call(REFUND, back)
    assert (got.code, got.data["origin_out_trade_no"], got.data["account_type"]) == ("BBS00000", number, "ALIPAY")
    assert (await client.call(COUNTER_QUERY, asked)).data["order_status"] == "6"


async def test_what_a_card_paid_at_the_cashier_does_not(client, clock):
    number = client.number()
    await client.call(SPECIAL, order(number, counter_param='{"pay_mode":"CARD"}'))
    clock.forward(7)
    back = {**PLACE, **LOCATED, "out_trade_no": client.number(), "refund_amount": "50", "origin_out_trade_no": number}
    assert (await client.call(REFUND, back)).code == "SBX90202"


@pytest.mark.parametrize(("code", "wallet"), [("512345678901234567", "BESTPAY"), ("832345678901234567", "SUNING")])
async def test_the_wallet_is_the_one_whose_code_was_scanned(client, code, wallet):
    # The prefixes stand in the official Java SDK beside auth_code.
    number = client.number()
    data = {**PLACE, **LOCATED, "out_trade_no": number, "auth_code": code, "total_amount": "3800"}
    got = await client.call("/api/v3/labs/trans/micropay", data)
    assert (got.code, got.data["account_type"]) == ("BBS00000", wallet)


async def test_bestpay_within_a_page_has_its_own_member(client):
    # trans_type 51 is for BESTPAY too, says the official Java SDK; the answer's member is the documents'.
    data = {**PLACE, **LOCATED, "out_trade_no": client.number(), "account_type": "BESTPAY", "trans_type": "51"}
    got = await client.call(PREORDER, {**data, "total_amount": "100"})
    assert (got.code, list(got.data["acc_resp_fields"])) == ("BBS00000", ["best_pay_info"])


async def test_a_unified_refund_is_asked_about_as_a_real_answer_shows(client):
    # A real answer printed by a PHP client: no merchant_no, and the charge it came from.
    origin, number = await client.paid(), client.number()
    data = {**PLACE, **LOCATED, "out_trade_no": number, "refund_amount": "3800", "origin_out_trade_no": origin}
    made = await client.call("/api/v3/rfd/refund_front/refund", data)
    assert (made.data["refund_type"], made.data["trade_state"]) == ("ALL", "SUCCESS")
    asked = await client.call("/api/v3/rfd/refund_front/refund_query", {**PLACE, "out_trade_no": number})
    assert "merchant_no" not in asked.data
    assert (asked.data["origin_out_trade_no"], asked.data["origin_total_amount"]) == (origin, "3800")
    charge = await client.call("/api/v3/rfd/refund_front/refund_query", {**PLACE, "out_trade_no": origin})
    assert charge.code == "SBX90404"


async def test_the_older_twin_of_the_unified_refund_lists_its_refunds(client):
    # Official Java SDK and a Go client. No place is asked for.
    origin, number = await client.paid(), client.number()
    about = {**PLACE, "out_trade_no": number, "origin_biz_type": "3", "origin_trade_date": "20261125"}
    trade_no = (await client.call(QUERY, {**PLACE, "out_trade_no": origin})).data["trade_no"]
    data = {**about, "refund_amount": "800", "origin_trade_no": trade_no}
    made = await client.call("/api/v3/lams/trade/trade_refund", data)
    assert (made.code, made.data["refund_amount"]) == ("000000", "800")
    # Its question has a number of its own, and names the refund as its original: the official Java SDK's fields say so,
    # and a PHP client writes them.
    named = {**about, "out_trade_no": "another", "origin_out_trade_no": number}
    for asked in (about, named, {**about, "out_trade_no": "another", "origin_trade_no": trade_no}):
        listed = (await client.call("/api/v3/lams/trade/trade_refund_query", asked)).data["refund_list"]
        assert [each["refund_amount"] for each in listed] == ["800"]
    none = {**about, "out_trade_no": "another", "origin_trade_no": "0" * 32}
    assert (await client.call("/api/v3/lams/trade/trade_refund_query", none)).code == "SBX90404"


def old_v2(data: dict) -> dict:
    return {"timestamp": 1795579200000, "rnd": None, "ver": "1.0.0", "reqId": "20261125120000", "reqData": data}


@pytest.mark.parametrize(
    "wrap", [old_v2, lambda data: {"reqId": "1", "reqTime": "x", "version": "2.0", "reqData": data}]
)
async def test_both_envelopes_of_v2_are_answered_in_both(client, wrap):
    # The official SDKs for Java and for PHP use one each.
    data = {"merCupNo": MERCHANT_NO, "orderNo": "1"}
    said = (await client.call("/api/v2/mcqs/merchant/queryMerchantDetail", data, wrap)).said
    assert (said["code"], said["retCode"], said["reqId"]) == ("000000", "000000", wrap(data)["reqId"])
    assert said["respData"] == said["resp_data"]
    assert type(said["timestamp"]) is int


@pytest.fixture
async def opened(tmp_path, clock):
    """The sandbox as the command opens it."""
    folder = tmp_path / "opened"
    merchants = folder / "merchants"
    merchants.mkdir(parents=True)
    merchants.joinpath("OP00000003_00dfba8194c41b84cf.pem").write_bytes(
        (VECTORS / "requests" / "merchant_cert.pem").read_bytes()
    )
    async with open_sandbox(folder, clock=clock, entropy=SystemEntropy()) as face:
        yield folder, face


@pytest.mark.parametrize("answered", ["encrypted", "plain"])
async def test_the_key_for_encrypted_bodies_lies_in_the_folder(opened, answered):
    # The official SDKs choose for requests and answers each by itself.
    folder, face = opened
    face.sandbox.sm4_answers = answered == "encrypted"
    sm4 = Sm4((folder / "sm4_key.txt").read_text())
    client = WireClient.of(face.url, SandboxKeys(folder))
    body = json.dumps({"req_data": order("E1"), "version": "3.0", "req_time": "20261125120000"}).encode()
    got = await client.post(f"{CREATE}_encry", sm4.encrypt(body))
    said = json.loads(sm4.decrypt(got.raw) if answered == "encrypted" else got.raw)
    assert (said["code"], said["resp_data"]["out_order_no"]) == ("000000", "E1")


@pytest.mark.parametrize("name", ["client-a-v3_labs_trans_preorder", "client-b-v3_labs_trans_micropay"])
async def test_a_client_with_a_key_of_its_own_is_let_in_by_its_certificate(opened, name):
    # What two official SDKs really sent, signed with a key that is not the sandbox's.
    _, face = opened
    head, _, body = (VECTORS / "requests" / f"{name}.http").read_bytes().partition(b"\n\n")
    first, *lines = head.decode().splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request("POST", face.url + first.split()[1], headers=headers, content=body)
    assert json.loads(answer.content)["code"] == "BBS00000"


@pytest.mark.parametrize("name", ["OP1.pem", "OP1_serial.pem"])
async def test_a_certificate_that_cannot_be_read_is_named(tmp_path, clock, name):
    theirs = tmp_path / "merchants" / name
    theirs.parent.mkdir()
    theirs.write_bytes((VECTORS / "requests" / "merchant_cert.pem").read_bytes() if "_" in name else b"no certificate")
    with pytest.raises(Refused) as refused:
        async with open_sandbox(tmp_path, clock=clock, entropy=SystemEntropy()):
            pass
    assert (refused.value.kind.code, refused.value.field) == ("CF-4204", name)


async def test_a_window_for_time_and_nonce_is_held_when_asked_for(client, control):
    number = await client.paid()
    await control({"window_seconds": 300})
    assert (await client.call(QUERY, {**PLACE, "out_trade_no": number})).code == "BBS00000"
    assert (await client.call(QUERY, {**PLACE, "out_trade_no": number})).code == "BBS11200"
    client.nonce, client.timestamp = "another00000", "1795578600"
    assert (await client.call(QUERY, {**PLACE, "out_trade_no": number})).code == "BBS11200"
    await control({"window_seconds": None})
    assert (await client.call(QUERY, {**PLACE, "out_trade_no": number})).code == "BBS00000"


async def test_a_client_that_insists_on_tls_is_answered_over_it(url, tmp_path):
    # The Ruby gem and a Node client speak https only, and one of them to a host that stands in its code.
    made = make_certificates(tmp_path, ["127.0.0.1", "test.example"], SystemClock().now())
    context = ssl.create_default_context(cafile=str(made.authority))
    async with tls_front(url, made.certificate, made.key) as front:
        assert front.startswith("https://127.0.0.1:")
        for name in ("127.0.0.1", "test.example"):
            port = urlsplit(front).port
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
            writer.write(b"POST /sit/api/v3/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            answer = await reader.read()
            assert b"Lklapi-Signature: " in answer
            assert b"BBS11200" in answer
            writer.close()


async def test_an_answer_holds_as_the_official_sdk_verifies_it(client, keys):
    got = await client.call(QUERY, {**PLACE, "out_trade_no": await client.paid()})
    certificate = x509.load_pem_x509_certificate(keys.platform_cert.read_bytes())
    head = [got.headers[f"lklapi-{name}"] for name in ("appid", "serial", "timestamp", "nonce")]
    assert int(head[1], 16) == certificate.serial_number
    message = "".join(f"{line}\n" for line in head).encode() + got.raw + b"\n"
    signature = base64.b64decode(got.headers["lklapi-signature"])
    certificate.public_key().verify(signature, message, PKCS1v15(), SHA256())


REAL_ANSWER = {
    "out_trade_no": "TR20240919120719",
    "trade_no": "20240920110110001231120010300062",
    "log_no": "31120010300062",
    "trade_time": "20240920120724",
    "trade_state": "SUCCESS",
    "refund_amount": "1",
    "pay_mode": "",
    "account_type": "ALIPAY",
    "payer_amount": "1",
    "acc_settle_amount": "",
    "channel_ret_desc": "RFD00000#成功",
    "refund_split_info": None,
}


def test_our_connector_believes_a_refund_whose_answer_names_no_merchant():
    # The members of a real answer to refund_query, as a PHP client printed them.
    expected = Expected("refund", "TR20240919120719", MERCHANT_NO, 1)
    said = Envelope(code="000000", resp_data=REAL_ANSWER)
    assert isinstance(of_query(said, expected, "production"), Approved)
    other = Envelope(code="000000", resp_data={**REAL_ANSWER, "merchant_no": "X"})
    assert of_query(other, expected, "production").why is Why.MISMATCH
    charge = Expected("charge", "TR20240919120719", MERCHANT_NO, 1)
    assert of_query(Envelope(code="BBS00000", resp_data=REAL_ANSWER), charge, "production").why is Why.MISMATCH
