"""Who asks for a page: a guest before the sign-in, or somebody signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault, Language, Refused, address_of
from counterfoil.doors.language import language_of, named
from counterfoil.doors.screen.cookies import GUEST, KEYPAD, KEYPADS, LANGUAGE, THEME, cookie_of
from counterfoil.doors.screen.number_words import number_called
from counterfoil.locale import Translate, translator
from counterfoil.people import Actor, NumberRule, Person, Session

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
    def keypad(self) -> str:
        """Which digits stand on top of this device's keypad, one of ``KEYPADS``."""
        kept = cookie_of(self.request, KEYPAD)
        return kept if kept in KEYPADS else KEYPADS[0]

    @property
    def in_the_clear(self) -> bool:
        """Whether this page came unencrypted through an address that other machines reach."""
        server = self.request.scope.get("server")
        here = address_of(server[0]) if server else None
        return self.request.url.scheme == "http" and here is not None and not here.is_loopback

    @property
    def path(self) -> str:
        """Where the guest is, with the query: what a form that comes back here carries."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Guest):
    """Somebody signed in. ``zone`` is the one times are shown in, ``now`` UTC microseconds."""

    session: Session
    actor: Actor
    person: Person
    number_rule: NumberRule
    zone: str
    now: int

    @property
    def merchant_id(self) -> int:
        """Whose money it is."""
        return self.actor.merchant_id

    @property
    def ends_in(self) -> int:
        """In how many seconds the session ends where nobody uses it: when a page that stands open asks again."""
        return max(0, self.session.over_at - self.now) // MICROS

    def operator(self, called: str) -> str:
        """A person in a sentence: what such a number is called before an operator number, else the name alone."""
        return number_called(self.t, self.number_rule, called) if called.isdecimal() else called

    def in_full(self, whose: Person) -> str:
        """A person by number and name, as far as they have them."""
        named = f" · {whose.name}" if whose.number and whose.name else ""
        return self.operator(whose.called) + named

    def note(self, act: str, fault: Fault) -> None:
        """Count a refusal of ``act`` to this person; it becomes a fact of the log."""
        if isinstance(fault, Refused):
            self.app.refusals.note(self.actor, act, fault)


def guest_of(app: App, request: Request) -> Guest:
    """Who asks, before anybody is signed in; language and theme from cookies, else what the browser asks for."""
    return Guest(
        app=app,
        request=request,
        language=language_kept(request) or language_of(request, "zh-CN"),
        theme=theme_kept(request),
        csrf=cookie_of(request, GUEST) or app.entropy.bytes(16).hex(),
    )


def language_kept(request: Request) -> Language | None:
    """The language this device was told to speak."""
    return named(cookie_of(request, LANGUAGE))


def theme_kept(request: Request) -> str:
    """The theme this device was told to have."""
    theme = cookie_of(request, THEME)
    return theme if theme in THEMES else THEMES[0]
