"""故障说明: every fault there is, found by its code or by any word of it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import FaultKind
from counterfoil.doors.office.endpoint import as_anybody
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.explained import explained
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guest import Guest
from counterfoil.locale import LANGUAGES, translator
from counterfoil.support import catalogue, normal

_ASKED_MAX: Final = 64


def routes(app: App) -> list[BaseRoute]:
    """The list and one of them; both open to anybody, for they speak of nobody."""
    return [as_anybody(app, "/office/faults", faults), as_anybody(app, "/office/faults/{code}", one)]


async def faults(guest: Guest) -> Response:
    """All of them, or those that hold what was asked for in either language."""
    asked = guest.request.query_params.get("q", "").strip()[:_ASKED_MAX]
    found = [explained(kind, guest.language) for kind in catalogue().values() if _holds(kind, asked)]
    return render(guest, "faults.html", asked=asked, found=found)


async def one(guest: Guest) -> Response:
    """One of them in both languages, the reader's first, as it may be printed. Raises Refused CF-1804."""
    known = catalogue()
    kind = known.get(normal(guest.request.path_params["code"]))
    if kind is None:
        raise NO_SUCH_PAGE()
    codes = list(known)
    at = codes.index(kind.code)
    languages = sorted(LANGUAGES, key=lambda each: each != guest.language)
    return render(
        guest,
        "explained.html",
        told=[(language, translator(language), explained(kind, language)) for language in languages],
        before=codes[at - 1] if at else None,
        after=codes[at + 1] if at + 1 < len(codes) else None,
    )


def _holds(kind: FaultKind, asked: str) -> bool:
    texts = (kind.code, *(text for words in (kind.zh, kind.en) for text in (words.what, words.money, words.do)))
    return asked.casefold() in "\n".join(texts).casefold()
