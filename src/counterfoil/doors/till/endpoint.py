"""From a request to a page: who asks, may they, and what a fault looks like on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.app import App
from counterfoil.basis import Fault, Money, NotMoney
from counterfoil.doors.till.cookies import SESSION, keep_back
from counterfoil.doors.till.desk import Desk, Guest, desk_of, guest_of
from counterfoil.doors.till.fault_page import fault_page
from counterfoil.doors.till.guard import Form, form_of, from_here, texts_of
from counterfoil.doors.till.pages import go, link
from counterfoil.people import SESSION_ENDED

View: TypeAlias = Callable[[Desk], Awaitable[Response]]
Act: TypeAlias = Callable[[Desk, Form], Awaitable[Response]]
GuestView: TypeAlias = Callable[[Guest], Awaitable[Response]]
GuestAct: TypeAlias = Callable[[Guest, Form], Awaitable[Response]]


def at_desk(app: App, path: str, view: View | None, act: Act | None = None) -> BaseRoute:
    """A page for whoever is signed in: ``view`` answers GET, ``act`` a form. Nobody signed in: to the sign-in."""

    async def endpoint(request: Request) -> Response:
        try:
            desk = await desk_of(app, request)
        except Fault as fault:
            return await _signed_out(app, request, fault)
        try:
            if request.method == "POST" and act is not None:
                return await act(desk, await form_of(request, desk.csrf))
            return await view(desk) if view is not None else go("/till/menu")
        except Fault as fault:
            return fault_page(desk, fault)

    return Route(path, endpoint, methods=_methods(act))


def as_guest(app: App, path: str, view: GuestView | None, act: GuestAct | None = None) -> BaseRoute:
    """A page for anybody."""

    async def endpoint(request: Request) -> Response:
        guest = guest_of(app, request)
        try:
            if request.method == "POST" and act is not None:
                return await act(guest, await form_of(request, guest.csrf))
            return await view(guest) if view is not None else go("/till")
        except Fault as fault:
            return fault_page(guest, fault)

    return Route(path, endpoint, methods=_methods(act))


def as_anybody(app: App, path: str, view: GuestView | None, act: GuestAct | None = None) -> BaseRoute:
    """A page that looks the same to everybody: shown with the bar to whoever is signed in."""

    async def endpoint(request: Request) -> Response:
        guest = guest_of(app, request)
        tokens = [guest.csrf]
        try:
            guest = await desk_of(app, request)
            tokens.append(guest.csrf)
        except Fault as fault:
            if fault.kind is not SESSION_ENDED:
                return fault_page(guest, fault)
        try:
            if request.method == "POST" and act is not None:
                return await act(guest, await form_of(request, *tokens))
            return await view(guest) if view is not None else go("/till")
        except Fault as fault:
            return fault_page(guest, fault)

    return Route(path, endpoint, methods=_methods(act))


def _methods(act: object) -> list[str]:
    return ["GET", "POST"] if act is not None else ["GET"]


async def _signed_out(app: App, request: Request, fault: Fault) -> Response:
    if fault.kind is not SESSION_ENDED:
        return fault_page(guest_of(app, request), fault)
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": "/till"})
    if request.method == "GET" and SESSION not in request.cookies:
        return go("/till")
    page = fault_page(guest_of(app, request), fault)
    if sale := await _sale_cut_off(request):
        keep_back(page, request, sale)
    return page


async def _sale_cut_off(request: Request) -> str | None:
    """The page of the sale whose form came too late, with its id and amount; nothing was done with the form.

    The id is the same, so that what had been sent before is shown afterwards and not charged again.
    """
    if request.method != "POST" or not request.url.path.startswith("/till/take"):
        return None
    try:
        from_here(request)
        amount = Money.parse((await texts_of(request)).get("amount", ""))
    except (Fault, NotMoney):
        return None
    return link(request.url.path, amount=amount.decimal())
