"""Who is signed in to the office: a supervisor or administrator of a merchant, at no terminal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from starlette.requests import Request

from counterfoil.app import App
from counterfoil.basis import local_day
from counterfoil.doors.pace import held_to
from counterfoil.doors.place import hold_place
from counterfoil.doors.screen.cookies import cookie_of, own_path
from counterfoil.doors.screen.guest import Signed, language_kept, theme_kept
from counterfoil.factors import demand_second_factor, is_proven
from counterfoil.people import (
    OFFICE,
    SESSION_ENDED,
    Merchant,
    NumberKind,
    Permission,
    authenticate_session,
    demand_somewhere,
    merchant,
    number_rule_of,
    person,
)
from counterfoil.second_person import Inbox, inbox

SESSION: Final = "cf_office"
MERCHANT: Final = "cf_office_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Signed):
    """Somebody in the office."""

    merchant: Merchant
    # Whether all of the office is open: somebody who has shown their password only sees the way on.
    inside: bool = True
    # The requests that wait for them, and what they have just confirmed.
    inbox: Inbox = field(default_factory=Inbox)
    approval_id: str | None = None

    @property
    def day(self) -> str:
        """The merchant's day at this moment."""
        return local_day(self.now, self.merchant.zone, 0)

    def operator(self, called: str) -> str:
        """As at the till, but one that is not special is an operator's: here people of every role have numbers.

        Unless the merchant has a word of its own for those.
        """
        rule = self.number_rule
        if called.isdecimal() and rule.kind(called) is NumberKind.CASHIER and not rule.cashier_word:
            return self.t("bar.operator", word=self.t("record.operator"), number=called)
        return Signed.operator(self, called)

    @property
    def manages_people(self) -> bool:
        """Whether they may add and disable operators."""
        return self.actor.may(Permission.MANAGE_PEOPLE)

    @property
    def manages_settings(self) -> bool:
        """Whether they may change what holds for the whole merchant."""
        return self.actor.may(Permission.MANAGE_SETTINGS)

    @property
    def manages_networks(self) -> bool:
        """Whether they may say from which networks the office, the API and dangerous acts are used."""
        return self.actor.may(Permission.MANAGE_NETWORKS)

    @property
    def manages_places(self) -> bool:
        """Whether they may add and disable shops and terminals."""
        return self.actor.may(Permission.MANAGE_PLACES)


async def desk_of(app: App, request: Request) -> Desk:
    """Whose session the cookie names.

    Raises CF-1060; Refused CF-2003 where there is none that lives, CF-2021, CF-2120; CF-2050, CF-2051 where a second
    factor is still to be shown or set up.
    """
    desk = await half_way(app, request)
    await demand_second_factor(app.factors, desk.session, desk.actor)
    return replace(desk, inbox=await inbox(app.factors, desk.actor))


async def half_way(app: App, request: Request) -> Desk:
    """Whose session the cookie names, second factor or not. Raises CF-1060, CF-2003, CF-2021, CF-2120."""
    # htmx asks by itself, every second: that is no use of the session by a person.
    used = "hx-request" not in request.headers
    token = cookie_of(request, SESSION)
    caller = held_to(app.session_pace, token)
    session, actor = await authenticate_session(app.people, token, used=used)
    app.session_pace.count(caller)
    who = await person(app.store, session.merchant_id, session.person_id)
    whose = await merchant(app.store, session.merchant_id)
    if session.terminal_id is not None or who is None or whose is None:
        raise SESSION_ENDED()
    demand_somewhere(actor, Permission.OFFICE)
    await hold_place(app, request, session.merchant_id, OFFICE)
    return Desk(
        app=app,
        request=request,
        language=language_kept(request) or session.language,
        theme=theme_kept(request),
        csrf=session.csrf,
        session=session,
        actor=actor,
        person=who,
        number_rule=await number_rule_of(app.store, session.merchant_id),
        zone=whose.zone,
        now=app.clock.now(),
        merchant=whose,
        inside=is_proven(session) or not actor.may_do_dangerous,
    )


def own(path: str) -> str:
    """``path`` if it is one of the office's own pages, else its home."""
    return path if path == "/office" else own_path(path, "/office/", "/office/home")
