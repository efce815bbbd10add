"""激活: a terminal for a code, entered in the office; its number and key are sealed, never told, and take payments."""

from __future__ import annotations

import pytest

from counterfoil.basis import Refused, SystemClock
from counterfoil.channels import activate
from counterfoil.evidence import timeline
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers import Answer, Declined, Unknown
from counterfoil.providers.shouqianba.connector import activate as activated
from counterfoil.providers.shouqianba.sandbox import (
    ACTIVATION_CODE,
    APP_ID,
    DEVICE_ID,
    TERMINAL_SN,
    VENDOR_KEY,
    VENDOR_SN,
)
from counterfoil.testing.house import MERCHANT
from tests.providers.shouqianba.stage import account_of, open_shop


def typed(face, **other):
    return {
        "base_url": face.url,
        "device_id": DEVICE_ID,
        "vendor_sn": VENDOR_SN,
        "vendor_key": VENDOR_KEY,
        "app_id": APP_ID,
        "code": ACTIVATION_CODE,
    } | other


async def enter(house, told, *, role=Role.ADMINISTRATOR, account=None):
    account = account or await account_of(house)
    return await activate(house.app.people, house.app.accounts, house.actor(role), account["id"], told)


async def refusal(waiting):
    with pytest.raises(Refused) as refused:
        await waiting
    for language in ("zh-CN", "en"):
        assert "{" not in refused.value.tell(language).what
    return refused.value.kind.code


async def test_an_activated_terminal_takes_payments_and_its_key_is_sealed_and_told_nowhere(tmp_path):
    async with open_shop(tmp_path, SystemClock()) as (house, face):
        checked = await enter(house, {key: f" {value} \n" for key, value in typed(face).items()})
        assert checked.good
        account = await account_of(house)
        kept = house.app.accounts.settings(account)
        assert kept["terminal_sn"] != TERMINAL_SN
        assert kept["terminal_key"] == face.sandbox.ledger.terminals[kept["terminal_sn"]].first
        assert kept["notice_key"] == face.settings["notice_key"]
        assert not {"vendor_sn", "vendor_key", "app_id", "code"} & set(kept)
        paid = await take(house.app.payments, house.actor(), house.code_payment())
        assert paid.money is MoneyState.CAPTURED
        (order,) = face.sandbox.ledger.orders()
        assert order.terminal_sn == kept["terminal_sn"]
        facts = [said["type"] for _, said in await timeline(house.app.store, MERCHANT, account["id"])]
        assert "account.configured" in facts
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any("spool" in str(path) for path in files)
    written = b"".join(path.read_bytes() for path in files)
    for secret in (kept["terminal_key"], VENDOR_KEY, ACTIVATION_CODE):
        assert secret.encode() not in written


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"code": "0"}, "CF-4282"),
        ({"vendor_key": "x"}, "CF-4282"),
        ({"vendor_sn": "9"}, "CF-4282"),
        ({"base_url": "http://127.0.0.1:9"}, "CF-4284"),
        ({"code": ""}, "CF-4202"),
        ({"base_url": "http://203.0.113.7"}, "CF-4205"),
        ({"app_id": "a\nb"}, "CF-4222"),
    ],
)
async def test_an_activation_that_is_refused_says_why_and_leaves_the_settings_as_they_were(shop, other, code):
    house, face = shop
    assert await refusal(enter(house, typed(face, **other))) == code
    assert (await account_of(house))["sealed_settings"] is None
    assert (await take(house.app.payments, house.actor(), house.code_payment())).money is MoneyState.CAPTURED


async def test_only_an_administrator_activates_and_only_where_the_provider_does(shop):
    house, face = shop
    assert await refusal(enter(house, typed(face), role=Role.SUPERVISOR)) == "CF-2021"
    assert await refusal(enter(house, typed(face), account={"id": house.app.ids.uuid()})) == "CF-4213"
    assert len(face.sandbox.ledger.terminals) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"result_code":"500","error_code":"UNKNOWN_SYSTEM_ERROR"}', Unknown),
        (b'{"result_code":"200","biz_response":{}}', Unknown),
        (b'{"result_code":"200","biz_response":{"terminal_sn":"1","terminal_key":""}}', Unknown),
        (b"<html>", Unknown),
        (b'{"result_code":"400","error_code":"INVALID_PARAMS"}', Declined),
    ],
)
async def test_what_hands_out_no_key_is_no_activation(shop, body, kind):
    _, face = shop

    async def post(_url, _headers, _body):
        return Answer(status=200, headers={}, body=body)

    assert isinstance(await activated(post, typed(face)), kind)
