"""A supervisor's password on their day off is refused, and the log shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from counterfoil.basis import from_rfc3339, local_time
from counterfoil.demo import open_demonstration
from counterfoil.demo.cast import OWNER, supervisor_number
from counterfoil.demo.circumstances import leave
from counterfoil.demo.history_clock import HistoryClock, HistoryEntropy
from counterfoil.demo.shops import ZONE
from counterfoil.demo.staff_changes import Company, StaffChanges
from counterfoil.demo.state import NAME
from counterfoil.evidence import timeline
from counterfoil.people import ALLOWED, Actor, Role, person_by_number
from counterfoil.testing.clock import ManualClock

UNTIL = from_rfc3339("2026-11-21T16:20:00+08:00")
TODAY = local_time(UNTIL, ZONE).date()
SHOP, DAY = leave(TODAY)


@pytest.fixture
async def company(tmp_path):
    async with open_demonstration(tmp_path / "data", payments=1, clock=ManualClock(UNTIL)) as opened:
        owner = await person_by_number(opened.app.store, opened.merchant_id, OWNER)
        clock = HistoryClock(UNTIL)
        yield Company(
            means=replace(opened.app.people, clock=clock),
            clock=clock,
            entropy=HistoryEntropy("x"),
            actor=Actor(
                merchant_id=opened.merchant_id,
                person_id=owner.id,
                permissions=ALLOWED[Role.ADMINISTRATOR],
                auth="pin",
            ),
            passwords=json.loads((tmp_path / "data" / NAME).read_text())["passwords"],
        )


async def said_of_the_supervisor(company):
    store, merchant_id = company.means.store, company.actor.merchant_id
    person = await person_by_number(store, merchant_id, supervisor_number(SHOP))
    said = [said for _, said in await timeline(store, merchant_id, person.id)]
    return [each for each in said if each["type"] not in {"person.added", "grant.made", "login.changed"}]


async def test_it_is_refused_until_the_number_is_locked_and_the_supervisor_comes_back(company):
    changes = StaffChanges(company, DAY - timedelta(days=1), TODAY)
    assert len(changes.times()) == 3
    await changes.happen(UNTIL)
    said = await said_of_the_supervisor(company)
    assert [each["type"] for each in said] == ["person.disabled", "person.locked", "person.enabled"]
    assert said[1]["number"] == supervisor_number(SHOP)
    assert [each["ts"] for each in said] == sorted(each["ts"] for each in said)
    assert local_time(from_rfc3339(said[1]["ts"]), ZONE).date() == DAY


async def test_what_has_happened_does_not_happen_again(company):
    for _ in range(2):
        await StaffChanges(company, DAY - timedelta(days=1), TODAY).happen(UNTIL)
    assert len(await said_of_the_supervisor(company)) == 3


async def test_what_lies_before_the_opening_never_happens(company):
    changes = StaffChanges(company, DAY, TODAY)
    assert not changes.due(UNTIL)
