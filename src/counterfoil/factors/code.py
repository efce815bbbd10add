"""The code of six digits that an app shows: RFC 6238, SHA-1, a step of 30 seconds, one step either side.

Which step was taken last is stored, and no step is taken twice or after a later one.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final

import pyotp

from counterfoil.basis import MICROS, NotOpened, Vault
from counterfoil.factors.faults import CLOCK_BACK, CODE_USED, SECRET_LOST
from counterfoil.store import Row

STEP_SECONDS: Final = 30
STEPS_EITHER_SIDE: Final = 1
SECRET_BYTES: Final = 20
_CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)


def secret_text(raw: bytes) -> str:
    """The base32 text that is typed into an app where its camera cannot be used."""
    return base64.b32encode(raw).decode()


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """The ``otpauth://`` address that a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_at(now: int) -> int:
    """The time step of a moment in UTC microseconds."""
    return now // (STEP_SECONDS * MICROS)


def code_at(secret: str, step: int) -> str:
    """The code of a step."""
    return pyotp.TOTP(secret).generate_otp(step)


def step_shown(secret: str, typed: str, now: int) -> int | None:
    """The step whose code was typed, of those that may be meant at ``now``; None: a wrong code. Spaces go."""
    plain = typed.replace(" ", "")
    if not _CODE.fullmatch(plain):
        return None
    steps = range(step_at(now) - STEPS_EITHER_SIDE, step_at(now) + STEPS_EITHER_SIDE + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step), plain)]
    return found[-1] if found else None


def demand_new(step: int, last: int, now: int) -> None:
    """Go on only where the step is later than the last that was taken. Raises Refused CF-2058, CF-2068."""
    if last > step_at(now) + STEPS_EITHER_SIDE:
        raise CLOCK_BACK()
    if step <= last:
        raise CODE_USED()


def sealed(vault: Vault, merchant_id: int, code_app_id: str, secret: str) -> bytes:
    """The secret as its row holds it: it opens for no other row."""
    return vault.seal(secret.encode(), place=_place(merchant_id, code_app_id))


def opened(vault: Vault, row: Row) -> str:
    """The secret of a row. Raises Refused CF-2069."""
    try:
        return vault.open(bytes(row["sealed_secret"] or b""), place=_place(row["merchant_id"], row["id"])).decode()
    except NotOpened as error:
        raise SECRET_LOST() from error


def _place(merchant_id: int, code_app_id: str) -> str:
    return f"code_app|sealed_secret|{merchant_id}|{code_app_id}"
