"""The till's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import Pages, link
from counterfoil.doors.till.cookies import own_path
from counterfoil.doors.till.device import device_of

PAGES: Final = Pages(Path(__file__).parent / "templates", device_of=device_of)
render = PAGES.render


def back_of(form: Form) -> str:
    """Where a form says it came from: a page of the till's own, with the amount that was being keyed there."""
    back = form.get("back", "")
    if back == "/till":
        return back
    keyed = "amount" in form and own_path(back) == "/till/take"
    return link("/till/take", amount=form["amount"]) if keyed else own_path(back)
