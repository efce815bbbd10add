"""A terminal's number and keys, and how they are kept between calls.

The activation gives the first key, which stands in the account's settings. Each check-in (签到) gives another; it and
the one that signed for it are kept in the account's sealed state until the next one has been answered once. The answer
of a check-in, or our storing it, can be lost, and a copy of the request that was still on its way puts yet another key
in the place of the one we were given: the older key then still signs, and checks in again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

from counterfoil.basis import MICROS, Secret
from counterfoil.providers import Declined, DeclineReason, Outcome, Unknown, Why
from counterfoil.providers.shouqianba.messages import TAKEN
from counterfoil.providers.shouqianba.wire import Envelope, china_day

# After a renewal that did not end, the next one is tried this much later; until then the old key goes on signing.
AGAIN_SECONDS: Final = 600
# One that goes well ends within one call.
_ENDED_SECONDS: Final = 60
_NOT_TAKEN: Final = "400"
_REFUSED: Final = "FAIL"


class Terminal(msgspec.Struct, frozen=True, kw_only=True):
    """``newest`` signs first, ``previous`` where it is refused. ``day``: when the newest was handed out, at UTC+8.

    ``answered``: the newest was, once.
    ``first``: a digest of the key in the settings that all this came from; another key there makes it void.
    ``begun_at``: when a renewal was begun that has not ended, UTC microseconds.
    """

    first: str
    newest: str
    previous: str | None = None
    day: str = ""
    answered: bool = False
    begun_at: int | None = None

    @property
    def keys(self) -> tuple[Secret[str], ...]:
        """The keys to sign with, in the order in which to try them."""
        return tuple(Secret(key) for key in (self.newest, self.previous) if key is not None)

    def due(self, now: int) -> bool:
        """Whether the day's key is still to be fetched, or the newest still to be tried, and nobody is at it."""
        if self.recently(now):
            return False
        # Another day, not a later one: the clock may have been ahead.
        return self.day != china_day(now) or self.unproven

    @property
    def unproven(self) -> bool:
        """Whether the newest key is still to be tried."""
        return self.previous is not None and not self.answered

    def recently(self, now: int) -> bool:
        """Whether somebody began a renewal a moment ago that has not ended."""
        return self.begun_at is not None and abs(now - self.begun_at) < AGAIN_SECONDS * MICROS

    def stuck(self, now: int) -> bool:
        """Whether a renewal was begun and had time enough to end, and did not."""
        return self.begun_at is not None and now >= self.begun_at + _ENDED_SECONDS * MICROS

    def begun(self, now: int) -> Terminal:
        """With a renewal under way."""
        return msgspec.structs.replace(self, begun_at=now)

    def renewed(self, key: str, signed_with: str, now: int) -> Terminal:
        """With the key of a check-in that ``signed_with`` signed."""
        return Terminal(first=self.first, newest=key, previous=signed_with, day=china_day(now))

    def proven(self) -> Terminal:
        """With the newest key answered."""
        return msgspec.structs.replace(self, answered=True, begun_at=None)

    def encoded(self) -> bytes:
        """The account's new state."""
        return msgspec.json.encode(self)


def terminal_of(settings: Mapping[str, str], state: Secret[bytes] | None) -> Terminal:
    """The terminal as it stands: the kept state, where it came from the key that is in the settings."""
    key = settings["terminal_key"]
    first = hashlib.sha256(f"{settings['terminal_sn']}\n{key}".encode()).hexdigest()[:16]
    if state is not None:
        kept = msgspec.json.decode(state.reveal(), type=Terminal)
        if kept.first == first:
            return kept
    return Terminal(first=first, newest=key)


def handed_out(said: Envelope | Outcome, terminal_sn: str | None = None) -> tuple[str, str] | Outcome:
    """Number and key out of an activation or, for ``terminal_sn``, a check-in; the outcome where there are none."""
    if not isinstance(said, Envelope):
        return said
    number, key = said.terminal
    if said.result_code != TAKEN or (not key and said.business.result_code == _REFUSED):
        return _refused(said)
    if not number or not key or not (number + key).isprintable() or not (number + key).isascii():
        return Unknown(Why.UNREADABLE, "no terminal_sn or terminal_key")
    if terminal_sn is not None and number != terminal_sn:
        return Unknown(Why.MISMATCH, "terminal_sn")
    return number, key


def _refused(said: Envelope) -> Outcome:
    """A no, outside or within; whatever else was not taken may have been done."""
    code = said.error_code or said.business.error_code or said.result_code
    if said.result_code in {TAKEN, _NOT_TAKEN}:
        return Declined(reason=DeclineReason.CONFIGURATION, code=code[:32])
    return Unknown(Why.PROVIDER_TROUBLE, code[:32])
