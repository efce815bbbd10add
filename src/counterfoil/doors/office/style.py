"""Each component in both languages and both themes, side by side: what the pages are made of."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.endpoint import as_anybody
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.faults import NOT_AN_AMOUNT
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.looks import Mark
from counterfoil.locale import LANGUAGES, translator


def routes(app: App) -> list[BaseRoute]:
    """One page; it shows nothing of anybody."""
    return [as_anybody(app, "/office/_style", style)]


async def style(guest: Guest) -> Response:
    """The four samples."""
    samples = []
    for language in LANGUAGES:
        t = translator(language)
        marks = [
            Mark("good", "tick", t("state.captured")),
            Mark("bad", "cross", t("state.declined")),
            Mark("checking", "checking", t("state.unknown")),
            Mark("quiet", "return", t("state.refunded")),
        ]
        told = NOT_AN_AMOUNT().tell(language)
        samples += [(theme, language, t, marks, told) for theme in ("light", "dark")]
    return render(guest, "style.html", samples=samples)
