"""设置: language, theme, speech and keypad of this device, and the help."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.language import named
from counterfoil.doors.office.desk import Desk, own
from counterfoil.doors.office.endpoint import as_anybody, at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import KEYPAD, KEYPADS, LANGUAGE, THEME, YEAR_SECONDS, keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import THEMES, Guest
from counterfoil.doors.screen.pages import go
from counterfoil.people import set_language


def routes(app: App) -> list[BaseRoute]:
    """The page, the help, and three acts that change nothing but how a page looks and are open to guests."""
    return [
        at_desk(app, "/office/settings", settings),
        at_desk(app, "/office/help", help_),
        as_anybody(app, "/office/language", None, change_language),
        as_anybody(app, "/office/theme", None, change_theme),
        as_anybody(app, "/office/keypad", None, change_keypad),
    ]


async def settings(desk: Desk) -> Response:
    """What is set on this device."""
    return render(desk, "settings.html", themes=THEMES, keypads=KEYPADS)


async def help_(desk: Desk) -> Response:
    """What each page is for."""
    return render(desk, "help.html")


async def change_language(guest: Guest, form: Form) -> Response:
    """Show this device, and the session if there is one, in the other language."""
    response = go(own(form.get("back", "")))
    language = named(form.get("language", "")) or guest.language
    keep(response, guest.request, LANGUAGE, language, seconds=YEAR_SECONDS)
    if isinstance(guest, Desk):
        await set_language(guest.app.people, guest.session, language)
    return response


async def change_theme(guest: Guest, form: Form) -> Response:
    """Light, dark, or as the system says."""
    response = go(own(form.get("back", "")))
    theme = form.get("theme", "")
    keep(response, guest.request, THEME, theme if theme in THEMES else "auto", seconds=YEAR_SECONDS)
    return response


async def change_keypad(guest: Guest, form: Form) -> Response:
    """The till's keypad on this device: as on a telephone or as on a calculator."""
    response = go(own(form.get("back", "")))
    keypad = form.get("keypad", "")
    keep(response, guest.request, KEYPAD, keypad if keypad in KEYPADS else KEYPADS[0], seconds=YEAR_SECONDS)
    return response
