"""Where the pages of records stand: at the till, within one shop, or in the office, over all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.filters import find_of
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest, Signed
from counterfoil.people import Permission, Shop
from counterfoil.records import Find

D = TypeVar("D", bound=Signed)
View: TypeAlias = Callable[[D], Awaitable[Response]]
Act: TypeAlias = Callable[[D, Form], Awaitable[Response]]


class Render(Protocol):
    """The door's own way to make a page of a template."""

    def __call__(self, guest: Guest, template: str, status: int = 200, **more: Any) -> Response:
        """The answer."""
        ...


class FaultPage(Protocol):
    """The door's own way to show a fault."""

    def __call__(self, guest: Guest, fault: Fault, *, to: str, button: str) -> Response:
        """Its page; ``to`` and ``button`` (its text) make the primary button."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Room(Generic[D]):
    """``base`` is the door's address, ``frame`` the template of its pages, ``back`` where Esc leads from the list.

    ``shop_of`` names the shop that is meant where none is said; None: all of them. ``columns`` are shown until somebody
    chooses others, ``rows`` on a page. ``prints``: a receipt printer stands there.
    """

    base: str
    frame: str
    back: str | None
    # A page of the door for who is signed in: what answers GET, and what a form.
    at_desk: Callable[[App, str, View[D] | None, Act[D] | None], BaseRoute]
    render: Render
    fault: FaultPage
    rows: int
    columns: tuple[str, ...]
    today: Callable[[D], str]
    shop_of: Callable[[D], Shop | None]
    prints: Callable[[D], bool]

    def route(self, app: App, rest: str, view: View[D] | None, act: Act[D] | None = None) -> BaseRoute:
        """A route of the door; see ``Door.at_desk``."""
        return self.at_desk(app, self.path(rest), view, act)

    def path(self, rest: str) -> str:
        """The address of one of its pages."""
        return f"{self.base}/{rest}"

    def page(self, desk: D, template: str, status: int = 200, **more: Any) -> Response:
        """A page within the door's frame."""
        return self.render(desk, template, status, room=self, **more)


def asked_by(room: Room[D], desk: D, typed: Mapping[str, str], permission: Permission = Permission.READ) -> Find:
    """What the filters ask for within the shops in which this person may do so. Raises Refused CF-1801, CF-1806."""
    here = room.shop_of(desk)
    return find_of(typed, zone=desk.zone, here=here.id if here else None, shops=desk.actor.shops_for(permission))
