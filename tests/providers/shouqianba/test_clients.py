"""Facts of the wire that clients of others' making rely on: the sandbox bears each, and the connector too."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

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
        body = json.dumps(members).encode()
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
