"""A code to be scanned from a screen, as a picture."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import segno
from markupsafe import Markup

# ISO/IEC 18004: four modules of white around a code, and enough spare for a thumb's print on the glass.
_QUIET: Final = 4
_SPARE: Final = "m"


@lru_cache(maxsize=64)
def picture(code: str) -> Markup:
    """``code`` as a QR code in SVG, as large as its place; black on white in either theme, which scanners need."""
    made = segno.make(code, error=_SPARE, micro=False)
    return Markup(made.svg_inline(omitsize=True, border=_QUIET, dark="#000", light="#fff"))  # noqa: S704 - modules, none of the text
