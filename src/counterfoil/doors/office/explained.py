"""故障说明: every fault there is, found by its code or by any word of it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import FaultKind
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.explained import explained
from counterfoil.support import catalogue

_ASKED_MAX: Final = 64


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/faults", faults)]


async def faults(desk: Desk) -> Response:
    """All of them, or those that hold what was asked for."""
    asked = desk.request.query_params.get("q", "").strip()[:_ASKED_MAX]
    found = [explained(kind, desk.language) for kind in catalogue().values() if _holds(kind, asked)]
    return render(desk, "faults.html", asked=asked, found=found)


def _holds(kind: FaultKind, asked: str) -> bool:
    texts = (kind.code, *(text for words in (kind.zh, kind.en) for text in (words.what, words.money, words.do)))
    return asked.casefold() in "\n".join(texts).casefold()
