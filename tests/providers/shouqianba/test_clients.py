"""Facts of the wire that clients of others' making rely on: the sandbox bears each, and the connector too."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from counterfoil.basis import Money
from counterfoil.payments import MoneyState, RefundAsk, VoidAsk, refund, take, void
from counterfoil.providers import Answer, Declined
from counterfoil.providers.shouqianba.connector import activate
from counterfoil.providers.shouqianba.sandbox import (
    ACTIVATION_CODE,
    APP_ID,
    DEVICE_ID,
    TERMINAL_SN,
    VENDOR_KEY,
    VENDOR_SN,
)

CODE = "134567890123456789"


class Client:
    """Signs as somebody else's client does, in capitals where ``upper``."""

    def __init__(self, face, *, upper=False):
        self._face, self._upper = face, upper

    async def call(self, path, members, signer=None):
        number, key = signer or (TERMINAL_SN, self._face.sandbox.terminal.current)
        body = members if isinstance(members, bytes) else json.dumps(members).encode()
        sign = hashlib.md5(body + key.encode(), usedforsecurity=False).hexdigest()
        headers = {
            "Authorization": f"{number} {sign.upper() if self._upper else sign}",
            "Content-Type": "application/json; charset=utf-8",
            "Format": "json",
        }
        async with httpx.AsyncClient(base_url=self._face.url) as wire:
            return (await wire.post(path, content=body, headers=headers)).json()


def order(no, **more):
    told = {"terminal_sn": TERMINAL_SN, "client_sn": no, "total_amount": "1000", "subject": "咖啡", "operator": "01"}
    return told | more


@pytest.mark.parametrize("place", ["flat", "data"])
async def test_number_and_key_stand_flat_and_in_data(shop, place):
    """Flat: independent client, PHP, which printed real answers. In data: the owner's notes, Python and Java."""
    _, face = shop
    told = {"app_id": APP_ID, "code": ACTIVATION_CODE, "device_id": "POS-2"}
    made = (await Client(face).call("/terminal/activate", told, (VENDOR_SN, VENDOR_KEY)))["biz_response"]
    assert made["result_code"] == "ACTIVATE_SUCCESS"
    made = made["data"] if place == "data" else made
    assert face.sandbox.ledger.terminals[made["terminal_sn"]].first == made["terminal_key"]
    told = {"terminal_sn": TERMINAL_SN, "device_id": DEVICE_ID}
    renewed = (await Client(face).call("/terminal/checkin", told))["biz_response"]
    assert renewed["result_code"] == "TERMINAL_CHECKIN_SUCCESS"
    renewed = renewed["data"] if place == "data" else renewed
    assert renewed["terminal_key"] == face.sandbox.terminal.current


@pytest.mark.parametrize(
    ("inner", "handed"),
    [
        ({"terminal_sn": "1", "terminal_key": "k"}, True),
        ({"result_code": "ACTIVATE_SUCCESS", "data": {"terminal_sn": "1", "terminal_key": "k"}}, True),
        ({"result_code": "FAIL", "error_code": "INVALID_PARAMS", "data": None}, False),
    ],
)
async def test_the_connector_reads_either_place_and_a_no_within(inner, handed):
    async def post(_url, _headers, _body):
        return Answer(200, {}, json.dumps({"result_code": "200", "biz_response": inner}).encode())

    told = dict.fromkeys(("base_url", "device_id", "vendor_sn", "vendor_key", "app_id", "code"), "x")
    made = await activate(post, told)
    assert made == {"terminal_sn": "1", "terminal_key": "k"} if handed else isinstance(made, Declined)


@pytest.mark.parametrize("upper", [False, True])
async def test_the_signature_may_be_in_capitals(shop, upper):
    """Independent client, TypeScript."""
    _, face = shop
    said = await Client(face, upper=upper).call("/upay/v2/pay", order("N1", dynamic_id=CODE))
    assert said["biz_response"]["data"]["order_status"] == "PAID"


