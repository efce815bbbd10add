"""The first setup: by whoever knows the code, all at once, and only once."""

import asyncio
from dataclasses import replace

import msgspec
import pytest

from counterfoil.app import open_app
from counterfoil.basis import Refused, Secret, Settings
from counterfoil.people import (
    FirstMerchant,
    NewShop,
    NewTerminal,
    Role,
    grants,
    merchants,
    nothing_more,
    set_up,
    setup_code,
    setup_open,
    sign_in_office,
)

PASSWORD = "four brown herons sing"
ASKED = FirstMerchant(
    merchant="江南小馆",
    zone="Asia/Shanghai",
    currency="CNY",
    shop=NewShop(name="一店"),
    terminal=NewTerminal(number="T01", label="前台"),
    name="李某",
    email="Boss@Example.com",
    password=Secret(PASSWORD),
)


@pytest.fixture
async def app(tmp_path, store_address):
    settings = msgspec.convert({"database": {} if store_address is None else {"address": store_address}}, Settings)
    async with open_app(tmp_path / "data", settings) as opened:
        yield opened


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code


async def test_nothing_is_there_before_and_the_wrong_code_or_a_weak_password_makes_nothing(app):
    means = app.people
    assert await setup_open(means)
    code = setup_code(means)
    await refused("CF-2044", set_up(means, ASKED, Secret("AAAA-AAAA-AAAA-AAAA")))
    await refused("CF-2044", set_up(means, ASKED, Secret("")))
    await refused("CF-2042", set_up(means, replace(ASKED, password=Secret("password1234")), code))
    await refused("CF-2031", set_up(means, replace(ASKED, email="boss"), code))
    await refused("CF-2017", set_up(means, replace(ASKED, zone="Mars/Olympus"), code))
    await refused("CF-2040", set_up(means, replace(ASKED, number="123", till_password=Secret(PASSWORD)), code))
    assert [one for one in await merchants(means.store) if one.merchant_id] == []


async def test_of_several_who_send_it_at_once_one_sets_up_and_then_it_is_closed_for_ever(app):
    means = app.people
    code = setup_code(means)
    ends = await asyncio.gather(*(set_up(means, ASKED, code) for _ in range(4)), return_exceptions=True)
    assert sorted(getattr(getattr(end, "kind", None), "code", "made") for end in ends) == ["CF-2045"] * 3 + ["made"]
    assert not await setup_open(means)
    await refused("CF-2045", set_up(means, ASKED, code))
    await refused("CF-2045", set_up(means, ASKED, None))
    made = await sign_in_office(
        means, merchant_id=1, email="boss@example.com", password=Secret(PASSWORD), ask_more=nothing_more
    )
    assert [one.role for one in await grants(means.store, 1)] == [Role.ADMINISTRATOR]
    assert made.person.number is None
