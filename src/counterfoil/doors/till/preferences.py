"""Language, theme, keypad and speech: kept on the device, changed from every page."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.language import named
from counterfoil.doors.screen.cookies import LANGUAGE, THEME, YEAR_SECONDS, keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import THEMES, Guest
from counterfoil.doors.screen.pages import go
from counterfoil.doors.till.cookies import KEY_SIZE, KEY_SIZES, KEYPAD, KEYPADS
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import as_anybody
from counterfoil.doors.till.pages import back_of
from counterfoil.people import set_language


def routes(app: App) -> list[BaseRoute]:
    """Three acts without a page; open to guests, for they change nothing but how a page looks."""
    return [
        as_anybody(app, "/till/language", None, change_language),
        as_anybody(app, "/till/theme", None, change_theme),
        as_anybody(app, "/till/keypad", None, change_keypad),
    ]


async def change_language(guest: Guest, form: Form) -> Response:
    """Show this device, and the session if there is one, in the other language."""
    response = go(back_of(form))
    language = named(form.get("language", "")) or guest.language
    keep(response, guest.request, LANGUAGE, language, seconds=YEAR_SECONDS)
    if isinstance(guest, Desk):
        await set_language(guest.app.people, guest.session, language)
    return response


async def change_theme(guest: Guest, form: Form) -> Response:
    """Light, dark, or as the system says."""
    response = go(back_of(form))
    theme = form.get("theme", "")
    keep(response, guest.request, THEME, theme if theme in THEMES else "auto", seconds=YEAR_SECONDS)
    return response


async def change_keypad(guest: Guest, form: Form) -> Response:
    """123 or 789 on top, and the size of the keys; what the form does not name stays."""
    response = go(back_of(form))
    for field, cookie, known in (("keypad", KEYPAD, KEYPADS), ("keys", KEY_SIZE, KEY_SIZES)):
        if form.get(field) in known:
            keep(response, guest.request, cookie, form[field], seconds=YEAR_SECONDS)
    return response
