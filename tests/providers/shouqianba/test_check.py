"""连接检测 of a Shouqianba account: its key, its sign-in of the day, the clock and the network, each named."""

from __future__ import annotations

import pytest

from counterfoil.basis import MICROS, SystemClock
from counterfoil.payments import take
from counterfoil.providers import Checks, Part, check, renewed
from counterfoil.providers.shouqianba.sandbox import Trick
from tests.channels.test_check import answers, somebody_else
from tests.providers.shouqianba.stage import account_of, open_shop


class Later(SystemClock):
    """This machine's time, and so much more."""

    seconds = 0

    def now(self):
        return super().now() + self.seconds * MICROS


@pytest.fixture
async def shop(tmp_path):
    async with open_shop(tmp_path, Later()) as opened:
        yield opened


async def found(house, **told):
    account = await account_of(house)
    settings = dict(house.app.accounts.settings(account)) | told if told else None
    return await check(house.app.accounts, account, house.app.clock, settings)


def wrong(checked):
    return {one.part: one.fault.kind.code for one in checked.parts if one.fault is not None}


async def test_all_is_right_and_each_part_that_there_is_is_named_and_nothing_moves(shop):
    house, face = shop
    checked = await found(house)
    assert checked.good
    assert [one.part for one in checked.parts] == [
        Part.SETTINGS,
        Part.CERTIFICATE,
        Part.NETWORK,
        Part.CLOCK,
        Part.KEY,
        Part.RENEWAL,
    ]
    assert all(one.right for one in checked.parts)
    assert isinstance(house.app.accounts.connector(await account_of(house)), Checks)
    assert (face.sandbox.checkins, list(face.sandbox.ledger.orders())) == (0, [])


@pytest.mark.parametrize("other", [{"terminal_key": "0" * 32}, {"terminal_sn": "9"}])
async def test_a_key_or_number_that_is_not_accepted_is_named_with_what_to_do(shop, other):
    house, _ = shop
    checked = await found(house, **other)
    assert wrong(checked) == {Part.KEY: "CF-4252"}
    for language in ("zh-CN", "en"):
        assert "ILLEGAL_SIGN" in checked.fault.tell(language).what
        assert "{" not in checked.fault.tell(language).do


async def test_no_network_is_named_and_the_key_does_not_look_right_then(shop):
    house, _ = shop
    checked = await found(house, base_url="http://127.0.0.1:9")
    assert wrong(checked) == {Part.NETWORK: "CF-4275"}
    assert [one.right for one in checked.parts if one.part is Part.KEY] == [None]


async def test_a_sign_in_that_did_not_come_about_is_named_while_payments_go_on(shop):
    house, face = shop
    face.sandbox.checkin.append(Trick.CUT_AFTER)
    assert (await take(house.app.payments, house.actor(), house.code_payment())).money.value == "captured"
    assert (await found(house)).good, "it may still be under way"
    house.app.clock.seconds = 120
    assert wrong(await found(house)) == {Part.RENEWAL: "CF-4251"}
    house.app.clock.seconds = 0
    account = await account_of(house)
    house.app.clock.seconds = 601
    await renewed(house.app.store, house.app.accounts, house.app.ids, account)
    house.app.clock.seconds = 0
    assert (await found(house)).good


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>", "CF-4279"),
        (b'{"result_code":"500","error_code":"MAINTENANCE_INPROGRESS"}', "CF-4279"),
        (b'{"result_code":"400","error_code":"INVALID_TERMINAL"}', "CF-4252"),
        (b'{"result_code":"200","biz_response":{"result_code":"FAIL","error_code":"UPAY_ORDER_NOT_EXIST"}}', None),
    ],
)
async def test_what_is_said_to_the_question_decides(shop, body, code):
    house, _ = shop
    async with somebody_else(answers("200 OK", body)) as place:
        assert wrong(await found(house, base_url=f"http://{place}")).get(Part.KEY) == code
