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
    """One way to look at a page."""

    language: Language
    theme: str
    size: tuple[int, int]

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
    """The looks of the page at ``at``: all twelve, or one, another from page to page; twelve in a row see all."""
    if every:
        return LOOKS
    return (Look(LANGUAGES[at % 2], THEMES[at // 2 % 2], SIZES[at % 3]),)
