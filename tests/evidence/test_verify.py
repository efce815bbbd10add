"""Whatever is done to the records past the program is named by ``verify``, with its place."""

import asyncio
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counterfoil.evidence import Checkpoint, Finding, Found, origin_of
from counterfoil.evidence.tree import EMPTY_ROOT, append, encode_frontier
from tests.evidence.conftest import OPENED

CHECKPOINT_OF_300 = "INSERT INTO evidence_checkpoint VALUES (1, 300, ?, 0, 'by_age', 1, 'x')"


@pytest.fixture
async def signed(house):
    """300 payments, 601 leaves, signed, two tiles full; then stopped. The payments' ids."""
    async with house.running():
        await house.open_merchant()
        house.payments = await house.sales(300)
        await house.signer.sign_all()
    return house


def found(report):
    return [each.found for each in report.findings]


async def test_untouched_records_are_sound(signed):
    report = await signed.verify()
    assert report.sound, report.findings[:3]
    assert (report.leaves, report.rows, report.checkpoints, report.tiles) == (601, 305, 1, 4)


async def test_one_merchants_log_is_looked_at_alone(signed):
    seen = []
    report = await signed.verify(only=1, on_progress=lambda done, of: seen.append((done, of)))
    assert report.sound
    assert (report.merchants, report.leaves) == (1, 601)
    assert seen[-1] == (601, 601)
    signed.sql("UPDATE merchant SET name = 'other'")
    assert (await signed.verify(only=1)).sound
    signed.sql("UPDATE payment SET amount_minor = amount_minor - 1 WHERE id = ?", signed.payments[7])
    assert found(await signed.verify(only=1)) == [Found.ROW_CHANGED]
    assert (await signed.verify(only=2)).leaves == 0


async def test_an_edited_amount_is_named(signed):
    changed = signed.payments[7]
    signed.sql("UPDATE payment SET amount_minor = amount_minor - 1 WHERE id = ?", changed)
    report = await signed.verify()
    assert [(each.found, each.table, each.key) for each in report.findings] == [
        (Found.ROW_CHANGED, "payment", (changed,))
    ]
    assert changed in report.findings[0].tell("en")
    assert changed in report.findings[0].tell("zh-CN")


async def test_a_deleted_row_is_named(signed):
    gone = signed.payments[8]
    signed.sql("DELETE FROM payment WHERE id = ?", gone)
    report = await signed.verify()
    assert [(each.found, each.table, each.key) for each in report.findings] == [(Found.ROW_MISSING, "payment", (gone,))]


async def test_a_row_without_a_fact_is_named(signed):
    signed.sql("UPDATE payment SET id = 'ffffffff-0000-7000-8000-000000000000' WHERE id = ?", signed.payments[9])
    assert sorted(found(await signed.verify())) == [Found.ROW_MISSING, Found.ROW_WITHOUT_FACT]


async def test_an_edited_row_that_belongs_to_no_one_merchant_is_named(signed):
    signed.sql("UPDATE merchant SET name = 'other'")
    report = await signed.verify()
    assert [(each.found, each.table, each.key) for each in report.findings] == [(Found.ROW_CHANGED, "merchant", (1,))]


async def test_a_changed_personal_value_is_named_and_an_erased_one_is_not(signed):
    signed.sql("UPDATE person SET name = '王五'")
    report = await signed.verify()
    assert [(each.found, each.why) for each in report.findings] == [(Found.COMMITMENT_DIFFERS, "name")]
    signed.sql("UPDATE person SET name = NULL, name_salt = NULL")
    assert (await signed.verify()).sound


async def test_a_cut_tail_is_named_though_the_head_was_made_to_fit(signed):
    size, frontier = await _head_at(signed, 590)
    signed.sql("DELETE FROM evidence_leaf WHERE position >= ?", size)
    signed.sql("UPDATE evidence_head SET size = ?, frontier = ?", size, frontier)
    report = await signed.verify(all_=False)
    assert [(each.found, each.size) for each in report.findings] == [(Found.CHECKPOINT_BEYOND_HEAD, 601)]


async def test_a_log_stripped_of_everything_signed_is_named_unless_it_is_young(signed):
    signed.sql("DELETE FROM evidence_checkpoint")
    shutil.rmtree(signed.data_dir / "evidence" / "1")
    assert found(await signed.verify()) == []
    await signed.clock.sleep(3600)
    assert found(await signed.verify()) == [Found.NOTHING_SIGNED]


