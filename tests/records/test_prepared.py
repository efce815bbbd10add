"""A prepared export is the list itself, its owner's alone, bounded, and gone after a day."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from functools import partial

import pytest

from counterfoil.basis import Refused
from counterfoil.evidence import timeline
from counterfoil.people import Role
from counterfoil.records import Find, export, note_export
from counterfoil.records.prepared import KEPT_MICROS, OF_A_PERSON_MAX, Exports
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.records.test_export import listed, many, of_csv


def making(house, asked, form):
    return lambda wrote: export(house.app.records, 1, asked, form, "en", now=0, wrote=wrote)


async def ended(made):
    await asyncio.wait_for(made.done.wait(), 100)
    return made


async def endless(gate, wrote):
    wrote(1)
    yield b"begun"
    await gate.wait()


async def test_ten_thousand_rows_prepared_equal_the_list(tmp_path, long):
    async with open_house(tmp_path) as house:
        await many(house, 50_000 if long else 10_000, house.app.ids.uuid)
        items = await listed(house)
        exports = house.app.records.exports
        made = await ended(exports.begin(house.actor(), "csv", len(items), making(house, Find(), "csv")))
        assert (made.state, made.rows, made.total) == ("ready", len(items), len(items))
        rows = of_csv(made.path.read_bytes())
        at = rows[0].index("Order number")
        assert [row[at] for row in rows[1:]] == [one.order_no for one in items]
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700


async def test_a_prepared_file_is_its_owners_alone_and_goes_after_a_day(tmp_path):
    clock = ManualClock()
    async with open_house(tmp_path, clock=clock) as house:
        exports, mine, theirs = house.app.records.exports, house.actor(), house.actor(Role.ADMINISTRATOR)
        made = await ended(exports.begin(mine, "csv", 0, making(house, Find(), "csv")))
        assert [one.id for one in exports.of(mine)] == [made.id]
        assert exports.of(theirs) == []
        for act in (exports.one, exports.drop):
            with pytest.raises(Refused) as refused:
                act(theirs, made.id)
            assert refused.value.kind.code == "CF-3208"
        await clock.advance(KEPT_MICROS // 1_000_000)
        assert exports.of(mine) == []
        assert not made.path.exists()


async def test_exports_of_a_person_are_bounded_and_stop_when_told(tmp_path):
    async with open_house(tmp_path) as house:
        exports, mine, gate = house.app.records.exports, house.actor(), asyncio.Event()
        begun = [exports.begin(mine, "csv", 9, partial(endless, gate)) for _ in range(OF_A_PERSON_MAX)]
        with pytest.raises(Refused) as refused:
            exports.begin(mine, "csv", 9, partial(endless, gate))
        assert refused.value.kind.code == "CF-3209"
        await asyncio.sleep(0.05)
        assert [one.state for one in begun].count("running") == 2
        exports.drop(mine, begun[0].id)
        await ended(begun[0])
        assert not begun[0].path.exists()
    assert not [one for one in begun if one.path.exists()]


async def test_what_a_server_left_that_broke_off_goes_after_its_day_and_no_other_servers_files(tmp_path):
    async with open_house(tmp_path) as house:
        now, folder = house.app.clock.now(), tmp_path / "left"
        old, other = folder / f"{now - 3 * KEPT_MICROS}-old", folder / f"{now}-other"
        for each in (old, other):
            each.mkdir(parents=True)
            (each / "one.csv").write_text("left")
        Exports(folder, house.app.clock, house.app.ids)
        assert list(folder.iterdir()) == [other]


async def test_an_export_is_a_fact_with_its_count_and_the_digest_of_its_question(day):
    house, _, _ = day
    actor = house.actor()
    await note_export(house.app.records, actor, Find(number="6225880112345678"), "xlsx", 7)
    leaf = [leaf for _, leaf in await timeline(house.app.store, 1, actor.person_id)][-1]
    assert (leaf["type"], leaf["count"], leaf["form"]) == ("records.exported", 7, "xlsx")
    assert len(leaf["filter_sha256"]) == len(hashlib.sha256().hexdigest())
    assert "6225880112345678" not in str(leaf)
