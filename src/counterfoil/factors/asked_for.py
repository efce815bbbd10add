"""What a sign-in page needs to ask for a passkey, before or after a password."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from counterfoil.factors.means import Means
from counterfoil.factors.reading import Passkey
from counterfoil.factors.second_step import FIRST, SECOND
from counterfoil.factors.site import Site
from counterfoil.factors.ticket import issue
from counterfoil.people import Session

_TIMEOUT_MS: Final = 120_000


def ask_first(means: Means, site: Site, merchant_id: int) -> tuple[str, str]:
    """Ticket and options for a passkey of anybody: the device says whose it is."""
    text, ticket = issue(means, FIRST, merchant_id)
    return text, options_of(site, ticket.nonce, ())


def ask_second(means: Means, site: Site, session: Session, passkeys: Sequence[Passkey]) -> tuple[str, str]:
    """Ticket and options for one of these passkeys."""
    text, ticket = issue(means, SECOND, session.merchant_id, session=session)
    return text, options_of(site, ticket.nonce, passkeys)


def options_of(site: Site, challenge: str, passkeys: Sequence[Passkey]) -> str:
    """The JSON that a page hands to ``navigator.credentials.get()``; ``challenge`` is base64url."""
    usable = [one for one in passkeys if one.rp_id == site.rp_id and not one.locked]
    options = {
        "rpId": site.rp_id,
        "challenge": challenge,
        "userVerification": "required",
        "timeout": _TIMEOUT_MS,
        "allowCredentials": [{"type": "public-key", "id": one.credential_id} for one in usable],
    }
    return json.dumps(options)
