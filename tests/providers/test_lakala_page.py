"""The sandbox's control page: what is chosen happens at the next call, and nobody from elsewhere chooses."""

from __future__ import annotations

import httpx
import pytest

from counterfoil.providers import Declined, Why
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick

PAGE = "/_control/page"


@pytest.fixture
async def visitor(url):
    async with httpx.AsyncClient(base_url=url) as opened:
        yield opened


@pytest.mark.parametrize(("lang", "said"), [("zh", "下一次调用"), ("en", "The next call")])
async def test_it_is_there_in_both_languages_with_the_houses_style(visitor, lang, said):
    shown = await visitor.get(PAGE, params={"lang": lang})
    assert shown.status_code == 200
    assert said in shown.text
    assert all(f'value="{trick}"' in shown.text for trick in (*Trick, *NoticeTrick))
    style = await visitor.get("/_control/app.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


async def test_what_is_chosen_happens_next_and_once(visitor, till):
    assert (await visitor.post(PAGE, data={"do": "next", "trick": "balance"})).status_code == 303
    assert "余额不足" in (await visitor.get(PAGE)).text
    assert isinstance((await till.charge(3800))[1], Declined)
    assert not isinstance((await till.charge(3800))[1], Declined)


async def test_a_mode_lasts_until_it_is_cleared(visitor, till):
    await visitor.post(PAGE, data={"do": "mode", "trick": "cut_before"})
    for _ in range(2):
        assert (await till.charge(3800))[1].why is Why.NO_ANSWER
    await visitor.post(PAGE, data={"do": "clear"})
    assert not hasattr((await till.charge(3800))[1], "why")


async def test_a_payment_by_the_printed_code_stands_in_the_books(visitor, sandbox):
    await visitor.post(PAGE, data={"do": "printed", "amount": "14.50"})
    (trade,) = sandbox.ledger.trades()
    assert (trade.amount, trade.state) == (1450, "SUCCESS")
    assert trade.order_no in (await visitor.get(PAGE)).text


@pytest.mark.parametrize(
    "said", [{}, {"do": "next", "trick": "nonsense"}, {"do": "printed", "amount": "viel"}, {"do": "explode"}]
)
async def test_what_makes_no_sense_is_refused(visitor, sandbox, said):
    assert (await visitor.post(PAGE, data=said)).status_code == 400
    assert (list(sandbox.next), sandbox.mode, list(sandbox.ledger.trades())) == ([], None, [])


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"host": "evil.example"}])
async def test_no_page_elsewhere_can_choose(visitor, sandbox, headers):
    told = await visitor.post(PAGE, data={"do": "next", "trick": "balance"}, headers=headers)
    assert told.status_code == 404
    assert not sandbox.next
