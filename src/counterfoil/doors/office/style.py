"""Each component in both languages and both themes, side by side: what the pages are made of."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.chart import chart_of
from counterfoil.doors.office.endpoint import as_anybody
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.faults import NOT_AN_AMOUNT
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.looks import Mark
from counterfoil.locale import LANGUAGES, translator
from counterfoil.records import Hour

_COLOURS: Final = (
    *("ground", "surface", "raised", "press", "line", "edge", "ink", "quiet"),
    *("accent", "accent-soft", "good", "good-soft", "bad", "bad-soft", "warn", "warn-soft"),
)
_HOURS: Final = (120, 340, 610, 1280, 900, 420, 380)


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
    hours = [Hour(at, at, 100 * _HOURS[at % len(_HOURS)]) for at in range(8, 22)]
    day = [Hour(at, 0, 0) for at in range(8)] + hours + [Hour(at, 0, 0) for at in range(22, 24)]
    return render(
        guest, "style.html", samples=samples, colours=_COLOURS, chart=chart_of(day, day[3:] + day[:3]), icons=_icons()
    )


def _icons() -> list[str]:
    """The names in the one set of icons."""
    return re.findall(r'<symbol id="([a-z]+)"', (files("counterfoil.doors.static") / "icons.svg").read_text("utf-8"))
