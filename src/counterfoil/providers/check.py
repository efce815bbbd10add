"""连接检测: whether an account's settings, keys, certificates, clock and network are right, each with what to do.

Asked is what became of an order number that nobody issues, or what the connector asks for it: a signed question that
moves nothing, on the very way a payment takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from counterfoil.basis import MICROS, Both, Clock, Fault, Money, Refused
from counterfoil.providers.accounts import Accounts, Heard
from counterfoil.providers.channel_faults import (
    ANSWER_ODD,
    CERTIFICATE_EARLY,
    CERTIFICATE_ENDED,
    CLOCK_OFF,
    KEY_NOT_ACCEPTED,
    RENEWAL_STUCK,
    SILENT,
    TERMINAL_NOT_ACCEPTED,
    UNREACHABLE,
    UNSIGNED,
)
from counterfoil.providers.connector import Checks, Connector, Query, Renewing
from counterfoil.providers.held_faults import ADDRESS_INSIDE
from counterfoil.providers.hold_settings import hold_settings
from counterfoil.providers.manifest import Manifest
from counterfoil.providers.outcome import Declined, DeclineReason, Outcome, Unknown, Why
from counterfoil.providers.probe import NOBODYS_ORDER_NO
from counterfoil.providers.transport import NOT_PUBLIC
from counterfoil.store import Row

CHECK_SECONDS: Final = 20.0
# Providers refuse a signature that is ten minutes off; five leave time to mend it.
CLOCK_SECONDS_MAX: Final = 300
_OK: Final = 200
_REFUSED: Final = frozenset({401, 403})


class Part(StrEnum):
    """What is looked at, in this order."""

    SETTINGS = "settings"  # complete, and keys and certificates can be read
    CERTIFICATE = "certificate"  # valid today
    NETWORK = "network"  # a connection comes about
    CLOCK = "clock"  # ours against the Date of the answer
    ANSWER = "answer"  # signed by the provider, and it accepts our signature
    KEY = "key"  # the same where answers are not signed: the provider accepts our signature
    RENEWAL = "renewal"  # what is renewed every day, where something is


@dataclass(frozen=True, slots=True)
class Looked:
    """One part: right, wrong with the fault that says what to do, or not looked at because of what came before."""

    part: Part
    right: bool | None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """All parts. ``took_ms``: how long the provider took to answer; None where it was not asked."""

    parts: tuple[Looked, ...]
    took_ms: int | None = None

    @property
    def good(self) -> bool:
        """Whether all is right."""
        return self.fault is None

    @property
    def fault(self) -> Fault | None:
        """The first thing that is wrong."""
        return next((one.fault for one in self.parts if one.fault is not None), None)


# Of an account whose settings cannot even be read.
_WITHOUT: Final = (Part.SETTINGS, Part.CERTIFICATE, Part.NETWORK, Part.CLOCK, Part.ANSWER)
_NO_ANSWER: Final = {
    Why.NOT_SENT: (Part.NETWORK, UNREACHABLE),
    Why.NO_ANSWER: (Part.NETWORK, SILENT),
}


async def check(accounts: Accounts, account: Row, clock: Clock, told: Mapping[str, str] | None = None) -> Checked:
    """Look at the account as it is, or as it would be with the settings ``told``. Raises nothing of what it finds."""
    found: dict[Part, Fault] = {}
    try:
        manifest = accounts.manifest(account["provider"])
        read = accounts.read(account, told)
        hold_settings(manifest, read)
        connector, heard = accounts.trial(account, told)
    except Refused as wrong:
        return _as_parts(_WITHOUT, {Part.SETTINGS: wrong}, asked=False, dated=False)
    parts = _parts_of(manifest, connector)
    if (dated := _certificates(manifest, read, clock.now())) is not None:
        found[Part.CERTIFICATE] = dated
    if manifest.instant:
        return _as_parts(parts, found, asked=False, dated=False)
    if isinstance(connector, Renewing) and connector.renewal_stuck():
        found[Part.RENEWAL] = RENEWAL_STUCK(provider=Both(manifest.name_zh, manifest.name_en))
    begun = clock.now()
    outcome = await _ask(connector, begun)
    took_ms = max(0, clock.now() - begun) // 1000
    off = _seconds_off(heard, clock.now())
    if off is not None and abs(off) > CLOCK_SECONDS_MAX:
        found[Part.CLOCK] = CLOCK_OFF(minutes=str(round(abs(off) / 60)))
    found |= _of_outcome(manifest, outcome, heard)
    return _as_parts(parts, found, asked=True, dated=off is not None, took_ms=took_ms)


async def _ask(connector: Connector, now: int) -> Outcome:
    question = Query(order_no=NOBODYS_ORDER_NO, amount=Money(1), kind="charge", asked_at=now)
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            if isinstance(connector, Checks):
                return await connector.check()
            return (await connector.query(question)).outcome
    except TimeoutError:
        return Unknown(Why.NO_ANSWER, "timeout")


def _of_outcome(manifest: Manifest, outcome: Outcome, heard: Heard) -> dict[Part, Fault]:
    """What the answer, or that there was none, says is wrong."""
    host = urlsplit(heard.url).netloc or "—"
    answer = _answer(manifest)
    if isinstance(outcome, Declined) and outcome.reason is DeclineReason.CONFIGURATION:
        if manifest.activation:
            provider = Both(manifest.name_zh, manifest.name_en)
            return {answer: TERMINAL_NOT_ACCEPTED(provider=provider, why=outcome.code)}
        return {answer: KEY_NOT_ACCEPTED(why=outcome.code)}
    if not isinstance(outcome, Unknown) or outcome.why is Why.NOT_FOUND:
        return {}
    if heard.status in _REFUSED:
        return {answer: KEY_NOT_ACCEPTED(why=f"HTTP {heard.status}")}
    if outcome.why is Why.NOT_SENT and heard.why == NOT_PUBLIC:
        return {Part.NETWORK: ADDRESS_INSIDE(host=host)}
    odd = f"HTTP {heard.status}" if heard.status not in (None, _OK) else ""
    part, kind = _NO_ANSWER.get(outcome.why, (answer, ANSWER_ODD))
    if outcome.why is Why.BAD_SIGNATURE and not odd:
        kind = UNSIGNED
    return {part: kind(host=host, why=odd or outcome.detail or heard.why or str(outcome.why))}


def _certificates(manifest: Manifest, settings: Mapping[str, str], now: int) -> Fault | None:
    """Whether some certificate of each field is valid now; several may stand there while one follows another."""
    today = datetime.fromtimestamp(now / MICROS, UTC)
    for setting in manifest.settings:
        if setting.type != "pem_certs" or not settings.get(setting.key):
            continue
        try:
            all_ = x509.load_pem_x509_certificates(settings[setting.key].encode())
        except ValueError:
            continue  # A bare public key has no dates.
        if any(one.not_valid_before_utc <= today <= one.not_valid_after_utc for one in all_):
            continue
        newest = max(all_, key=lambda one: one.not_valid_after_utc)
        if newest.not_valid_after_utc < today:
            return CERTIFICATE_ENDED(
                field=setting.key, key=setting.key, day=newest.not_valid_after_utc.date().isoformat()
            )
        return CERTIFICATE_EARLY(field=setting.key, key=setting.key, day=newest.not_valid_before_utc.date().isoformat())
    return None


def _seconds_off(heard: Heard, now: int) -> float | None:
    """By how much our clock is ahead of the answer's ``Date`` (RFC 9110 6.6.1); None where there was none."""
    try:
        told = parsedate_to_datetime(heard.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return now / MICROS - told.replace(tzinfo=told.tzinfo or UTC).timestamp()


def _answer(manifest: Manifest) -> Part:
    return Part.ANSWER if manifest.answers_signed else Part.KEY


def _parts_of(manifest: Manifest, connector: Connector) -> tuple[Part, ...]:
    """What there is to look at in an account."""
    renewal = (Part.RENEWAL,) if isinstance(connector, Renewing) else ()
    return (Part.SETTINGS, Part.CERTIFICATE, Part.NETWORK, Part.CLOCK, _answer(manifest), *renewal)


def _as_parts(
    parts: tuple[Part, ...], found: Mapping[Part, Fault], *, asked: bool, dated: bool, took_ms: int | None = None
) -> Checked:
    """Every part in order. What could not be looked at says so instead of looking right."""
    unseen = {
        Part.CERTIFICATE: Part.SETTINGS in found,
        Part.NETWORK: not asked,
        Part.CLOCK: not dated,
        Part.ANSWER: not asked or Part.NETWORK in found,
        Part.KEY: not asked or Part.NETWORK in found,
    }
    looked = (
        Looked(part, None if part not in found and unseen.get(part, False) else part not in found, found.get(part))
        for part in parts
    )
    return Checked(tuple(looked), took_ms)
