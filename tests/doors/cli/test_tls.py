"""A certificate of one's own: made, served, renewed while it runs, and refused where it cannot be used."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from structlog.testing import capture_logs

from counterfoil.basis import CERTIFICATE_UNUSABLE, MICROS, Refused, Server
from counterfoil.doors import tls
from counterfoil.doors.certificates import make_certificates
from counterfoil.testing.clock import ManualClock
from tests.doors.cli.conftest import start

NOW = int(datetime(2026, 11, 26, tzinfo=UTC).timestamp()) * MICROS


def server(folder: Path, certificate="server.pem", key="server.key") -> Server:
    return Server(certificate=str(folder / certificate), certificate_key=str(folder / key))


def names_of(path: Path) -> list[str]:
    read = x509.load_pem_x509_certificates(path.read_bytes())[0]
    found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(one.value) for one in found]


def test_tls_init_makes_an_authority_once_and_a_certificate_each_time(run, tmp_path):
    folder = tmp_path / "tls"
    told = json.loads(
        run(
            "tls", "init", "Pay.Shop.lan", "收银.example", "192.168.1.10", "::1", "--folder", str(folder), "--json"
        ).stdout
    )
    assert told["authority_made"]
    assert names_of(folder / "server.pem") == ["pay.shop.lan", "xn--wbvw67h.example", "192.168.1.10", "::1"]
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in ("authority.key", "server.key")] == [0o600, 0o600]
    authority, before = (folder / "authority.pem").read_bytes(), (folder / "server.pem").read_bytes()
    again = json.loads(run("tls", "init", "pay.shop.lan", "--folder", str(folder), "--json").stdout)
    assert not again["authority_made"]
    assert again["sha256"] == told["sha256"]
    assert (folder / "authority.pem").read_bytes() == authority
    assert (folder / "server.pem").read_bytes() != before


def test_the_certificate_is_for_a_server_and_the_authority_signs_no_other(tmp_path):
    made = make_certificates(tmp_path / "tls", ["pay.shop.lan"], NOW)
    own, authority = x509.load_pem_x509_certificates(made.certificate.read_bytes())
    own.verify_directly_issued_by(authority)
    assert (own.not_valid_after_utc - own.not_valid_before_utc).days == 397
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (limits.ca, limits.path_length) == (True, 0)


@pytest.mark.parametrize(
    "name", ["", "pay_shop", "-a.example", "a..b", "1.2.3.999", "*.*.example", "*", "a" * 254, "http://pay", "a b"]
)
def test_what_is_no_name_makes_nothing(run, tmp_path, name):
    ended = run("tls", "init", "--folder", str(tmp_path / "tls"), "--json", "--", name)
    assert (ended.exit_code, json.loads(ended.stdout)["code"]) == (2, "CF-1044")
    assert not (tmp_path / "tls").exists()


def test_an_authority_whose_key_is_another_signs_nothing(run, tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    make_certificates(ours, ["a.example"], NOW)
    make_certificates(theirs, ["a.example"], NOW)
    (ours / "authority.key").write_bytes((theirs / "authority.key").read_bytes())
    before = (ours / "server.pem").read_bytes()
    ended = run("tls", "init", "b.example", "--folder", str(ours), "--json")
    assert (ended.exit_code, json.loads(ended.stdout)["code"]) == (2, "CF-7007")
    assert (ours / "server.pem").read_bytes() == before


@pytest.mark.parametrize("spoilt", ["missing", "no pair", "no certificate", "expired", "not yet"])
def test_a_certificate_that_cannot_be_used_is_refused_by_name(tmp_path, spoilt):
    made = make_certificates(tmp_path / "tls", ["pay.shop.lan"], NOW)
    now = datetime.fromtimestamp(NOW / MICROS, UTC)
    if spoilt == "missing":
        made.key.unlink()
    elif spoilt == "no pair":
        made.key.write_bytes(made.authority_key.read_bytes())
    elif spoilt == "no certificate":
        made.certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    else:
        now += timedelta(days=398) if spoilt == "expired" else -timedelta(days=1)
    clock = ManualClock(int(now.timestamp()) * MICROS)
    with pytest.raises(Refused) as refused:
        tls.tls_of(server(made.certificate.parent), clock)
    assert refused.value.kind is CERTIFICATE_UNUSABLE


def test_half_a_setting_is_refused(run, tmp_path):
    config = tmp_path / "c.toml"
    config.write_text('[server]\ncertificate = "only.pem"\n')
    ended = run("serve", "--data", str(tmp_path / "data"), "--config", str(config), "--json")
    assert (ended.exit_code, json.loads(ended.stdout)["code"]) == (2, "CF-7001")


def test_the_server_speaks_tls_and_nothing_else(tmp_path):
    made = make_certificates(tmp_path / "tls", ["127.0.0.1"], _now())
    config = tmp_path / "c.toml"
    config.write_text(f'[server]\ncertificate = "{made.certificate}"\ncertificate_key = "{made.key}"\n')
    running = start("serve", "--data", str(tmp_path / "data"), "--config", str(config))
    try:
        url = running.told["urls"]["till"]
        assert url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(made.authority))
        with httpx.Client(verify=trusting, trust_env=False) as client:
            answer = client.get(url, follow_redirects=True)
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(url, trust_env=False)
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(url.replace("https:", "http:"), trust_env=False)
    finally:
        code, _, _ = running.end()
    assert code == 0


def served(context: ssl.SSLContext) -> list[str]:
    """The names of the certificate that a caller is shown, by a handshake in memory."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client, ours = anybody.wrap_bio(back, there), context.wrap_bio(there, back, server_side=True)
    for side in (client, ours, client, ours):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    shown = client.getpeercert(binary_form=True)
    assert shown is not None
    found = x509.load_der_x509_certificate(shown).extensions
    return [str(one.value) for one in found.get_extension_for_class(x509.SubjectAlternativeName).value]


def test_only_tls_1_2_and_1_3_with_their_best_suites_are_spoken(tmp_path):
    made = make_certificates(tmp_path / "tls", ["pay.shop.lan"], NOW)
    context = tls.tls_of(server(made.certificate.parent), ManualClock(NOW))
    assert context is not None
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_CIPHER_SERVER_PREFERENCE
    suites = [one["name"] for one in context.get_ciphers()]
    assert suites[0] == "TLS_AES_256_GCM_SHA384"
    assert [name for name in suites if not re.fullmatch(r"(TLS|ECDHE)[-_].*(GCM|CHACHA20).*", name)] == []


async def test_a_renewed_certificate_is_served_and_a_spoilt_one_is_not(tmp_path):
    made = make_certificates(tmp_path / "tls", ["pay.shop.lan"], NOW)
    clock, settings = ManualClock(NOW), server(made.certificate.parent)
    context = tls.tls_of(settings, clock)
    assert context is not None
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    following = asyncio.create_task(tls.follow(context, settings, clock))
    with capture_logs() as told:
        await clock.advance(60)
        made.key.write_text("spoilt")
        os.utime(made.key, ns=(1, 1))
        await clock.advance(60)
        assert served(context) == ["pay.shop.lan"]
        make_certificates(made.certificate.parent, ["new.shop.lan"], NOW)
        await clock.advance(60)
        assert served(context) == ["new.shop.lan"]
    following.cancel()
    assert [(line["event"], line.get("code")) for line in told] == [
        ("tls.not_renewed", "CF-7007"),
        ("tls.renewed", None),
    ]


def _now() -> int:
    return int(datetime.now(UTC).timestamp()) * MICROS
