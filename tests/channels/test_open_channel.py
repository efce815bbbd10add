"""A channel is opened with its settings in one go, tried before it is kept, and once however often it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from counterfoil.basis import Refused
from counterfoil.channels import NewChannel, open_channel, set_route
from counterfoil.evidence import newest_of
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers import account_by_id, accounts, scan
from counterfoil.providers.shouqianba.sandbox import (
    ACTIVATION_CODE,
    APP_ID,
    VENDOR_KEY,
    VENDOR_SN,
    open_sandbox,
)
from counterfoil.testing.house import MERCHANT
from tests.channels.stage import typed


def new(house, **other):
    told = {"id": house.app.ids.uuid(), "provider": "lakala", "name": "Branch", "environment": "sandbox"}
    return NewChannel(**{**told, "told": typed(house), **other})


async def ask(house, asked, role=Role.ADMINISTRATOR):
    return await open_channel(house.app.people, house.app.accounts, house.actor(role), asked)


async def refusal(waiting):
    with pytest.raises(Refused) as refused:
        await waiting
    for language in ("zh-CN", "en"):
        told = refused.value.tell(language)
        assert "{" not in told.what + told.do
    return refused.value.kind.code, refused.value.field


async def channels(house):
    return [row["name"] for row in await accounts(house.app.store, MERCHANT)]


async def test_a_second_account_at_one_provider_is_opened_configured_and_takes_payments(house):
    asked = new(house)
    assert (await ask(house, asked)).good
    row = await account_by_id(house.app.store, MERCHANT, asked.id)
    assert (row["name"], row["provider"], row["state"], row["version"]) == ("Branch", "lakala", "active", 1)
    assert row["merchant_no"] == typed(house)["merchant_no"]
    assert b"PRIVATE" not in bytes(row["sealed_settings"])
    actor = house.actor(Role.ADMINISTRATOR)
    await set_route(house.app.people, house.app.accounts, actor, "merchant", "qr", [asked.id])
    house.app.payments.known.forget(MERCHANT)
    paid = await take(house.app.payments, house.actor(), house.code_payment())
    assert (paid.money, paid.account_id) == (MoneyState.CAPTURED, asked.id)


async def test_its_facts_say_who_opened_what_and_hold_no_secret(house):
    asked = new(house)
    await ask(house, asked)
    leaves = [leaf for _, leaf in await newest_of(house.app.store, MERCHANT, asked.id, 9, None)]
    assert [leaf["type"] for leaf in leaves] == ["account.configured", "account.opened"]
    assert {leaf["actor"] for leaf in leaves} == {house.person_ids[Role.ADMINISTRATOR]}
    assert "PRIVATE" not in str(leaves)


async def test_a_try_that_fails_keeps_nothing(house):
    before = await channels(house)
    for told, code in (
        ({"base_url": "http://127.0.0.1:9"}, "CF-4275"),
        ({"appid": "OP99999999"}, "CF-4277"),
        ({"private_key": typed(house)["platform_certs"]}, "CF-4292"),
    ):
        checked = await ask(house, new(house, told=typed(house) | told))
        assert checked.fault.kind.code == code
    assert await channels(house) == before


async def test_a_repeat_of_the_same_id_opens_one_channel_and_other_content_is_refused_by_its_field(house):
    asked = new(house)
    # Both at once, as a double tap sends them, and again later.
    await asyncio.gather(ask(house, asked), ask(house, asked))
    assert await ask(house, asked) is None
    assert (await channels(house)).count("Branch") == 1
    for other, field in (
        ({"name": "Other"}, "name"),
        ({"told": typed(house) | {"code_minutes": "7"}}, "code_minutes"),
        ({"told": typed(house) | {"base_url": "http://127.0.0.1:9"}}, "base_url"),
    ):
        assert await refusal(ask(house, replace(asked, **other))) == ("CF-4299", field)
    assert (await channels(house)).count("Branch") == 1


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"name": "lakala"}, ("CF-4210", "name")),
        ({"name": "  "}, ("CF-4112", "name")),
        ({"name": "x" * 41}, ("CF-4112", "name")),
        ({"name": "a\nb"}, ("CF-4112", "name")),
        ({"environment": "moon"}, ("CF-4209", "environment")),
        ({"provider": "nobody"}, ("CF-4206", "provider")),
        ({"told": {}}, ("CF-4202", "base_url")),
    ],
)
async def test_what_cannot_be_opened_is_named_by_its_field(house, other, expected):
    assert await refusal(ask(house, new(house, **other))) == expected


async def test_two_people_who_open_a_channel_of_one_name_get_one_and_the_other_is_told(house):
    ends = await asyncio.gather(ask(house, new(house)), ask(house, new(house)), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Checked", "Refused"]
    assert (await channels(house)).count("Branch") == 1


async def test_only_who_manages_channels_may(house):
    assert (await refusal(ask(house, new(house), Role.SUPERVISOR)))[0] == "CF-2021"


async def test_cash_is_opened_without_any_settings(house):
    asked = new(house, provider="cash", name="Till two", environment="live", told={})
    assert (await ask(house, asked)).good
    row = await account_by_id(house.app.store, MERCHANT, asked.id)
    assert (row["sealed_settings"], row["settings_at"]) == (None, None)
    assert await ask(house, asked) is None


async def test_a_channel_is_opened_with_an_activation_code_and_a_code_used_up_opens_none(house, tmp_path):
    app = house.app
    assert scan()["shouqianba"].activation
    async with open_sandbox(tmp_path / "sqb", clock=app.clock, entropy=app.entropy) as face:
        told = {"base_url": face.url, "device_id": "D1", "vendor_sn": VENDOR_SN, "vendor_key": VENDOR_KEY}
        told |= {"app_id": APP_ID, "code": ACTIVATION_CODE}
        asked = new(house, provider="shouqianba", name="SQB", told=told, activation=True)
        wrong = replace(asked, told=told | {"code": "00000000"})
        assert (await refusal(ask(house, wrong)))[0] == "CF-4282"
        assert await account_by_id(app.store, MERCHANT, asked.id) is None
        assert (await ask(house, asked)).good
        assert await ask(house, asked) is None
        kept = app.accounts.settings(await account_by_id(app.store, MERCHANT, asked.id))
        assert kept["device_id"] == "D1"
        assert not {"vendor_key", "code"} & set(kept)