async def test_alipay_is_payway_2_too_and_the_answer_says_so_again(shop):
    """Independent client, TypeScript; and answers of 2016."""
    _, face = shop
    said = await Client(face).call("/upay/v2/precreate", order("N2", payway="2"))
    data = said["biz_response"]["data"]
    assert (data["payway"], data["payway_name"], data["order_status"]) == ("2", "支付宝", "CREATED")


@pytest.mark.parametrize("reflect", ['{"reason":"x"}', {"reason": "x"}])
async def test_reflect_comes_back_as_it_went(shop, reflect):
    """Documented; sent by independent clients as text and as an object."""
    _, face = shop
    client = Client(face)
    said = await client.call("/upay/v2/pay", order("N3", dynamic_id=CODE, reflect=reflect))
    assert said["biz_response"]["data"]["reflect"] == reflect


async def test_a_refusal_says_in_words_what_it_is(shop):
    """Shown to the cashier by independent clients."""
    _, face = shop
    said = await Client(face).call("/upay/v2/query", {"terminal_sn": TERMINAL_SN, "client_sn": "nobody"})
    assert said["biz_response"]["error_message"] == "订单不存在"


@pytest.mark.parametrize(
    ("path", "more"),
    [("query", {"client_sn": "nobody"}), ("refund", {"client_sn": "nobody", "refund_request_no": "1"}), ("pay", {})],
)
async def test_what_has_no_order_has_no_data(shop, path, more):
    """As the owner's texts print it. Its newest clients, Python, read `data` where it is there at all."""
    _, face = shop
    told = order("N4", dynamic_id="99", refund_amount="1") | more
    said = (await Client(face).call(f"/upay/v2/{path}", told))["biz_response"]
    assert said["result_code"] == "FAIL"
    assert "data" not in said


async def test_a_payway_that_is_said_wins_over_the_code(shop):
    """Documented; the owner's Java demonstration pays so."""
    _, face = shop
    said = await Client(face).call("/upay/v2/pay", order("N5", dynamic_id=CODE, payway="1"))
    data = said["biz_response"]["data"]
    assert (data["payway"], data["payway_name"], data["order_status"]) == ("1", "支付宝", "PAID")
    said = await Client(face).call("/upay/v2/pay", order("N6", dynamic_id=CODE, payway="99"))
    assert said["biz_response"]["error_code"] == "UNEXPECTED_PROVIDER_ERROR"
    assert [line.order_no for line in face.books()] == ["N5"]


@pytest.mark.parametrize("more", [{"sub_payway": "3"}, {"sub_payway": "4", "payer_uid": "o1"}])
async def test_what_is_paid_inside_of_a_wallet_is_refused_and_not_answered_with_a_code_to_scan(shop, more):
    """The owner's Java demonstration asks for WAP, and names no payer."""
    _, face = shop
    said = await Client(face).call("/upay/v2/precreate", order("N7", payway="1", **more))
    assert (said["result_code"], said["error_code"]) == ("400", "INVALID_PARAMS")
    assert ("payer_uid" in said["error_message"]) == ("payer_uid" not in more)
    assert not list(face.sandbox.ledger.orders())


async def test_an_expired_code_leaves_a_cancelled_order(shop):
    """As the owner's texts print it: PAY_FAIL with its order."""
    _, face = shop
    client = Client(face)
    failed = (await client.call("/upay/v2/pay", order("N8", dynamic_id=CODE, total_amount="6602")))["biz_response"]
    assert (failed["result_code"], failed["error_code"]) == ("PAY_FAIL", "EXPIRED_BARCODE")
    asked = (await client.call("/upay/v2/query", {"terminal_sn": TERMINAL_SN, "client_sn": "N8"}))["biz_response"]
    for data in (failed["data"], asked["data"]):
        assert (data["order_status"], data["status"]) == ("PAY_CANCELED", "FAIL_CANCELED")
        assert (data["total_amount"], data["net_amount"]) == ("6602", "6602")