async def test_a_cut_tail_is_named_by_the_copy_in_the_file_and_by_the_tiles(signed):
    size, frontier = await _head_at(signed, 500)
    signed.sql("DELETE FROM evidence_leaf WHERE position >= ?", size)
    signed.sql("UPDATE evidence_head SET size = ?, frontier = ?", size, frontier)
    signed.sql("DELETE FROM evidence_checkpoint")
    (signed.data_dir / "evidence" / "1" / "checkpoint").unlink()
    named = [each.path for each in (await signed.verify()).findings if each.found is Found.TILE_BEYOND_HEAD]
    assert named == ["evidence/1/tile/0/001", "evidence/1/tile/entries/001"]


async def test_a_missing_leaf_is_named(signed):
    signed.sql("DELETE FROM evidence_leaf WHERE position = 300")
    report = await signed.verify(all_=False)
    assert [(each.found, each.position) for each in report.findings] == [(Found.LEAF_MISSING, 300)]


async def test_missing_leaves_at_the_end_are_named(signed):
    signed.sql("DELETE FROM evidence_leaf WHERE position >= 599")
    report = await signed.verify(all_=False)
    assert [(each.found, each.position) for each in report.findings] == [(Found.LEAF_MISSING, 599)]


async def test_a_leaf_behind_the_head_is_named(signed):
    signed.sql("INSERT INTO evidence_leaf SELECT 1, 601, subject, entry, leaf_hash FROM evidence_leaf WHERE position=5")
    assert found(await signed.verify()) == [Found.LEAF_BEYOND_HEAD]


async def test_a_flipped_byte_of_a_leaf_is_named(signed):
    (entry,) = signed.sql("SELECT entry FROM evidence_leaf WHERE position = 400")[0]
    signed.sql("UPDATE evidence_leaf SET entry = ? WHERE position = 400", entry.replace(b"CNY", b"CNX"))
    report = await signed.verify(all_=False)
    assert [(each.found, each.position) for each in report.findings] == [(Found.LEAF_CHANGED, 400)]


async def test_a_leaf_rewritten_with_its_hash_is_found_by_tile_root_and_head(signed):
    (other,) = signed.sql("SELECT leaf_hash FROM evidence_leaf WHERE position = 401")
    signed.sql("UPDATE evidence_leaf SET entry = (SELECT entry FROM evidence_leaf WHERE position = 401), leaf_hash = ?"
               " WHERE position = 400", other[0])  # fmt: skip
    report = await signed.verify()
    assert {Found.TILE_DIFFERS, Found.CHECKPOINT_ROOT, Found.HEAD_DIFFERS} <= set(found(report))
    tile = next(each for each in report.findings if each.path == "evidence/1/tile/0/001")
    assert tile.position == 400


@pytest.mark.parametrize("path", ["0/000", "entries/001"])
async def test_a_replaced_tile_is_named(signed, path):
    file = signed.tiles / path
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    report = await signed.verify()
    assert [(each.found, each.path) for each in report.findings] == [(Found.TILE_DIFFERS, f"evidence/1/tile/{path}")]


async def test_a_missing_tile_is_named_where_a_later_one_is_there(signed):
    (signed.tiles / "0" / "000").unlink()
    report = await signed.verify()
    assert [(each.found, each.path) for each in report.findings] == [(Found.TILE_MISSING, "evidence/1/tile/0/000")]


async def test_a_checkpoint_of_another_key_is_named(signed):
    forged = Checkpoint(origin_of(signed.uuid, 1), 300, EMPTY_ROOT).signed(Ed25519PrivateKey.generate())
    signed.sql(CHECKPOINT_OF_300, forged.decode())
    report = await signed.verify()
    assert [(each.found, each.size) for each in report.findings] == [(Found.CHECKPOINT_FORGED, 300)]


async def test_a_checkpoint_of_our_key_over_another_tree_is_named(signed):
    note = signed.key.sign(Checkpoint(origin_of(signed.uuid, 1), 300, EMPTY_ROOT))
    signed.sql(CHECKPOINT_OF_300, note.decode())
    report = await signed.verify()
    assert [(each.found, each.size) for each in report.findings] == [(Found.CHECKPOINT_ROOT, 300)]


