"""Only what is durable is signed, within a minute, and never anything that contradicts what was signed before."""

import asyncio
import base64
import shutil
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import select

from counterfoil.basis import Fault, Trouble
from counterfoil.evidence import (
    Archive,
    EvidenceState,
    Signer,
    check_at_start,
    checkpoint_of,
    checkpoints,
    growth,
    latest_checkpoint,
    log_size,
    newest_of,
    open_checkpoint,
    proof,
    tile,
    timeline,
    written_at,
)
from counterfoil.evidence.startup import Standing
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.tiles import Tile, parse_path
from counterfoil.evidence.tree import leaf_hash, root_of, verify_inclusion
from counterfoil.store import FateUnknown
from counterfoil.store.faults import UNREACHABLE

POSITIONS = [0, 1, 254, 255, 256, 599, 600]


def code(raised):
    return raised.value.kind.code


@pytest.fixture
async def running(house):
    async with house.running():
        await house.open_merchant()
        yield house


async def leaf_hashes(house, size):
    return await house.archive.leaf_hashes(1, 0, size)


async def test_the_signed_root_is_that_of_all_leaves(running):
    await running.sales(10)
    note = await running.signer.sign_now(1)
    checkpoint = open_checkpoint(note, running.verifier)
    assert (checkpoint.size, checkpoint.root) == (21, root_of(await leaf_hashes(running, 21)))
    assert note == await latest_checkpoint(running.store, 1)
    assert note == running.archive.checkpoint_file(1).read_bytes()


async def test_each_signing_extends_the_one_before_and_no_size_is_signed_twice(running):
    for _ in range(3):
        await running.sales(5)
        assert await running.signer.sign_all() == 1
        assert await running.signer.sign_all() == 0
    rows = await running.store.fetch(select(evidence_checkpoint.c.size, evidence_checkpoint.c.note))
    hashes = await leaf_hashes(running, 31)
    assert [row["size"] for row in rows] == [11, 21, 31]
    for row in rows:
        assert open_checkpoint(row["note"].encode(), running.verifier).root == root_of(hashes[: row["size"]])


async def test_the_signer_signs_what_grew_within_a_minute(running):
    signing = asyncio.create_task(running.signer.run())
    await running.sales(3)
    before = running.clock.micros
    while not await running.store.fetch(select(evidence_checkpoint.c.size).where(evidence_checkpoint.c.size == 7)):
        assert running.clock.micros - before < 60_000_000
        await asyncio.sleep(0)
    signing.cancel()


async def test_a_new_signer_goes_on_where_the_last_one_was(running):
    await running.sales(300)
    await running.signer.sign_all()
    await running.sales(3)
    running.archive = Archive(running.store, running.data_dir)
    assert await running.new_signer().sign_all() == 1
    assert not running.signer.states
    assert (await running.verify()).sound


async def test_full_tiles_become_files_and_lost_ones_are_written_again(running):
    await running.sales(300)
    await running.signer.sign_all()
    files = sorted(each.relative_to(running.tiles).as_posix() for each in running.tiles.rglob("*") if each.is_file())
    assert files == ["0/000", "0/001", "entries/000", "entries/001"]
    (running.tiles / "0" / "001").unlink()
    await running.sales(1)
    await running.signer.sign_all()
    assert (running.tiles / "0" / "001").read_bytes() == b"".join((await leaf_hashes(running, 512))[256:])


@pytest.mark.parametrize("position", POSITIONS)
async def test_a_proof_leads_from_any_leaf_to_the_signed_root(running, position):
    await running.sales(300)
    await running.signer.sign_all()
    await running.sales(1)
    header, index, *lines = (await proof(running.archive, 1, position)).decode().split("\n\n")[0].split("\n")
    hashes = [base64.b64decode(line) for line in lines]
    note = (await proof(running.archive, 1, position)).partition(b"\n\n")[2]
    checkpoint = open_checkpoint(note, running.verifier)
    leaf = leaf_hash((await running.archive.entries(1, position, position + 1))[0])
    assert (header, index) == ("c2sp.org/tlog-proof@v1", f"index {position}")
    assert verify_inclusion(leaf, position, checkpoint.size, hashes, checkpoint.root)


