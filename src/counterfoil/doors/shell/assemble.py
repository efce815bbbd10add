"""Put the routes of the doors into one application, with everything around them in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.basis import NOWHERE, Clock, Ids, Networks
from counterfoil.doors.log import Log
from counterfoil.doors.shell.body import BodyLimit
from counterfoil.doors.shell.caller import Caller
from counterfoil.doors.shell.crowd import Crowd
from counterfoil.doors.shell.deadline import Deadline
from counterfoil.doors.shell.errors import FaultPage, Guard, answer, fault_of, plain_page
from counterfoil.doors.shell.headers import SecurityHeaders
from counterfoil.doors.shell.journal import Journal
from counterfoil.doors.shell.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the shell needs: a clock and ids for the log line, the log, how a page shows a fault, and the limits.

    ``tls``: people reach this server over TLS, which ends at a proxy before it. ``subdomains``:
    over TLS browsers are told to stay with it for all names below this one. ``proxies``: whose word is believed.
    """

    clock: Clock
    ids: Ids
    log: Log
    page: FaultPage = plain_page
    limits: Limits = LIMITS
    tls: bool = False
    subdomains: bool = False
    proxies: Networks = NOWHERE


def assemble(routes: Sequence[BaseRoute], around: Surroundings) -> Starlette:
    """One application of all ``routes``. Outermost first: log line, headers, caller, faults, crowd, deadline, body."""

    async def refuse(request: Request, error: Exception) -> Response:
        return await answer(request, fault_of(error), around.page, headers_of(error))

    paths = [route.path for route in routes if isinstance(route, Route)]
    return Starlette(
        routes=list(routes),
        middleware=[
            Middleware(Journal, clock=around.clock, ids=around.ids, log=around.log, paths=paths),
            Middleware(SecurityHeaders, tls=around.tls, subdomains=around.subdomains),
            Middleware(Caller, proxies=around.proxies),
            Middleware(Guard, log=around.log, page=around.page),
            Middleware(Crowd, page=around.page),
            Middleware(Deadline, limits=around.limits),
            Middleware(BodyLimit, limits=around.limits),
        ],
        exception_handlers={HTTPException: refuse},
    )


def headers_of(error: Exception) -> dict[str, str]:
    """The headers Starlette's own refusals carry: ``Allow`` beside 405."""
    return dict(error.headers or {}) if isinstance(error, HTTPException) else {}
