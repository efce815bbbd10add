"""Settings entered in a form: tried before they are kept, sealed, never told again."""

from __future__ import annotations

import json
import re

import pytest

from counterfoil.basis import NotOpened, Refused, SystemEntropy, add_key, open_vault
from counterfoil.evidence import newest_of
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers import Part, account_by_name, shown
from counterfoil.testing.house import MERCHANT, open_house
from tests.channels.stage import enter, lakala, typed


async def code_of(waiting):
    with pytest.raises(Refused) as refused:
        await waiting
    for language in ("zh-CN", "en"):
        assert "{" not in refused.value.tell(language).what
    return refused.value.kind.code, refused.value.field


async def test_what_was_entered_takes_payments_and_the_settings_file_counts_no_more(house):
    checked = await enter(house, typed(house))
    assert checked.good
    assert checked.took_ms is not None
    assert [one.right for one in checked.parts] == [True] * len(Part)
    row = await lakala(house)
    assert row["settings_at"] is not None
    assert b"PRIVATE" not in bytes(row["sealed_settings"])
    paid = await take(house.app.payments, house.actor(), house.code_payment())
    assert paid.money is MoneyState.CAPTURED


async def test_nothing_is_kept_that_the_provider_did_not_answer(house):
    for told, part, code in (
        ({"base_url": "http://127.0.0.1:9"}, Part.NETWORK, "CF-4275"),
        ({"appid": "OP99999999"}, Part.ANSWER, "CF-4277"),
    ):
        checked = await enter(house, typed(house) | told)
        assert not checked.good
        assert checked.fault.kind.code == code
        assert next(one for one in checked.parts if one.fault).part is part
    assert (await lakala(house))["sealed_settings"] is None


async def test_a_secret_left_blank_stays_as_it_was(house):
    assert (await enter(house, typed(house))).good
    again = typed(house) | {"private_key": "", "platform_certs": "", "code_minutes": "7"}
    assert (await enter(house, again)).good
    assert house.app.accounts.settings(await lakala(house))["code_minutes"] == "7"


async def test_spaces_pasted_around_a_key_are_taken_off(house):
    told = {key: f" \u3000\ufeff{value}\u200b \n" for key, value in typed(house).items()}
    told["private_key"] = "\ufeff" + "".join(f"  {line} \t\r\n" for line in typed(house)["private_key"].splitlines())
    assert (await enter(house, told)).good
    kept = house.app.accounts.settings(await lakala(house))
    assert all(value == value.strip() for key, value in kept.items() if key not in ("private_key", "platform_certs"))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"private_key": "/etc/passwd"}, "CF-4280"),
        ({"platform_certs": "cert.pem"}, "CF-4280"),
        ({"appid": "OP\n1"}, "CF-4222"),
        ({"appid": ""}, "CF-4202"),
        ({"base_url": "http://203.0.113.7/"}, "CF-4205"),
        ({"request_ip": "shop"}, "CF-4223"),
        ({"code_minutes": "99"}, "CF-4211"),
    ],
)
async def test_what_cannot_be_used_is_named_by_its_field(house, told, code):
    assert await code_of(enter(house, typed(house) | told)) == (code, next(iter(told)))


async def test_only_who_manages_channels_may(house):
    assert (await code_of(enter(house, typed(house), role=Role.SUPERVISOR)))[0] == "CF-2021"


async def test_neither_the_log_nor_what_is_shown_holds_a_secret(house):
    told = typed(house)
    assert (await enter(house, told)).good
    row = await lakala(house)
    leaves = [leaf for _, leaf in await newest_of(house.app.store, MERCHANT, row["id"], 9, None)]
    assert [leaf["type"] for leaf in leaves] == ["account.configured", "account.opened"]
    seen = json.dumps(leaves) + repr(shown(house.app.manifests["lakala"], house.app.accounts.settings(row)))
    lines = [line for line in told["private_key"].splitlines() if not line.startswith("-----")]
    assert not any(line in seen for line in lines)
    assert re.fullmatch(r"[0-9a-f]{16}", leaves[0]["fingerprints"]["private_key"])


async def test_settings_outlive_a_new_key_and_are_refused_without_the_one_that_sealed_them(tmp_path):
    async with open_house(tmp_path) as house:
        assert (await enter(house, typed(house))).good
        path = house.app.settings.seal_file(house.app.data)
        assert path.stat().st_mode & 0o777 == 0o600
        assert house.app.data not in path.parents
    old = path.read_text()
    add_key(path, SystemEntropy())
    newest = path.read_text().removeprefix(old)
    async with open_house(tmp_path) as house:
        assert house.app.accounts.vault.is_newest(bytes((await lakala(house))["sealed_settings"]))
    path.write_text(newest)
    async with open_house(tmp_path) as house:
        assert house.app.accounts.connector(await lakala(house))
    path.write_text(old)
    async with open_house(tmp_path) as house:
        row = await lakala(house)
        with pytest.raises(Refused, match="CF-4270"):
            house.app.accounts.connector(row)
        assert (await code_of(take(house.app.payments, house.actor(), house.code_payment())))[0] == "CF-4270"
    path.unlink()
    with pytest.raises(Refused, match="CF-7002"):
        async with open_house(tmp_path):
            raise AssertionError("started without the key")
    assert not path.exists()


def test_a_sealed_value_opens_at_its_own_place_only_and_not_with_a_bit_changed(tmp_path):
    vault = open_vault(tmp_path / "seal.keys", SystemEntropy(), may_make=True)
    sealed = vault.seal(b"secret", place="a|1")
    assert vault.open(sealed, place="a|1") == b"secret"
    assert vault.seal(b"secret", place="a|1") != sealed
    with pytest.raises(NotOpened):
        vault.open(sealed, place="a|2")
    for at in range(len(sealed)):
        spoiled = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
        with pytest.raises(NotOpened):
            vault.open(spoiled, place="a|1")


@pytest.mark.parametrize("text", ["", "zz\n", "00000000 aa\n", "é\n"])
def test_a_key_file_that_is_spoiled_is_refused(tmp_path, text):
    path = tmp_path / "seal.keys"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Refused, match="CF-7002"):
        open_vault(path, SystemEntropy(), may_make=True)


def test_what_a_process_with_a_newer_key_sealed_opens_in_one_that_began_before(tmp_path):
    path = tmp_path / "seal.keys"
    before = open_vault(path, SystemEntropy(), may_make=True)
    add_key(path, SystemEntropy())
    after = open_vault(path, SystemEntropy(), may_make=False)
    assert before.open(after.seal(b"new", place="a"), place="a") == b"new"
    assert after.open(before.seal(b"old", place="a"), place="a") == b"old"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "seal.keys"
    open_vault(path, SystemEntropy(), may_make=True)
    path.chmod(0o640)
    with pytest.raises(Refused, match="CF-7002"):
        open_vault(path, SystemEntropy(), may_make=False)


async def test_an_account_never_configured_here_has_nothing_sealed(house):
    assert (await account_by_name(house.app.store, MERCHANT, "cash"))["sealed_settings"] is None
