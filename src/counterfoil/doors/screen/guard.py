"""A form is believed only from our own pages: the right origin, and the token that only those pages know."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Final, TypeAlias

from starlette.requests import Request

from counterfoil.doors.screen.faults import FOREIGN_FORM, FORM_STALE

Form: TypeAlias = Mapping[str, str]

_URLENCODED: Final = "application/x-www-form-urlencoded"


def from_here(request: Request) -> None:
    """Go on only if the browser says that the request comes from this origin. Raises Refused CF-1803."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        raise FOREIGN_FORM()
    if site not in (None, "same-origin", "none"):
        raise FOREIGN_FORM()
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise FOREIGN_FORM()


async def form_of(request: Request, *tokens: str) -> Form:
    """The form's texts. Raises Refused CF-1803, CF-1802 where its token is none of those that were given out."""
    from_here(request)
    form = await texts_of(request)
    shown = form.get("csrf", "").encode()
    if not any(hmac.compare_digest(shown, token.encode()) for token in tokens):
        raise FORM_STALE()
    return form


async def texts_of(request: Request) -> Form:
    """What the form says, believed or not. Raises Refused CF-1802 for a kind of body that none of our pages sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _URLENCODED:
        raise FORM_STALE()
    # Kept as it came too: what a terminal signs are these bytes.
    await request.body()
    async with request.form(max_files=0, max_fields=50) as sent:
        return {name: value for name, value in sent.items() if isinstance(value, str)}
