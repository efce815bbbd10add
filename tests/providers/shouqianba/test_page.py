"""The sandbox's control page: what is chosen happens at the next call, and nobody from elsewhere chooses."""

from __future__ import annotations

import httpx
import pytest

from counterfoil.basis import SystemClock
from counterfoil.payments import MoneyState, take
from counterfoil.providers.sandbox_page import PATH
from counterfoil.providers.shouqianba.sandbox import ACTIVATION_CODE, APP_ID, VENDOR_KEY, VENDOR_SN, NoticeTrick, Trick
from tests.providers.shouqianba.stage import open_shop


@pytest.fixture
async def visited(tmp_path):
    async with open_shop(tmp_path, SystemClock()) as (house, face), httpx.AsyncClient(base_url=face.url) as visitor:
        yield house, face, visitor


@pytest.mark.parametrize(("lang", "said"), [("zh", "下一次激活"), ("en", "The next activation")])
async def test_it_is_there_in_both_languages_and_says_what_activates(visited, lang, said):
    _, face, visitor = visited
    shown = await visitor.get(PATH, params={"lang": lang})
    assert shown.status_code == 200
    assert said in shown.text
    assert all(f'value="{trick}"' in shown.text for trick in (*Trick, *NoticeTrick))
    assert all(value in shown.text for value in (ACTIVATION_CODE, APP_ID, VENDOR_KEY, VENDOR_SN))
    assert face.sandbox.terminal.current not in shown.text


async def test_what_is_chosen_happens_next_and_once(visited):
    house, _, visitor = visited
    assert (await visitor.post(PATH, data={"do": "next", "trick": "balance"})).status_code == 303
    assert "余额不足" in (await visitor.get(PATH)).text
    ends = [(await take(house.app.payments, house.actor(), house.code_payment())) for _ in range(2)]
    assert [one.money for one in ends] == [MoneyState.DECLINED, MoneyState.CAPTURED]
    assert ends[1].order_no in (await visitor.get(PATH)).text


async def test_activations_check_ins_notices_and_the_mode_wait_until_they_are_cleared(visited):
    _, face, visitor = visited
    for do, trick in (("activate", "cut_after"), ("checkin", "cut_before"), ("notice", "hex"), ("mode", "trouble")):
        assert (await visitor.post(PATH, data={"do": do, "trick": trick})).status_code == 303
    sandbox = face.sandbox
    assert (list(sandbox.activate), list(sandbox.checkin)) == ([Trick.CUT_AFTER], [Trick.CUT_BEFORE])
    assert (list(sandbox.notices.next), sandbox.mode) == ([NoticeTrick.HEX], Trick.TROUBLE)
    assert (await visitor.get(PATH, params={"lang": "en"})).text.count("<li>") == 4
    await visitor.post(PATH, data={"do": "mode", "trick": ""})
    assert sandbox.mode is None
    await visitor.post(PATH, data={"do": "clear"})
    assert [*sandbox.activate, *sandbox.checkin, *sandbox.notices.next] == []


async def test_a_new_activation_code_stands_on_the_page_until_it_is_used_up(visited):
    _, face, visitor = visited
    await visitor.post(PATH, data={"do": "code"})
    (code,) = face.sandbox.ledger.codes
    assert code in (await visitor.get(PATH)).text


@pytest.mark.parametrize(
    "said", [{}, {"do": "next", "trick": "x"}, {"do": "activate", "trick": "balance"}, {"do": "explode"}]
)
async def test_what_makes_no_sense_is_refused(visited, said):
    _, face, visitor = visited
    assert (await visitor.post(PATH, data=said)).status_code == 400
    assert [*face.sandbox.next, *face.sandbox.activate] == []


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"host": "evil.example"}])
async def test_no_page_elsewhere_can_choose(visited, headers):
    _, face, visitor = visited
    told = await visitor.post(PATH, data={"do": "next", "trick": "balance"}, headers=headers)
    assert told.status_code == 404
    assert not face.sandbox.next
