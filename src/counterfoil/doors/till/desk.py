"""Who stands at the till: an operator at a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from counterfoil.app import App
from counterfoil.basis import insist, local_day
from counterfoil.doors.pace import held_to
from counterfoil.doors.screen.cookies import cookie_of
from counterfoil.doors.screen.guest import Signed, language_kept, theme_kept
from counterfoil.doors.till.cookies import SESSION
from counterfoil.payments import waiting
from counterfoil.people import (
    ENROLLED,
    SESSION_ENDED,
    Shop,
    Terminal,
    authenticate_session,
    enrolment_of,
    number_rule_of,
    person,
    shop,
    terminal,
)
from counterfoil.second_person import Request as Asked
from counterfoil.second_person import waiting_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Signed):
    """An operator signed in at a terminal of a shop. ``waiting`` counts what is being checked there.

    ``asked``: what was asked of somebody there and waits for them.
    ``enrolled``: the terminal takes only forms that its own device has signed.
    """

    terminal: Terminal
    shop: Shop
    waiting: int
    enrolled: bool
    asked: tuple[Asked, ...] = ()

    @property
    def business_day(self) -> str:
        """营业日: the shop's day at this moment."""
        return local_day(self.now, self.shop.zone, self.shop.day_ends_minute)


async def desk_of(app: App, request: Request) -> Desk:
    """The operator whose session the cookie names. Raises Refused CF-2003 where there is none that lives, CF-1060."""
    # htmx and a stream of news ask by themselves: that is no use of the session by a person.
    used = "hx-request" not in request.headers and request.headers.get("accept") != "text/event-stream"
    token = cookie_of(request, SESSION)
    caller = held_to(app.session_pace, token)
    session, actor = await authenticate_session(app.people, token, used=used)
    app.session_pace.count(caller)
    who = await person(app.store, session.merchant_id, session.person_id)
    if session.terminal_id is None:
        raise SESSION_ENDED()
    place = await terminal(app.store, session.merchant_id, session.terminal_id)
    where = await shop(app.store, session.merchant_id, place.shop_id) if place else None
    insist(who and place and where, "a session has its person, its terminal and that terminal's shop")
    if who is None or place is None or where is None:
        raise SESSION_ENDED()
    key = await enrolment_of(app.store, session.merchant_id, place.id)
    if key is not None and key.state != ENROLLED:
        raise SESSION_ENDED()
    now = app.clock.now()
    open_here = await waiting(app.store, session.merchant_id, place.id)
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
        zone=where.zone,
        terminal=place,
        shop=where,
        waiting=len(open_here),
        asked=tuple(await waiting_at(app.store, session.merchant_id, place.id, now)),
        enrolled=key is not None,
        now=now,
    )