async def test_there_is_no_proof_before_the_signature(running):
    with pytest.raises(Fault) as raised:
        await proof(running.archive, 1, 0)
    assert code(raised) == "CF-5005"
    await running.signer.sign_now(1)
    await running.sales(1)
    with pytest.raises(Fault) as raised:
        await proof(running.archive, 1, 1)
    assert code(raised) == "CF-5005"


async def test_a_proof_that_a_damaged_tile_spoils_is_not_given_out(running):
    await running.sales(300)
    await running.signer.sign_all()
    file = running.tiles / "0" / "000"
    file.write_bytes(bytes(len(file.read_bytes())))
    with pytest.raises(Fault) as raised:
        await proof(Archive(running.store, running.data_dir), 1, 599)
    assert code(raised) == "CF-5004"


async def test_tiles_are_served_full_or_in_part_as_far_as_they_are_signed(running):
    await running.sales(300)
    await running.signer.sign_all()
    await running.sales(5)
    hashes = await leaf_hashes(running, 601)
    assert await tile(running.archive, 1, "0/001") == b"".join(hashes[256:512])
    assert await tile(running.archive, 1, "0/002.p/89") == b"".join(hashes[512:601])
    assert await tile(running.archive, 1, "1/000.p/2") == root_of(hashes[:256]) + root_of(hashes[256:512])
    bundle = await tile(running.archive, 1, "entries/002.p/1")
    assert leaf_hash(bundle[2:]) == hashes[512]
    assert int.from_bytes(bundle[:2], "big") == len(bundle) - 2


@pytest.mark.parametrize(
    "path", ["0/002", "0/002.p/90", "0/003.p/1", "1/000", "7/000", "00/000", "0/1", "0/000.p/0", "../checkpoint", ""]
)
async def test_tiles_that_are_not_there_are_refused(running, path):
    await running.sales(300)
    await running.signer.sign_all()
    with pytest.raises(Fault) as raised:
        await tile(running.archive, 1, path)
    assert code(raised) == "CF-5006"


def test_paths_are_written_in_one_way_only():
    for tile_ in [Tile(0, 0), Tile(1, 999), Tile(-1, 1_234_067, 17), Tile(3, 1000)]:
        assert parse_path(tile_.path) == tile_
    assert Tile(0, 1_234_067).path == "0/x001/x234/067"
    assert parse_path("0/x000/001") is None


async def test_the_timeline_of_a_payment_is_its_leaves_in_order(running):
    payments = await running.sales(3)
    told = await timeline(running.store, 1, payments[1])
    assert [leaf["type"] for _, leaf in told] == ["txn.sent", "txn.captured"]
    assert [leaf["rows"][0][:2] for _, leaf in told] == [["payment", [payments[1]]]] * 2


async def test_the_newest_leaves_of_a_subject_are_turned_back_page_by_page(running):
    payment = (await running.sales(2))[1]
    (newest,) = await newest_of(running.store, 1, payment, 1)
    assert newest[1]["type"] == "txn.captured"
    ((position, older),) = await newest_of(running.store, 1, payment, 5, newest[0])
    assert older["type"] == "txn.sent"
    assert await newest_of(running.store, 1, payment, 5, position) == []


async def test_growth_goes_from_the_first_leaf_to_the_last_and_never_back(running):
    assert await growth(running.store, 7) == []
    await running.sales(100)
    size = await log_size(running.store, 1)
    grown = await growth(running.store, 1)
    assert len(grown) == 64
    assert (grown[0].size, grown[-1].size) == (1, size)
    assert all(one.size < next_.size and one.at <= next_.at for one, next_ in pairwise(grown))
    assert await written_at(running.store, 1, size - 1) == grown[-1].at
    assert await written_at(running.store, 1, size) is None


async def test_checkpoints_are_listed_page_by_page_and_given_out_as_they_were_signed(running):
    for _ in range(3):
        await running.sales(1)
        await running.signer.sign_all()
    kept = await checkpoints(running.store, 1, 10)
    assert await checkpoints(running.store, 1, 10, kept[0].size) == kept[1:]
    note = await checkpoint_of(running.store, 1, kept[0].size)
    assert note == await latest_checkpoint(running.store, 1)
    assert await checkpoint_of(running.store, 1, kept[0].size + 1) is None


async def test_a_sound_log_is_sound_at_start(running):
    await running.sales(300)
    await running.signer.sign_all()
    await running.sales(3)
    assert await check_at_start(running.archive, running.key.public_key, running.uuid) == {}


