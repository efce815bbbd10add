"""Who did what, read from the log: filters, pages, stretches, and the shops that somebody may see."""

from __future__ import annotations

import pytest

from counterfoil.activity import GROUPS, Asked, activity, group_of, note_export
from counterfoil.basis import MICROS, Refused
from counterfoil.evidence import registry
from counterfoil.people import Refusals, rename_shop, write_refusals

FOREVER = 2**51


def asked(place, **more):
    shop_of = {terminal.id: shop.id for terminal, shop in place.terminals}
    return Asked(**{"since": 0, "until": FOREVER, "shop_of": shop_of, **more})


async def seen(place, rows=200, **more):
    found = await activity(place.means.store, place.merchant_id, asked(place, **more), rows=rows)
    return [leaf.said["type"] for leaf in found.leaves]


async def test_every_line_is_an_entry_of_the_log_newest_first(place):
    await place.sign_in("01")
    found = await activity(place.means.store, place.merchant_id, asked(place), rows=1000)
    positions = [leaf.position for leaf in found.leaves]
    assert positions == list(range(len(await place.leaves())))[::-1]
    assert (found.older, found.leaves[0].said["type"]) == (None, "person.signed_in")


async def test_filters_of_person_act_and_place(place, staff, did):
    await did("SENT", "01", 3)
    await did("VOIDING", "02", 2, at="3", approver=staff["80"])
    assert await seen(place, person_id=staff["01"], group="payments") == ["txn.sent"] * 3
    assert await seen(place, person_id=staff["80"], group="money_back") == ["txn.voiding"] * 2
    assert await seen(place, terminal_id=place.at("3"), group="money_back") == ["txn.voiding"] * 2
    second = next(shop.id for terminal, shop in place.terminals if terminal.number == "3")
    assert set(await seen(place, shop_id=second)) == {"txn.voiding", "terminal.opened", "shop.opened"}
    assert await seen(place, shop_id=second, group="payments") == []
    assert await seen(place, group="nothing of the kind") == []


async def test_what_was_refused_is_found_too(place, staff):
    actor, refusals = (await place.sign_in("01")).actor, Refusals(place.means.clock)
    with pytest.raises(Refused) as told:
        await rename_shop(place.means, actor, place.terminals[0][1].id, "x")
    refusals.note(actor, "rename_shop", told.value)
    await write_refusals(place.means, refusals, everything=True)
    found = await activity(place.means.store, place.merchant_id, asked(place, group="refused"))
    assert [leaf.said["code"] for leaf in found.leaves] == ["CF-2021"]
    assert await seen(place, group="refused", person_id=staff["02"]) == []


async def test_whoever_may_see_one_shop_sees_nothing_of_another_or_of_none(place, did):
    await did("SENT", "01", at="1")
    await did("VOIDING", "01", at="3")
    second = next(shop.id for terminal, shop in place.terminals if terminal.number == "3")
    assert set(await seen(place, shops=frozenset({second}))) == {"txn.voiding", "terminal.opened", "shop.opened"}
    assert await seen(place, shops=frozenset()) == []


async def test_days_are_cut_to_the_moment(place, did):
    await place.means.clock.advance(1)
    await did("SENT", "01")
    at = place.means.clock.now()
    await place.means.clock.advance(1)
    await did("VOIDING", "01")
    assert await seen(place, since=at, until=at + 1 * MICROS) == ["txn.sent"]
    assert (await seen(place, since=at))[:2] == ["txn.voiding", "txn.sent"]
    assert await seen(place, since=at + 2 * MICROS) == []


async def test_pages_meet_without_gap_or_repeat(place, did):
    await did("SENT", "01", 40)
    whole, pages, before = await seen(place, rows=1000), [], None
    while True:
        page = await activity(place.means.store, place.merchant_id, asked(place), before=before, rows=7)
        pages += page.leaves
        before = page.older
        if before is None:
            break
    assert [leaf.said["type"] for leaf in pages] == whole


async def test_what_is_rare_is_looked_for_a_stretch_at_a_time(place, did):
    await did("VOIDING", "01")
    await did("SENT", "01", 48)
    ask, before, stretches = asked(place, group="money_back"), None, []
    for _ in range(3):
        found = await activity(place.means.store, place.merchant_id, ask, before=before, stretch=20)
        stretches.append(found)
        before = found.older
    assert [len(one.leaves) for one in stretches] == [0, 0, 1]
    assert all(one.older is not None and one.reached for one in stretches[:2])


async def test_another_merchants_acts_are_not_seen(place, other, did):
    await did("VOIDING", "01")
    assert await seen(other, group="money_back") == []


def test_every_kind_of_fact_belongs_to_a_group_that_can_be_chosen():
    assert [tag for tag in registry() if group_of(tag) not in GROUPS] == []
    assert group_of("something.new") == "other"


async def test_taking_it_along_is_a_fact_and_needs_the_permission(place):
    admin, cashier = (await place.sign_in("99")).actor, (await place.sign_in("01")).actor
    await note_export(place.means, admin, form="activity", first="2026-11-01", last="2026-11-07")
    assert '"type":"activity.exported"' in (await place.leaves())[-1]
    with pytest.raises(Refused) as told:
        await note_export(place.means, cashier, form="people", first="2026-11-01", last="2026-11-07", count=3)
    assert told.value.kind.code == "CF-2021"
