"""Settings entered in a form: tried before they are kept, sealed, never told again."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from counterfoil.basis import NotOpened, Refused, SystemEntropy, add_key, open_vault
from counterfoil.evidence import newest_of
from counterfoil.payments import MoneyState, take
from counterfoil.people import Role
from counterfoil.providers import NotOursWhy, Part, account_by_name, accounts, resealing, shown
from counterfoil.providers.lakala.signing import Signer
from counterfoil.testing.house import MERCHANT, open_house
from tests.channels.stage import enter, keys_of, lakala, second, typed


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
    assert all(one.right for one in checked.parts)
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


def _pem(private, locked=None):
    how_locked = NoEncryption() if locked is None else BestAvailableEncryption(locked)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how_locked).decode()


def _short_key():
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused


def _certificate(private, serial=0x00DF):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    made = made.serial_number(serial).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(9))
    return made.sign(private, SHA256()).public_bytes(Encoding.PEM).decode()


async def test_keys_and_certificates_that_do_not_fit_are_told_apart_before_anything_is_sent(house):
    good = typed(house)
    own = load_pem_private_key(good["private_key"].encode(), None)
    other = rsa.generate_private_key(65537, 2048)
    public = own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    cases = [
        ({"private_key": good["platform_certs"]}, "CF-4292"),
        ({"private_key": public}, "CF-4292"),
        ({"platform_certs": good["private_key"]}, "CF-4292"),
        ({"platform_certs": good["platform_certs"] + public}, "CF-4292"),
        ({"private_key": good["private_key"][:-120] + "\n-----END PRIVATE KEY-----"}, "CF-4293"),
        ({"platform_certs": good["platform_certs"][:400]}, "CF-4293"),
        ({"private_key": _pem(own, locked=b"word")}, "CF-4294"),
        ({"private_key": _pem(ec.generate_private_key(ec.SECP256R1()))}, "CF-4295"),
        ({"private_key": _pem(_short_key())}, "CF-4295"),
        ({"private_key": _pem(other), "merchant_cert": _certificate(own, int(good["serial_no"], 16))}, "CF-4296"),
        ({"serial_no": "00e0", "merchant_cert": _certificate(own)}, "CF-4297"),
        ({"serial_no": "00 df"}, "CF-4298"),
        ({"term_no": "A92 5471"}, "CF-4298"),
        ({"appid": "OP（1）"}, "CF-4298"),
    ]
    for told, code in cases:
        checked = await enter(house, good | told)
        assert (checked.fault.kind.code, checked.fault.field) == (code, next(iter(told))), told
        assert checked.took_ms is None
        for language in ("zh-CN", "en"):
            said = checked.fault.tell(language)
            assert "{" not in said.what + said.do
    assert (await lakala(house))["sealed_settings"] is None


async def test_notices_are_held_to_their_own_certificates_where_they_have_some(house):
    first, second, platform = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    told = typed(house) | {"notice_certs": _certificate(first, 1) + _certificate(second, 2)}
    assert (await enter(house, told)).good
    connector = house.app.accounts.connector(await lakala(house))

    def heard(private):
        signed = Signer("", "1", private).notice_authorization("1", "n", b"{}")
        return connector.read_notice({"authorization": signed}, b"{}")

    assert [heard(each).why for each in (first, second)] == [NotOursWhy.OTHER_MERCHANT] * 2
    assert heard(platform).why is NotOursWhy.NOT_SIGNED
    theirs = load_pem_private_key(keys_of(house).platform_key.read_bytes(), None)
    assert heard(theirs).why is NotOursWhy.NOT_SIGNED


async def kinds_of(house):
    row = await lakala(house)
    return [leaf for _, leaf in await newest_of(house.app.store, MERCHANT, row["id"], 20, None)]


async def test_a_key_that_takes_the_place_of_another_is_a_fact_with_prints_and_without_the_key(house):
    told = typed(house)
    assert (await enter(house, told)).good
    assert (await enter(house, told | {"code_minutes": "7"})).good
    assert "account.key_rotated" not in [leaf["type"] for leaf in await kinds_of(house)]
    newer = _certificate(rsa.generate_private_key(65537, 2048), 7)
    assert (await enter(house, told | {"platform_certs": told["platform_certs"] + newer})).good
    leaf = next(leaf for leaf in await kinds_of(house) if leaf["type"] == "account.key_rotated")
    (before,), (one, two) = leaf["before"]["platform_certs"].split(), leaf["after"]["platform_certs"].split()
    assert before == one != two
    assert set(leaf["before"]) == {"platform_certs"}
    assert "BEGIN" not in json.dumps(leaf)


async def test_resealing_that_is_cut_off_goes_on_at_the_next_start_and_tells_each_account_once(tmp_path):
    async with open_house(tmp_path) as house, second(house, tmp_path):
        assert (await enter(house, typed(house))).good
        path = house.app.settings.seal_file(house.app.data)
    add_key(path, SystemEntropy())
    async with open_house(tmp_path) as house:
        rows = [row for row in await accounts(house.app.store, MERCHANT) if row["sealed_settings"]]
        assert len(rows) == 2
        add_key(path, SystemEntropy())
        newer = open_vault(path, SystemEntropy(), may_make=False)
        # One account is sealed anew, and there the process ends.
        app = house.app
        await app.store.commit(resealing(newer, rows[0], change_id=app.ids.uuid(), at=app.clock.now()))
    for _ in range(2):
        async with open_house(tmp_path) as house:
            vault = house.app.accounts.vault
            for row in await accounts(house.app.store, MERCHANT):
                if row["sealed_settings"]:
                    assert vault.is_newest(bytes(row["sealed_settings"]))
                    leaves = [leaf for _, leaf in await newest_of(house.app.store, MERCHANT, row["id"], 20, None)]
                    told = [(leaf["before"], leaf["after"]) for leaf in leaves if leaf["type"] == "account.resealed"]
                    numbers = [line.split()[0] for line in path.read_text().splitlines()]
                    assert told == [(numbers[1], numbers[2]), (numbers[0], numbers[1])]
