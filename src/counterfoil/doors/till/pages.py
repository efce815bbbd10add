"""The till's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from counterfoil.doors.screen.pages import Pages

PAGES: Final = Pages(Path(__file__).parent / "templates")
render = PAGES.render
