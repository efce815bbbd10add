"""A prepared export is the list itself, its owner's alone, bounded, and gone after a day."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from functools import partial

import pytest

from counterfoil.basis import Board, Refused
from counterfoil.evidence import timeline
from counterfoil.people import Role
from counterfoil.records import Find, export, note_export
from counterfoil.records.prepared import KEPT_MICROS, OF_A_PERSON_MAX, Exports
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.records.test_export import listed, many, of_csv


def making(house, asked, form):
    return lambda wrote: export(house.app.records, 1, asked, form, "en", now=0, wrote=wrote)


async def ended(house, made):
    await asyncio.wait_for(house.app.records.exports.ended(made.id), 100)
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
        made = await ended(house, exports.begin(house.actor(), "csv", len(items), making(house, Find(), "csv")))
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
        made = await ended(house, exports.begin(mine, "csv", 0, making(house, Find(), "csv")))
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
        while [one.state for one in begun].count("running") < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert [one.state for one in begun].count("running") == 2
        exports.drop(mine, begun[0].id)
        await ended(house, begun[0])
        assert not begun[0].path.exists()
    assert not [one for one in begun if one.path.exists()]


def another_process(house):
    board = Board(house.app.data / "processes", house.app.ids.uuid())
    return board, Exports(board, house.app.clock, house.app.ids)


async def test_every_process_of_the_server_finds_an_export_and_any_can_stop_it(tmp_path):
    async with open_house(tmp_path) as house:
        mine, gate = house.actor(), asyncio.Event()
        board, theirs = another_process(house)
        done = theirs.begin(mine, "csv", 0, making(house, Find(), "csv"))
        await theirs.ended(done.id)
        going = theirs.begin(mine, "csv", 9, partial(endless, gate))
        ours = house.app.records.exports
        while going.state != "running" or len(ours.of(mine)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert {one.id: one.state for one in ours.of(mine)} == {done.id: "ready", going.id: "running"}
        assert ours.one(mine, done.id).path.read_bytes() == done.path.read_bytes()
        assert ours.of(house.actor(Role.ADMINISTRATOR)) == []
        for one in (going, done):
            ours.drop(mine, one.id)
        gate.set()
        await theirs.ended(going.id)
        assert (ours.of(mine), theirs.of(mine)) == ([], [])
        assert not done.path.exists()
        assert not going.path.exists()
        board.close()


async def test_exports_go_with_the_process_that_made_them(tmp_path):
    async with open_house(tmp_path) as house:
        mine = house.actor()
        board, theirs = another_process(house)
        made = theirs.begin(mine, "csv", 0, making(house, Find(), "csv"))
        await theirs.ended(made.id)
        assert len(house.app.records.exports.of(mine)) == 1
        board.close()
        assert house.app.records.exports.of(mine) == []
        assert not made.path.exists()


async def test_an_export_is_a_fact_with_its_count_and_the_digest_of_its_question(day):
    house, _, _ = day
    actor = house.actor()
    await note_export(house.app.records, actor, Find(number="6225880112345678"), "xlsx", 7)
    leaf = [leaf for _, leaf in await timeline(house.app.store, 1, actor.person_id)][-1]
    assert (leaf["type"], leaf["count"], leaf["form"]) == ("records.exported", 7, "xlsx")
    assert len(leaf["filter_sha256"]) == len(hashlib.sha256().hexdigest())
    assert "6225880112345678" not in str(leaf)
