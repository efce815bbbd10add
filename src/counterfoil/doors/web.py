"""The whole web: every door's routes with the shell around them, and how a server is told to serve it."""

from __future__ import annotations

import sys
from ssl import SSLContext
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from counterfoil.basis import Fault, Networks
from counterfoil.doors import api, office, public, static, till
from counterfoil.doors.log import Log, make_log
from counterfoil.doors.office.pages import fault_page as office_fault_page
from counterfoil.doors.screen.guest import guest_of
from counterfoil.doors.shell import BoundedProtocol, Surroundings, assemble
from counterfoil.doors.till.fault_page import fault_page as till_fault_page

if TYPE_CHECKING:
    from counterfoil.app import App

_IDLE_SECONDS: Final = 15
_CLOSE_SECONDS: Final = 10


def make_web(app: App, log: Log | None = None) -> Starlette:
    """The application of ``app``'s doors. ``log`` is standard error unless given."""

    async def page(request: Request, fault: Fault) -> Response:
        shown = office_fault_page if request.url.path.startswith(("/office", "/setup")) else till_fault_page
        return shown(guest_of(app, request), fault)

    routes = [*api.routes(app), *public.routes(app), *static.routes(), *till.routes(app), *office.routes(app)]
    written = log or make_log(sys.stderr, app.clock)
    # Said by the settings, not by a header of the request, which anybody could send.
    tls = (app.settings.server.public_url or "").startswith("https://")
    proxies = Networks.read(app.settings.server.proxies)
    around = Surroundings(
        clock=app.clock,
        ids=app.ids,
        log=written,
        page=page,
        tls=tls,
        subdomains=app.settings.server.hsts_subdomains,
        proxies=proxies,
    )
    return assemble(routes, around)


def serving(web: Starlette, host: str, port: int, tls: SSLContext | None = None) -> uvicorn.Config:
    """How uvicorn serves it: no Server header, no access log of its own; ``BoundedProtocol`` bounds what it serves.

    uvicorn takes no proxy's word for who a caller is; ``shell.caller_of`` does, for those that the settings name.
    """
    return uvicorn.Config(
        web,
        host=host,
        port=port,
        http=BoundedProtocol,
        loop="auto",
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_config=None,
        ssl_context_factory=None if tls is None else lambda *_: tls,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_CLOSE_SECONDS,
    )
