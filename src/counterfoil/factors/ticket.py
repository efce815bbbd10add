"""Tickets: what a page is given to come back with, sealed, for one purpose and one session, once.

Nothing is stored until a ticket is used, so that whoever looks at a sign-in page writes nothing into the database.
"""

from __future__ import annotations

import base64
from typing import Final

import msgspec

from counterfoil.basis import MICROS, NotOpened
from counterfoil.factors.faults import CONFIRMATION_OVER
from counterfoil.factors.means import Means
from counterfoil.factors.tables import spent_ticket
from counterfoil.people import Session
from counterfoil.store import Insert

LIFE_MICROS: Final = 300 * MICROS
NONCE_BYTES: Final = 32
TEXT_MAX: Final = 4096


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """``nonce`` is the challenge, unpadded base64url; ``secret`` a code app's that is not set up yet."""

    id: str
    purpose: str
    merchant_id: int
    session_id: str | None
    nonce: str
    ends_at: int
    secret: str | None = None

    @property
    def challenge(self) -> bytes:
        """What a passkey signs."""
        return unb64(self.nonce)

    def spent(self) -> Insert:
        """The row that lets it be used once: a second one of the same id is Repeated."""
        row = {"merchant_id": self.merchant_id, "id": self.id, "ends_at": self.ends_at}
        return Insert(spent_ticket, row)


def issue(
    means: Means, purpose: str, merchant_id: int, *, session: Session | None = None, secret: str | None = None
) -> tuple[str, Ticket]:
    """A new ticket and the text a page carries of it."""
    made = Ticket(
        id=means.ids.uuid(),
        purpose=purpose,
        merchant_id=merchant_id,
        session_id=session.id if session else None,
        nonce=b64(means.entropy.bytes(NONCE_BYTES)),
        ends_at=means.clock.now() + LIFE_MICROS,
        secret=secret,
    )
    return b64(means.vault.seal(msgspec.json.encode(made), place=_place(merchant_id, purpose))), made


def read(means: Means, text: str, purpose: str, merchant_id: int, *, session: Session | None = None) -> Ticket:
    """The ticket of that text. Raises Refused CF-2052 for one that ended, is another's or for something else."""
    try:
        sealed = unb64(text) if len(text) <= TEXT_MAX else b""
        found = msgspec.json.decode(means.vault.open(sealed, place=_place(merchant_id, purpose)), type=Ticket)
    except (NotOpened, ValueError) as error:
        raise CONFIRMATION_OVER() from error
    # A clock that was set back makes what was issued seem to come from the future: that is over, too.
    left = found.ends_at - means.clock.now()
    if not 0 < left <= LIFE_MICROS or found.session_id != (session.id if session else None):
        raise CONFIRMATION_OVER()
    return found


def b64(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url. Raises ValueError for anything else."""
    if not text.isascii():
        raise ValueError("not base64url")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _place(merchant_id: int, purpose: str) -> str:
    return f"ticket|{purpose}|{merchant_id}"
