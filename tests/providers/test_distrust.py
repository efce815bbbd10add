"""A provider that cannot be believed leaves a line of the log: one at once, and not one a call."""

from __future__ import annotations

import ssl

import pytest
from structlog.testing import capture_logs

from counterfoil.basis import MICROS
from counterfoil.providers import Doubt, NotCertified, Unknown
from counterfoil.providers.distrust import EVERY, Distrust
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.listening import listening
from tests.providers.stage import Till, account_row, accounts, section


async def test_it_is_said_at_once_and_then_each_quarter_of_an_hour_with_how_often():
    clock = ManualClock()
    distrust = Distrust(clock)
    with capture_logs() as told:
        for _ in range(500):
            distrust.note(1, "a", Doubt.SIGNATURE)
        distrust.note(1, "b", Doubt.SIGNATURE)
        distrust.note(1, "a", Doubt.CERTIFICATE)
        await clock.advance(EVERY / MICROS)
        distrust.note(1, "a", Doubt.SIGNATURE)
    assert {line["event"] for line in told} == {"provider.not_trusted"}
    assert [(line["account_id"], line["why"], line["count"]) for line in told] == [
        ("a", "signature", 1),
        ("b", "signature", 1),
        ("a", "certificate", 1),
        ("a", "signature", 500),
    ]


async def test_a_certificate_that_does_not_hold_leaves_one_line_however_often_it_is_asked(
    keys, transport, spool, clock
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys.platform_cert, keys.platform_key)

    async def accept(reader, _writer):
        await reader.read()

    async with listening(accept, tls=context) as port:
        made = accounts({"main": section(keys, f"https://127.0.0.1:{port}")}, transport, spool, clock)
        till = Till(made.connector(account_row()), clock)
        with capture_logs() as told:
            outcomes = [(await till.charge(3800))[1] for _ in range(3)]
        with pytest.raises(NotCertified):
            await transport.post(f"https://127.0.0.1:{port}/", {}, b"{}")
    assert all(isinstance(outcome, Unknown) for outcome in outcomes)
    row = account_row()
    said = {"merchant_id": row["merchant_id"], "account_id": row["id"], "why": "certificate", "count": 1}
    assert told == [{"event": "provider.not_trusted", "log_level": "error", **said}]
