"""Where somebody wanted to go who first had to sign in: to a request, as from the code that a till shows."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.doors.screen.cookies import cookie_of, drop, keep
from counterfoil.doors.screen.pages import go

WANTED: Final = "cf_office_to"
# As long as a request from a till lives, and a little for signing in.
WANTED_SECONDS: Final = 15 * 60
_HOME: Final = "/office/home"
_REQUEST: Final = re.compile(r"/office/requests/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def keep_wanted(request: Request, response: Response) -> None:
    """Remember the request that was asked for; of other pages nothing is kept."""
    if request.method == "GET" and _REQUEST.fullmatch(request.url.path):
        keep(response, request, WANTED, request.url.path, seconds=WANTED_SECONDS)


def arrive(request: Request) -> Response:
    """Go on there, once; home where nothing was asked for. Nothing but the path of a request is believed."""
    wanted = cookie_of(request, WANTED)
    response = go(wanted if _REQUEST.fullmatch(wanted) else _HOME)
    if wanted:
        drop(response, request, WANTED)
    return response