async def test_the_operator_is_the_one_of_the_latest_act(shop):
    """Documented of refund and query."""
    _, face = shop
    client = Client(face)
    await client.call("/upay/v2/pay", order("N9", dynamic_id=CODE))
    told = {"terminal_sn": TERMINAL_SN, "client_sn": "N9"}
    back = await client.call(
        "/upay/v2/refund", told | {"refund_request_no": "1", "refund_amount": "1", "operator": "02"}
    )
    asked = await client.call("/upay/v2/query", told)
    assert [said["biz_response"]["data"]["operator"] for said in (back, asked)] == ["02", "02"]


async def test_of_a_cancelled_order_nothing_is_left_however_it_is_asked(shop):
    """As the owner's texts print it."""
    _, face = shop
    client = Client(face)
    await client.call("/upay/v2/precreate", order("N10", payway="3"))
    told = {"terminal_sn": TERMINAL_SN, "client_sn": "N10"}
    for path in ("cancel", "query"):
        data = (await client.call(f"/upay/v2/{path}", told))["biz_response"]["data"]
        assert (data["order_status"], data["net_amount"]) == ("CANCELED", "0")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [({}, None), ({"app_id": None}, None), ({"app_id": "1"}, "app_id"), ({"code": "0"}, "code"), ({"type": "2"}, None)],
)
async def test_an_activation_without_an_app_is_taken_and_what_is_wrong_is_named(shop, more, wrong):
    """The owner's older text knows no app_id, and its Python demonstration sends none."""
    _, face = shop
    told = {"code": ACTIVATION_CODE, "device_id": "POS-3"} | more
    said = await Client(face).call("/terminal/activate", told, (VENDOR_SN, VENDOR_KEY))
    assert said["result_code"] == ("200" if wrong is None else "400")
    if wrong is not None:
        assert said["error_message"].endswith(f" {wrong}")


async def test_a_check_in_is_for_the_terminal_that_signs_it(shop):
    """Documented; every client names it."""
    _, face = shop
    before = face.sandbox.terminal.current
    for told in ({"device_id": DEVICE_ID}, {"terminal_sn": "1", "device_id": DEVICE_ID}):
        said = await Client(face).call("/terminal/checkin", told)
        assert (said["result_code"], said["error_code"]) == ("400", "INVALID_TERMINAL")
    assert face.sandbox.terminal.current == before


async def test_a_log_of_any_bytes_is_taken_where_its_signature_holds(shop):
    """Documented; the owner's Python demonstration sends it."""
    _, face = shop
    log = b"PK\x03\x04\xff\x00"
    said = await Client(face).call("/terminal/uploadLog", log)
    assert said == {"result_code": "200", "error_code": "SUCCESS", "error_message": "ok"}
    said = await Client(face).call("/terminal/uploadLog", log, (TERMINAL_SN, "another"))
    assert said["error_code"] == "ILLEGAL_SIGN"


async def test_a_house_takes_and_gives_back_where_status_repeats_the_orders_word(shop):
    """As the owner's newest notes print every answer."""
    house, face = shop
    payments, actor, uuid = house.app.payments, house.actor(), house.app.ids.uuid

    def repeated(word):
        face.sandbox.beside = {"status": word}

    repeated("PAID")
    first, second = [await take(payments, actor, house.code_payment(3800)) for _ in range(2)]
    assert (first.money, second.money) == (MoneyState.CAPTURED, MoneyState.CAPTURED)
    repeated("PARTIAL_REFUNDED")
    asked = RefundAsk(id=uuid(), payment_id=first.id, amount=Money(800), reason="TEST")
    assert (await refund(payments, actor, asked)).money is MoneyState.PART_REFUNDED
    repeated("CANCELED")
    assert (await void(payments, actor, VoidAsk(id=uuid(), payment_id=second.id, reason="TEST"))).money is (
        MoneyState.VOIDED
    )
