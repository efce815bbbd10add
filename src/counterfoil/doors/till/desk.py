"""Who stands at the till: a guest before the sign-in, or an operator at a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from counterfoil.app import App
from counterfoil.basis import Fault, Language, Refused, insist, local_day
from counterfoil.doors.language import language_of, named
from counterfoil.doors.till.cookies import GUEST, LANGUAGE, SESSION, THEME
from counterfoil.locale import Translate, translator
from counterfoil.payments import waiting
from counterfoil.people import (
    SESSION_ENDED,
    Actor,
    Person,
    Session,
    Shop,
    Terminal,
    authenticate_session,
    person,
    shop,
    terminal,
)

THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A request and how it wants to be answered. ``csrf`` is what its forms must bring back."""

    app: App
    request: Request
    language: Language
    theme: str
    csrf: str

    @property
    def t(self) -> Translate:
        """The texts in this guest's language."""
        return translator(self.language)

    @property
    def path(self) -> str:
        """Where the guest is, with the query: what a form that comes back here carries."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Guest):
    """An operator signed in at a terminal of a shop. ``waiting`` counts what is being checked there."""

    session: Session
    actor: Actor
    person: Person
    terminal: Terminal
    shop: Shop
    waiting: int
    now: int

    @property
    def merchant_id(self) -> int:
        """Whose money it is."""
        return self.actor.merchant_id

    @property
    def business_day(self) -> str:
        """营业日: the shop's day at this moment."""
        return local_day(self.now, self.shop.zone, self.shop.day_ends_minute)

    def note(self, act: str, fault: Fault) -> None:
        """Count a refusal of ``act`` to this operator; it becomes a fact of the log."""
        if isinstance(fault, Refused):
            self.app.refusals.note(self.actor, act, fault)


def guest_of(app: App, request: Request) -> Guest:
    """Who asks, before anybody is signed in; language and theme from cookies, else what the browser asks for."""
    theme = request.cookies.get(THEME, "auto")
    return Guest(
        app=app,
        request=request,
        language=named(request.cookies.get(LANGUAGE, "")) or language_of(request, "zh-CN"),
        theme=theme if theme in THEMES else "auto",
        csrf=request.cookies.get(GUEST) or app.entropy.bytes(16).hex(),
    )


async def desk_of(app: App, request: Request) -> Desk:
    """The operator whose session the cookie names. Raises Refused CF-2003 where there is none that lives."""
    guest = guest_of(app, request)
    # htmx asks by itself, every few seconds: that is no use of the session by a person.
    used = "hx-request" not in request.headers
    session, actor = await authenticate_session(app.people, request.cookies.get(SESSION, ""), used=used)
    who = await person(app.store, session.merchant_id, session.person_id)
    place = await terminal(app.store, session.merchant_id, session.terminal_id)
    where = await shop(app.store, session.merchant_id, place.shop_id) if place else None
    insist(who and place and where, "a session has its person, its terminal and that terminal's shop")
    if who is None or place is None or where is None:
        raise SESSION_ENDED()
    open_here = await waiting(app.store, session.merchant_id, place.id)
    return Desk(
        app=app,
        request=request,
        language=named(request.cookies.get(LANGUAGE, "")) or session.language,
        theme=guest.theme,
        csrf=session.csrf,
        session=session,
        actor=actor,
        person=who,
        terminal=place,
        shop=where,
        waiting=len(open_here),
        now=app.clock.now(),
    )
