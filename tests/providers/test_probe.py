"""Asking a provider whether it is there moves nothing, and tells a cable from a firewall from a wrong key."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterfoil.providers import Reach, active_accounts, probe
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.testing.house import MERCHANT, House, open_house


async def asked(house: House) -> Reach:
    accounts = await active_accounts(house.app.store, MERCHANT)
    lakala = next(one for one in accounts if one["provider"] == "lakala")
    return (await probe(house.app.accounts, lakala, house.app.clock)).reach


async def test_a_signed_answer_about_nobodys_order_is_good_and_leaves_no_trace(tmp_path: Path):
    async with open_house(tmp_path) as house:
        assert await asked(house) is Reach.GOOD
        assert list(house.sandbox.ledger.trades()) == []


@pytest.mark.parametrize(
    ("trick", "reach"),
    [
        (Trick.WRONG_SIGNATURE, Reach.UNSIGNED),
        (Trick.CUT_BEFORE, Reach.SILENT),
        (Trick.TROUBLE, Reach.TROUBLE),
    ],
)
async def test_how_far_a_question_came_is_told_apart(tmp_path: Path, trick: Trick, reach: Reach):
    async with open_house(tmp_path) as house:
        house.sandbox.mode = trick
        assert await asked(house) is reach


async def test_while_the_way_out_is_closed_nothing_is_reached_and_it_opens_by_itself(tmp_path: Path):
    async with open_house(tmp_path) as house:
        house.app.outage.begin(1)
        assert house.app.outage.seconds_left() == 1
        assert await asked(house) is Reach.UNREACHABLE
        house.app.outage.begin(0)
        assert house.app.outage.seconds_left() == 0
        assert await asked(house) is Reach.GOOD
