"""The twelve ways a page is looked at, and which of them a page gets when not all are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

from counterfoil.basis import Language

LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")
THEMES: Final = ("light", "dark")
# A 1024 by 600 till first: that is where a mistake costs most.
SIZES: Final = ((1024, 600), (1440, 900), (390, 844))


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a page. ``examined``: by axe as well, whose look takes longer than all others together."""

    language: Language
    theme: str
    size: tuple[int, int]
    examined: bool = True

    @property
    def by_touch(self) -> bool:
        """Whether fingers press here: everywhere but on a desk's wide screen."""
        return self.size != SIZES[1]

    @property
    def name(self) -> str:
        """``zh-CN-light-1024x600``."""
        return f"{self.language}-{self.theme}-{self.size[0]}x{self.size[1]}"


LOOKS: Final = tuple(Look(*each) for each in product(LANGUAGES, THEMES, SIZES))


def looks_of(at: int, *, every: bool) -> tuple[Look, ...]:
    """The looks of the page at ``at``: all twelve, or one in each language, theme and size changing from page to page.

    Six pages in a row see all twelve. One of the two is examined; four pages in a row see each language in each theme.
    """
    if every:
        return LOOKS
    theme, size, examined = at % 2, at % 3, at // 2 % 2
    return (
        Look("zh-CN", THEMES[theme], SIZES[size], examined=examined == 0),
        Look("en", THEMES[1 - theme], SIZES[(size + 1) % 3], examined=examined == 1),
    )
