"""The connection check: what is wrong with key, certificate, clock, network or answer is named, with what to do."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from counterfoil.basis import MICROS, SystemClock
from counterfoil.doors.cli import main
from counterfoil.providers import Accounts, Outage, Part, Spool, Transport, check
from counterfoil.testing.listening import listening
from tests.channels.stage import enter, lakala, typed


def answers(head: str, body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@asynccontextmanager
async def somebody_else(raw: bytes):
    """A server that is not the provider and always says ``raw``."""

    async def serve(reader, writer):
        await reader.read(65536)
        writer.write(raw)
        await writer.drain()

    async with listening(serve) as port:
        yield f"127.0.0.1:{port}"


class Off(SystemClock):
    """A machine whose clock is wrong."""

    def __init__(self, seconds):
        self.micros = seconds * MICROS

    def now(self):
        return super().now() + self.micros


def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def pem_of(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def certificate(key, days_from: int, days_until: int) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now + timedelta(days=days_from))
        .not_valid_after(now + timedelta(days=days_until))
    )
    return built.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


async def found(house, clock=None, **told):
    checked = await check(
        house.app.accounts, await lakala(house), clock or house.app.clock, {**typed(house), **told} if told else None
    )
    for language in ("zh-CN", "en"):
        words = [one.fault.tell(language) for one in checked.parts if one.fault]
        assert all("{" not in text for each in words for text in (each.what, each.money, each.do))
    return {one.part: one.fault.kind.code for one in checked.parts if one.fault}, checked


async def test_all_is_right(house):
    wrong, checked = await found(house)
    assert not wrong
    assert all(one.right for one in checked.parts)


@pytest.mark.parametrize(
    ("raw", "code", "part"),
    [
        (answers("200 OK", b"<html>welcome</html>"), "CF-4277", Part.ANSWER),
        (answers("200 OK", b'{"code":"BBS00000"}'), "CF-4277", Part.ANSWER),
        (answers("302 Found\r\nLocation: http://127.0.0.1/"), "CF-4279", Part.ANSWER),
        (answers("404 Not Found"), "CF-4279", Part.ANSWER),
        (answers("401 Unauthorized"), "CF-4278", Part.ANSWER),
        (answers("502 Bad Gateway", b"<html>"), "CF-4279", Part.ANSWER),
        (answers("200 OK", b"x" * (1 << 20) + b"x"), "CF-4276", Part.NETWORK),
        (b"", "CF-4276", Part.NETWORK),
    ],
    ids=["html", "unsigned", "302", "404", "401", "502", "large", "cut"],
)
async def test_an_answer_that_is_not_the_providers_is_named(house, raw, code, part):
    async with somebody_else(raw) as host:
        wrong, _ = await found(house, base_url=f"http://{host}")
    assert wrong == {part: code}


async def test_no_connection_and_refused_tls_are_the_network(house):
    assert (await found(house, base_url="http://127.0.0.1:9"))[0] == {Part.NETWORK: "CF-4275"}
    async with somebody_else(answers("400 no TLS here")) as host:
        wrong, checked = await found(house, base_url=f"https://{host}")
    assert wrong == {Part.NETWORK: "CF-4275"}
    # What could not be seen does not look right.
    assert [one.right for one in checked.parts] == [True, True, False, None, None]


@pytest.mark.parametrize("seconds", [600, -600])
async def test_a_clock_that_is_ten_minutes_off_is_named(house, seconds):
    wrong, _ = await found(house, Off(seconds))
    assert wrong == {Part.CLOCK: "CF-4274"}


@pytest.mark.parametrize(("since", "until", "code"), [(-9, -1, "CF-4272"), (1, 9, "CF-4273")])
async def test_a_certificate_that_ended_or_is_not_valid_yet_is_named(house, since, until, code):
    wrong, _ = await found(house, platform_certs=certificate(rsa_key(), since, until))
    assert wrong[Part.CERTIFICATE] == code


async def test_a_certificate_or_key_of_somebody_else_is_named(house):
    wrong, _ = await found(house, platform_certs=certificate(rsa_key(), -1, 9))
    assert wrong == {Part.ANSWER: "CF-4277"}
    wrong, _ = await found(house, private_key=pem_of(rsa_key()))
    assert set(wrong) == {Part.ANSWER}


async def test_a_key_that_is_none_is_a_matter_of_the_settings(house):
    wrong, checked = await found(house, private_key="-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")
    assert wrong == {Part.SETTINGS: "CF-4293"}
    assert checked.took_ms is None


async def test_the_doctor_says_what_is_right_beside_a_running_server(house):
    assert (await enter(house, typed(house))).good
    told = await doctor(house, "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    assert said["good"]
    assert {one["account"] for one in said["accounts"]} == {"cash", "lakala"}
    assert "BEGIN" not in told.stdout


async def test_the_doctor_says_what_is_wrong_and_what_to_do(house):
    # The settings of the house stand in no file, so the doctor finds none.
    told = await doctor(house, "--account", "lakala", "--lang", "zh-CN")
    assert told.exit_code == 1
    assert "CF-4201" in told.stdout
    told = await doctor(house, "--account", "nobody", "--json")
    assert (told.exit_code, json.loads(told.stdout)["accounts"]) == (1, [])


async def test_the_doctor_prints_what_the_provider_knows_about_us(house):
    assert (await enter(house, typed(house))).good
    said = json.loads((await doctor(house, "--known", "--json")).stdout)
    (known,) = [one["known"] for one in said["accounts"] if one["account"] == "lakala"]
    assert len(known) == 8
    assert known["merchant/queryMerchantDetail"]["sbxMerName"] == "沙箱商户"
    told = await doctor(house, "--known", "--account", "lakala", "--lang", "zh-CN")
    assert "商户资料" in told.stdout
    assert "merCupNo (商户号): " in told.stdout


async def doctor(house, *more):
    words = ["doctor", "provider", "--data", str(house.app.data), *more]
    allowed = {"COUNTERFOIL_SERVER__LOOPBACK_SANDBOXES": "true"}
    return await asyncio.to_thread(CliRunner(env=allowed).invoke, main, words)


async def test_a_server_that_allows_no_sandbox_refuses_one_and_a_name_that_leads_inside_is_told(house):
    row = await lakala(house)

    async def inside(_host, _port):
        return [ipaddress.ip_address("10.0.0.1")]

    async def asked(told, **how):
        transport, spool = Transport(commit_open=lambda: False, **how), Spool(house.app.data / "tried")
        clock = house.app.clock
        outage = Outage(clock)
        accounts = Accounts(
            sections={}, transport=transport, outage=outage, spool=spool, clock=clock, entropy=house.app.entropy
        )
        checked = await check(accounts, row, clock, typed(house) | told)
        await transport.close()
        spool.close()
        return checked.fault.kind.code, checked.fault.field

    assert await asked({}) == ("CF-4290", "base_url")
    assert await asked({"base_url": "https://pay.example.com"}, resolve=inside) == ("CF-4291", None)
