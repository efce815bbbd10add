"""What somebody shows beside their password: a passkey's answer, the code of an app, a recovery code.

Each is used up with what it is shown for: the part that is answered belongs into that Change, and of two at the same
moment one is Stale.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, TypeAlias

from counterfoil.basis import Secret
from counterfoil.factors.assertion import Assertion, assertion_of, believe
from counterfoil.factors.code import demand_new, opened, step_shown
from counterfoil.factors.facts import PASSKEY_LOCKED as LOCKED_FACT
from counterfoil.factors.faults import ANSWER_WRONG, CODE_WRONG, FACTOR_UNKNOWN, PASSKEY_LOCKED, RECOVERY_WRONG
from counterfoil.factors.means import Means
from counterfoil.factors.reading import LOCKED, REMOVED, code_app_row, code_rows, of_merchant
from counterfoil.factors.site import Site
from counterfoil.factors.tables import code_app, passkey, recovery_code
from counterfoil.factors.ticket import unb64
from counterfoil.factors.tries import after_wrong, begun_anew, tries_of
from counterfoil.people import password_fits
from counterfoil.store import Change, ChangePart, Drop, Guard, Row

PASSKEY: Final = "passkey"
TOTP: Final = "totp"
RECOVERY: Final = "recovery"
_BY_CREDENTIAL: Final = of_merchant(passkey, "credential_sha256")


@dataclass(frozen=True, slots=True)
class PasskeyShown:
    """The JSON of ``navigator.credentials.get()``."""

    answer: str


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code of an app; with the password where it confirms an act."""

    code: str
    password: Secret[str] | None = None


@dataclass(frozen=True, slots=True)
class RecoveryShown:
    """A recovery code. It signs in and confirms nothing."""

    code: str


Shown: TypeAlias = PasskeyShown | CodeShown | RecoveryShown


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who shows it: somebody known already."""

    merchant_id: int
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """It holds. ``part`` uses it up; ``passkey`` is the row of the passkey, ``assertion`` what it answered."""

    method: str
    part: ChangePart
    passkey: Row | None = None
    assertion: Assertion | None = None
    step: int | None = None
    left: int | None = None


async def shown(means: Means, who: Who, given: Shown, *, site: Site, challenge: bytes) -> Proven:
    """What is shown, held against ``challenge`` and the person.

    Raises Refused CF-2053 to CF-2059, CF-2068, CF-2069, CF-2071.
    """
    match given:
        case PasskeyShown(answer):
            return await _passkey(means, who, assertion_of(answer), site, challenge)
        case CodeShown(code, password):
            return await _code(means, who, code, password)
        case RecoveryShown(code):
            return await _recovery(means, who, code)


async def passkey_of(means: Means, merchant_id: int, given: Assertion) -> Row:
    """The passkey whose answer it says it is, in use. Raises Refused CF-2055, CF-2056."""
    key = {"merchant_id": merchant_id, "credential_sha256": given.credential_sha256}
    row = await means.store.fetch_one(_BY_CREDENTIAL, key)
    if row is None or row["state"] == REMOVED:
        raise ANSWER_WRONG()
    if row["state"] == LOCKED:
        raise PASSKEY_LOCKED()
    return row


async def proven_by(means: Means, row: Row, given: Assertion, *, site: Site, challenge: bytes) -> Proven:
    """The answer of the passkey ``row``. A count that went back locks it, with a fact, and is refused with CF-2056."""
    count = believe(given, challenge=challenge, site=site, public_key=unb64(row["public_key"]))
    before = row["sign_count"]
    if count <= before and (count or before):
        await _lock(means, row, count)
        raise PASSKEY_LOCKED()
    used = Guard(passkey, row, {"sign_count": count, "used_at": means.clock.now()})
    return Proven(method=PASSKEY, part=ChangePart(guards=(used,)), passkey=row, assertion=given)


async def _passkey(means: Means, who: Who, given: Assertion, site: Site, challenge: bytes) -> Proven:
    row = await passkey_of(means, who.merchant_id, given)
    if row["person_id"] != who.person_id:
        raise ANSWER_WRONG()
    return await proven_by(means, row, given, site=site, challenge=challenge)


async def _lock(means: Means, row: Row, count: int) -> None:
    fact = LOCKED_FACT.fact(
        at=means.clock.now(), subject=row["id"], person=row["person_id"], before=row["sign_count"], count=count
    )
    guard = Guard(passkey, row, {"state": LOCKED})
    await means.store.commit(
        Change(change_id=means.ids.uuid(), merchant_id=row["merchant_id"], guards=(guard,), facts=(fact,))
    )


async def _code(means: Means, who: Who, code: str, password: Secret[str] | None) -> Proven:
    app = await code_app_row(means.store, who.merchant_id, who.person_id)
    if app is None:
        raise FACTOR_UNKNOWN()
    tries, _ = await tries_of(means, who.merchant_id, who.person_id)
    now = means.clock.now()
    fits = password is None or await password_fits(means.people, who.merchant_id, who.person_id, password)
    step = step_shown(opened(means.vault, app), code, now)
    if step is None or not fits:
        raise await after_wrong(means, who.merchant_id, who.person_id, CODE_WRONG)
    demand_new(step, app["last_step"], now)
    used = Guard(code_app, app, {"last_step": step, "used_at": now})
    reset = begun_anew(tries, who.merchant_id, who.person_id, now)
    return Proven(method=TOTP, part=ChangePart(guards=(used, *reset.guards), inserts=reset.inserts), step=step)


async def _recovery(means: Means, who: Who, code: str) -> Proven:
    tries, _ = await tries_of(means, who.merchant_id, who.person_id)
    rows = await code_rows(means.store, who.merchant_id, who.person_id)
    sha256 = code_digest(code)
    row = next((one for one in rows if one["code_sha256"] == sha256), None)
    if row is None:
        raise await after_wrong(means, who.merchant_id, who.person_id, RECOVERY_WRONG)
    reset = begun_anew(tries, who.merchant_id, who.person_id, means.clock.now())
    part = ChangePart(guards=reset.guards, inserts=reset.inserts, drops=(Drop(recovery_code, row),))
    return Proven(method=RECOVERY, part=part, left=len(rows) - 1)


def code_digest(code: str) -> str:
    """Under which a recovery or reset code is kept: what people type differently is made alike."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
