"""All pages of the office."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office import (
    accounts,
    activity,
    api_keys,
    approvals,
    channel_settings,
    days,
    evidence,
    explained,
    holds,
    home,
    known,
    my_sign_in,
    networks,
    notices,
    numbers,
    opening,
    operators,
    payment_routes,
    people_report,
    person_login,
    person_number,
    person_roles,
    policy,
    requests,
    resetting,
    resolving,
    roles,
    room,
    second,
    settings,
    setup,
    shops,
    sign_in,
    style,
    terminal_key,
    terminals,
    their_sign_in,
    waiting,
)
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.screen.faults import NO_SUCH_PAGE

_PAGES = (
    *(setup, sign_in, second, my_sign_in, their_sign_in, approvals),
    *(
        home,
        room,
        days,
        shops,
        terminal_key,
        terminals,
        operators,
        person_roles,
        person_login,
        person_number,
        roles,
        resetting,
    ),
    *(requests, policy, numbers),
    *(opening, accounts, channel_settings, known, payment_routes, waiting, resolving, notices, holds),
    *(evidence, explained, settings, networks, style),
    *(activity, people_report, api_keys),
)


def routes(app: App) -> list[BaseRoute]:
    """Everything under ``/office``."""
    pages = [route for page in _PAGES for route in page.routes(app)]
    return [*pages, at_desk(app, "/office/{rest:path}", _nothing_here)]


async def _nothing_here(_: Desk) -> Response:
    raise NO_SUCH_PAGE()
