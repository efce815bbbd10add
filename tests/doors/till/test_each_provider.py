"""The till before each provider: take, show a code, ask, close, void, refund in part and whole, in its own sandbox."""

from __future__ import annotations

from contextlib import asynccontextmanager

import httpx
import pytest

from counterfoil.basis import SystemClock
from counterfoil.payments import MoneyState
from counterfoil.providers import Pace, Trick
from tests.doors.till.conftest import SHOTS, Server
from tests.doors.till.steps import Till
from tests.doors.till.test_card import at_the_terminal, to_the_terminal
from tests.doors.till.test_give_back import ask_back
from tests.doors.till.test_show_code import scan_and, show
from tests.payments.books import every_payment, we_kept
from tests.providers.any_shop import TRIED, held, open_shop_at

# Customers take their time: nothing is paid by itself while a cashier acts.
PACE = Pace(late_seconds=2, wait_seconds=600, scan_seconds=600)


class ServerAt(Server):
    """The program of a shop whose only account is at one provider."""

    def __init__(self, folder, manifest):
        super().__init__(folder)
        self.manifest = manifest
        self.face = None

    @asynccontextmanager
    async def opened(self, folder):
        async with open_shop_at(folder, self.manifest, SystemClock(), pace=PACE) as (house, self.face):
            yield house


@pytest.fixture(scope="module", params=TRIED, ids=lambda manifest: manifest.id)
def server(request, tmp_path_factory):
    started = ServerAt(tmp_path_factory.mktemp(request.param.id), request.param)
    started.start()
    started.wait()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def kept_here(server):
    """The sessions at this server."""
    return {}


@pytest.fixture
def till(server, chromium, kept_here):
    opened = Till.open(chromium, server.wait().url)
    opened.kept = kept_here
    opened.start("00")
    yield opened
    opened.close()
    assert_books_agree(server)


def assert_books_agree(server):
    ours = server.wait().run(every_payment(server.wait().house))
    theirs = {number: minor for number, minor in held(server.face).items() if minor}
    assert theirs == {one.order_no: we_kept(one) for one in ours if we_kept(one)}


def look(till, server, name):
    till.page.screenshot(path=SHOTS / "each-provider" / f"{server.manifest.id}-{name}.png")


def test_a_payment_code_is_charged_and_the_payment_voided(till, server):
    paid = till.take("51.01")
    till.turns("good")
    ask_back(till, paid, "TEST")
    look(till, server, "void")
    till.submit("button.danger")
    till.turns("good")
    assert server.wait().payment(paid).money is MoneyState.VOIDED


def test_a_part_goes_back_and_then_the_rest(till, server):
    paid = till.take("51.02")
    till.turns("good")
    ask_back(till, paid, "PRICE", "1.02")
    till.submit("button.danger")
    till.turns("good")
    assert server.wait().payment(paid).money is MoneyState.PART_REFUNDED
    ask_back(till, paid, "QUALITY")
    assert "退款 ¥50.00" in till.page.inner_text("button.danger")
    till.submit("button.danger")
    till.turns("good")
    assert server.wait().payment(paid).money is MoneyState.REFUNDED


def test_an_answer_that_was_lost_is_asked_for(till, server):
    server.face.play(Trick.CUT_AFTER)
    paid = till.take("51.03")
    assert till.tone() == "checking"
    look(till, server, "checking")
    # The machine asks by itself after some seconds: whoever comes later finds no button any more.
    till.page.evaluate("document.querySelector(`form[action$='/ask'] button`)?.click()")
    till.turns("good")
    assert server.wait().payment(paid).money is MoneyState.CAPTURED


def test_a_customer_who_does_not_confirm_is_let_go(till, server):
    server.face.play(Trick.WAITS)
    paid = till.take("51.04")
    assert till.tone() == "checking"
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    assert server.wait().payment(paid).money is MoneyState.REVERSED


def test_a_code_of_each_of_its_wallets_is_shown_and_paid(till, server):
    for nth, wallet in enumerate(server.manifest.code_wallets):
        paid = show(till, f"51.1{nth}", wallet)
        look(till, server, f"code-{wallet}")
        scan_and(server.wait(), paid)
        till.turns("good")
        assert server.wait().payment(paid).wallet == wallet


def test_a_card_is_taken_closed_and_given_back_where_there_is_a_terminal(till, server):
    till.go("/till/take")
    if "card_terminal" not in server.manifest.abilities:
        assert not till.page.is_visible("button.take-card")
        return
    paid = to_the_terminal(till, "51.30")
    at_the_terminal(server.wait(), paid)
    till.turns("good")
    ask_back(till, paid, "PRICE", "1.30")
    till.submit("button.danger")
    till.turns("good")
    ask_back(till, paid, "QUALITY")
    till.submit("button.danger")
    till.turns("good")
    assert server.wait().payment(paid).money is MoneyState.REFUNDED
    shown = to_the_terminal(till, "51.31")
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    at_the_terminal(server.wait(), shown)
    assert server.wait().payment(shown).money is MoneyState.REVERSED


def test_a_code_that_is_closed_cannot_be_paid_any_more(till, server):
    shown = show(till, "51.20", server.manifest.code_wallets[0])
    code = server.wait().payment(shown).code
    till.submit("form[action$='/withdraw'] button")
    till.turns("quiet")
    httpx.post(code, data={"do": "pay"})
    assert server.wait().payment(shown).money is MoneyState.REVERSED