async def test_a_database_put_back_to_an_earlier_day_is_rolled_back_and_not_signed(house):
    async with house.running():
        await house.open_merchant()
        await house.sales(5)
        await house.signer.sign_all()
    before = house.data_dir / "before.db"
    shutil.copy(house.data_dir / "counterfoil.db", before)
    async with house.running():
        await house.sales(5)
        await house.signer.sign_all()
    before.replace(house.data_dir / "counterfoil.db")
    async with house.running():
        states = await check_at_start(house.archive, house.key.public_key, house.uuid)
        assert states == {1: EvidenceState.EVIDENCE_ROLLED_BACK}
        assert states[1].fault().kind.code == "CF-5003"
        await house.sales(20)
        with pytest.raises(Fault) as raised:
            await house.signer.sign_now(1)
    assert code(raised) in {"CF-5003", "CF-5004"}


async def test_leaves_rewritten_since_the_checkpoint_are_seen_at_start(house):
    async with house.running():
        await house.open_merchant()
        await house.sales(5)
        await house.signer.sign_all()
        await house.sales(5)
    house.sql("UPDATE evidence_leaf SET entry = x'7b7d' WHERE position = 15")
    async with house.looking() as archive:
        states = await check_at_start(archive, house.key.public_key, house.uuid)
    assert states == {1: EvidenceState.EVIDENCE_CONTRADICTED}


async def test_a_forged_checkpoint_is_seen_at_start(house):
    async with house.running():
        await house.open_merchant()
        await house.signer.sign_all()
    house.sql("UPDATE evidence_checkpoint SET note = replace(note, '—', '-')")
    async with house.looking() as archive:
        states = await check_at_start(archive, house.key.public_key, house.uuid)
    assert states == {1: EvidenceState.EVIDENCE_CONTRADICTED}


class Refusing:
    """A store whose commits never become durable."""

    def __init__(self, store):
        self.store = store

    async def fetch(self, *asked):
        return await self.store.fetch(*asked)

    async def commit(self, change):
        raise FateUnknown(change.change_id)


async def test_nothing_is_published_of_a_checkpoint_that_was_not_committed(house):
    async with house.running():
        await house.open_merchant()
        await house.sales(130)
        signer = Signer(
            Refusing(house.store), house.archive, house.key, installation=house.uuid, clock=house.clock, ids=house.ids
        )
        with pytest.raises(FateUnknown):
            await signer.sign_all()
        assert not house.archive.checkpoint_file(1).exists()
        assert not house.tiles.exists()


class Away(Refusing):
    """A store that goes out of reach after some readings, and comes back."""

    def __init__(self, store, readings):
        super().__init__(store)
        self.readings = readings

    async def fetch(self, *asked):
        self.readings -= 1
        if self.readings < 0:
            raise UNREACHABLE()
        return await self.store.fetch(*asked)

    async def commit(self, change):
        return await self.store.commit(change)


@pytest.mark.parametrize("readings", range(1, 6))
async def test_a_database_out_of_reach_condemns_no_log(house, readings):
    async with house.running():
        await house.open_merchant()
        await house.sales(3)
        away = Away(house.store, readings)
        archive = Archive(away, house.data_dir)
        signer = Signer(away, archive, house.key, installation=house.uuid, clock=house.clock, ids=house.ids)
        with suppress(Trouble):
            await signer.sign_all()
        away.readings = 1000
        await signer.sign_all()
        assert dict(signer.states) == {}
        assert house.archive.checkpoint_file(1).exists()


class WithAGap(Away):
    """The newest leaf is not there any more."""

    async def fetch(self, *asked):
        rows = await self.store.fetch(*asked)
        return rows[:-1] if rows and "leaf_hash" in rows[0] else rows


async def test_a_gap_that_appears_in_one_log_is_its_own_state_and_stops_no_round(house):
    async with house.running():
        await house.open_merchant()
        gap = WithAGap(house.store, 0)
        signer = Signer(
            gap, Archive(gap, house.data_dir), house.key, installation=house.uuid, clock=house.clock, ids=house.ids
        )
        signer._signed[1] = Standing(EvidenceState.SOUND)
        assert await signer.sign_all() == 0
        assert dict(signer.states) == {1: EvidenceState.EVIDENCE_CONTRADICTED}
