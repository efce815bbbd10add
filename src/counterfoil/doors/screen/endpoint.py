"""From a request to a page: who asks, may they, and what a fault looks like on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.app import App
from counterfoil.basis import Fault, FaultKind
from counterfoil.doors.screen.cookies import cookie_of
from counterfoil.doors.screen.guard import Form, form_of
from counterfoil.doors.screen.guest import Guest, Signed, guest_of
from counterfoil.doors.screen.pages import go
from counterfoil.people import SESSION_ENDED

D = TypeVar("D", bound=Signed)
GuestView: TypeAlias = Callable[[Guest], Awaitable[Response]]
GuestAct: TypeAlias = Callable[[Guest, Form], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class First:
    """Where somebody has to go before anything else: the page, the act there, and the fault of any other form."""

    path: str
    act: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Door(Generic[D]):
    """How one door lets people in.

    ``begin`` is where one signs in, ``home`` where one is then, ``cookie`` holds the session's token; ``signed`` finds
    who that is and raises Refused CF-2003 where nobody is. ``came_too_late`` may keep, on the page that says so, what
    a request wanted whose session had ended. ``leads``: where somebody goes on who has come half of the way in.
    ``sent_away`` may keep, on the way to the sign-in, what was asked for.
    ``hold`` refuses a form of somebody signed in before anything of it is believed. ``first``: where somebody signed in
    has to go before anything else; a form of theirs is refused with its fault, a page leads there.
    """

    begin: str
    home: str
    cookie: str
    signed: Callable[[App, Request], Awaitable[D]]
    fault_page: Callable[[Guest, Fault], Response]
    came_too_late: Callable[[Request, Response], Awaitable[None]] | None = None
    leads: Mapping[FaultKind, str] = field(default_factory=dict)
    hold: Callable[[D], Awaitable[None]] | None = None
    sent_away: Callable[[Request, Response], None] | None = None
    first: Callable[[D], First | None] | None = None

    def at_desk(
        self,
        app: App,
        path: str,
        view: Callable[[D], Awaitable[Response]] | None,
        act: Callable[[D, Form], Awaitable[Response]] | None = None,
    ) -> BaseRoute:
        """A page for who is signed in: ``view`` answers GET, ``act`` a form. Nobody signed in: to the sign-in."""

        async def endpoint(request: Request) -> Response:
            try:
                desk = await self.signed(app, request)
            except Fault as fault:
                return await self._signed_out(app, request, fault)
            first = self.first(desk) if self.first is not None else None
            try:
                if request.method == "POST" and act is not None:
                    await self._hold(desk)
                    form = await form_of(request, desk.csrf)
                    if first is not None:
                        desk.note(first.act, first.fault)
                        raise first.fault
                    return await act(desk, form)
                if first is not None:
                    return _led(request, first.path)
                return await view(desk) if view is not None else go(self.home)
            except Fault as fault:
                return self.fault_page(desk, fault)

        return Route(path, endpoint, methods=_methods(act))

    def as_guest(self, app: App, path: str, view: GuestView | None, act: GuestAct | None = None) -> BaseRoute:
        """A page for anybody."""

        async def endpoint(request: Request) -> Response:
            guest = guest_of(app, request)
            try:
                if request.method == "POST" and act is not None:
                    return await act(guest, await form_of(request, guest.csrf))
                return await view(guest) if view is not None else go(self.begin)
            except Fault as fault:
                return self.fault_page(guest, fault)

        return Route(path, endpoint, methods=_methods(act))

    def as_anybody(self, app: App, path: str, view: GuestView | None, act: GuestAct | None = None) -> BaseRoute:
        """A page that looks the same to everybody: shown with the frame to whoever is signed in."""

        async def endpoint(request: Request) -> Response:
            guest = guest_of(app, request)
            tokens = [guest.csrf]
            try:
                guest = desk = await self.signed(app, request)
                tokens.append(guest.csrf)
                if request.method == "POST":
                    await self._hold(desk)
            except Fault as fault:
                if fault.kind is not SESSION_ENDED:
                    return self.fault_page(guest, fault)
            try:
                if request.method == "POST" and act is not None:
                    return await act(guest, await form_of(request, *tokens))
                return await view(guest) if view is not None else go(self.begin)
            except Fault as fault:
                return self.fault_page(guest, fault)

        return Route(path, endpoint, methods=_methods(act))

    async def _hold(self, desk: D) -> None:
        if self.hold is not None:
            await self.hold(desk)

    async def _signed_out(self, app: App, request: Request, fault: Fault) -> Response:
        if fault.kind in self.leads and request.method == "GET":
            return self._away(request, _on(request, self.leads[fault.kind]))
        if fault.kind is not SESSION_ENDED:
            return self.fault_page(guest_of(app, request), fault)
        if request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Redirect": self.begin})
        if request.method == "GET" and not cookie_of(request, self.cookie):
            return self._away(request, go(self.begin))
        page = self.fault_page(guest_of(app, request), fault)
        if self.came_too_late is not None:
            await self.came_too_late(request, page)
        return self._away(request, page)

    def _away(self, request: Request, response: Response) -> Response:
        if self.sent_away is not None:
            self.sent_away(request, response)
        return response


def _led(request: Request, path: str) -> Response:
    """The way to where somebody has to go first. A page that asks by itself stays: something is being typed in it."""
    return Response(status_code=204) if request.headers.get("hx-request") else go(path)


def _on(request: Request, path: str) -> Response:
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": path})
    return go(path)


def _methods(act: object) -> list[str]:
    return ["GET", "POST"] if act is not None else ["GET"]