async def test_a_checkpoint_of_another_log_is_named(signed):
    note = signed.key.sign(Checkpoint(origin_of(signed.uuid, 2), 601, EMPTY_ROOT))
    signed.sql("UPDATE evidence_checkpoint SET note = ?", note.decode())
    assert Found.CHECKPOINT_FORGED in found(await signed.verify())


async def test_another_public_key_fits_no_signature(signed):
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert Found.CHECKPOINT_FORGED in found(await signed.verify(public_key=other))


async def test_an_edited_head_is_named(signed):
    signed.sql("UPDATE evidence_head SET frontier = zeroblob(length(frontier))")
    assert found(await signed.verify()) == [Found.HEAD_DIFFERS]


async def test_a_subject_column_that_says_other_than_its_leaf_is_named(signed):
    signed.sql("UPDATE evidence_leaf SET subject = ? WHERE position = 3", signed.payments[200])
    report = await signed.verify()
    assert [(each.found, each.position) for each in report.findings] == [(Found.LEAF_SUBJECT, 3)]


async def test_a_log_whose_head_was_taken_away_is_looked_at(signed):
    signed.sql("DELETE FROM evidence_head")
    assert Found.LEAF_BEYOND_HEAD in found(await signed.verify())


async def test_leaves_from_the_future_are_named(signed):
    report = await signed.verify(now=1)
    assert set(found(report)) == {Found.LEAF_TIME}


async def test_it_ends_at_the_first_finding_unless_all_are_asked_for(signed):
    signed.sql("UPDATE payment SET amount_minor = 1")
    assert len((await signed.verify(all_=False)).findings) == 1
    assert len((await signed.verify()).findings) == 300


@pytest.mark.parametrize("kind", Found)
def test_every_finding_is_told_in_both_languages(kind):
    finding = Finding(kind, 1, "payment", ("k",), 7, "evidence/1/tile/0/000", 9, "because")
    assert finding.tell("en").isascii()
    assert not finding.tell("zh-CN").isascii()
    assert "None" not in finding.tell("en") + finding.tell("zh-CN")


async def test_progress_is_told_up_to_the_whole(signed):
    told = []
    assert (await signed.verify(on_progress=lambda *done: told.append(done))).sound
    assert told[-1] == (601, 601)
    assert told == sorted(told)


async def test_a_merchant_without_any_fact_is_named(signed):
    signed.sql("INSERT INTO merchant SELECT 2, name, zone, currency, made_at, 1, last_change FROM merchant")
    report = await signed.verify()
    assert [(each.found, each.table, each.key) for each in report.findings] == [
        (Found.ROW_WITHOUT_FACT, "merchant", (2,))
    ]


async def test_logs_of_two_merchants_do_not_mix(house):
    async with house.running():
        await house.open_merchant()
        await house.store.commit(house.change(facts=(OPENED.fact(at=house.clock.now()),), merchant_id=0))
        await house.store.commit(house.change(facts=(OPENED.fact(at=house.clock.now()),), merchant_id=2))
        assert await house.signer.sign_all() == 3
    report = await house.verify()
    assert (report.findings, report.merchants, report.leaves, report.checkpoints) == ([], 3, 3, 3)


async def test_it_may_run_beside_a_server_that_takes_payments(house):
    async with house.running():
        await house.open_merchant()
        await house.sales(50)
        taking = asyncio.create_task(_take_for_a_while(house))
        reports = [await house.verify() for _ in range(20)]
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        assert [each.findings for each in reports] == [[]] * 20
        assert reports[-1].leaves > reports[0].leaves


async def _take_for_a_while(house):
    while True:
        await house.sales(5)
        await house.signer.sign_all()
        await asyncio.sleep(0)


async def _head_at(house, size):
    """The head as somebody would forge it who knows how heads are made."""
    frontier = []
    for position, (leaf,) in enumerate(
        house.sql("SELECT leaf_hash FROM evidence_leaf ORDER BY position LIMIT ?", size)
    ):
        append(position, frontier, leaf)
    return size, encode_frontier(frontier)


async def test_a_row_without_a_fact_behind_a_thousand_others_is_named(house):
    async with house.running():
        await house.open_merchant()
        ours = await house.sales(1001)
    house.sql("UPDATE payment SET id = 'ffffffff-0000-7000-8000-000000000000' WHERE id = ?", ours[-1])
    report = await house.verify()
    assert sorted(found(report)) == [Found.ROW_MISSING, Found.ROW_WITHOUT_FACT]
