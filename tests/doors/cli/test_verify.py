"""verify says yes to a demonstration, and names what was changed behind its back."""

from __future__ import annotations

import asyncio
import json

import apsw
import pytest

from counterfoil.payments import take
from counterfoil.testing.house import open_house


def sql(folder, text):
    connection = apsw.Connection(str(folder / "counterfoil.db"), vfs="unix")
    try:
        connection.execute(text)
        return connection.changes()
    finally:
        connection.close()


def edit_an_amount(folder):
    where = "SELECT rowid FROM payment WHERE money = 'captured' ORDER BY taken_at LIMIT 1 OFFSET 700"
    assert sql(folder, f"UPDATE payment SET amount_minor = amount_minor + 100 WHERE rowid IN ({where})") == 1  # noqa: S608


def delete_a_row(folder):
    where = "SELECT rowid FROM payment WHERE method = 'cash' ORDER BY taken_at LIMIT 1 OFFSET 20"
    assert sql(folder, f"PRAGMA foreign_keys = OFF; DELETE FROM payment WHERE rowid IN ({where})") == 1  # noqa: S608


def cut_the_tail(folder):
    assert sql(folder, "DELETE FROM evidence_leaf WHERE position > (SELECT max(position) - 5 FROM evidence_leaf)") == 5


def replace_a_tile(folder):
    tile = folder / "evidence" / "1" / "tile" / "0" / "003"
    raw = bytearray(tile.read_bytes())
    raw[40] ^= 1
    tile.write_bytes(raw)


def test_the_demonstration_holds(run, kept):
    told = run("verify", "--data", str(kept.folder), "--json")
    assert told.exit_code == 0
    assert told.stdout.count("\n") == 1
    said = json.loads(told.stdout)
    assert said["sound"]
    assert said["findings"] == []
    # An entry for each of its 2,000 payments at the least; most have two.
    assert said["leaves"] > 3000
    assert said["rows"] > 2000
    assert said["checkpoints"] >= 1


def test_a_person_is_told_in_both_languages(run, kept):
    assert "Everything holds" in run("verify", "--data", str(kept.folder), "--lang", "en").stdout
    assert "核验通过" in run("verify", "--data", str(kept.folder), "--lang", "zh-CN").stdout


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (edit_an_amount, "ROW_CHANGED"),
        (delete_a_row, "ROW_MISSING"),
        (cut_the_tail, "LEAF_MISSING"),
        (replace_a_tile, "TILE_DIFFERS"),
    ],
)
def test_what_was_changed_is_named(run, copy, damage, found):
    damage(copy)
    told = run("verify", "--data", str(copy), "--json")
    assert told.exit_code == 1
    (finding,) = json.loads(told.stdout)["findings"]
    assert finding["found"] == found
    plain = run("verify", "--data", str(copy))
    assert plain.exit_code == 1
    assert plain.stdout.startswith(f"{found}: ")


def test_all_that_was_changed_is_named_on_request(run, copy):
    edit_an_amount(copy)
    delete_a_row(copy)
    replace_a_tile(copy)
    told = run("verify", "--data", str(copy), "--all", "--json")
    assert told.exit_code == 1
    assert {each["found"] for each in json.loads(told.stdout)["findings"]} == {
        "ROW_CHANGED",
        "ROW_MISSING",
        "TILE_DIFFERS",
    }


def test_the_key_may_be_brought_along(run, copy, tmp_path):
    public = tmp_path / "copy.keys" / "log_key.pub.pem"
    assert run("verify", "--data", str(copy), "--keys", str(public)).exit_code == 0
    assert run("verify", "--data", str(copy), "--keys", str(public.parent)).exit_code == 0


def test_a_database_on_postgresql_is_verified_by_its_address(run, tmp_path, postgres_address):
    asyncio.run(trade(tmp_path, postgres_address))
    told = run("verify", "--data", str(tmp_path / "data"), "--database", postgres_address, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["rows"] > 5


async def trade(folder, address):
    async with open_house(folder, database=address) as house:
        await take(house.app.payments, house.actor(), house.cash_payment())
        await house.app.signer.sign_all()


def test_another_key_verifies_nothing(run, copy, tmp_path):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    foreign = tmp_path / "foreign.pem"
    public = Ed25519PrivateKey.generate().public_key()
    foreign.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    told = run("verify", "--data", str(copy), "--keys", str(foreign), "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["findings"][0]["found"] == "CHECKPOINT_FORGED"


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "没有数据文件"), ("en", "There is no data file")])
def test_no_data_is_a_fault_in_three_sentences(run, tmp_path, language, word):
    told = run("verify", "--data", str(tmp_path / "nowhere"), "--lang", language)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert word in told.stderr
    assert told.stderr.count("\n") == 3
    told = run("verify", "--data", str(tmp_path / "nowhere"), "--lang", language, "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["code"] == "CF-6007"
