"""The words on screens and paper: gettext catalogues in Chinese and English, and how numbers and times are written.

Rules
- Chinese is written first; English says the same, it does not translate.
- A message is named (``till.menu.take``); both catalogues hold the same names; a missing one stops the page.
- Catalogues are read from ``.po`` at first use and compiled in memory; nothing compiled is kept in the repository.
- Faults carry their own words (``basis.Words``); they are not repeated here.
"""

from counterfoil.locale.catalogue import LANGUAGES, Translate, names, translator
from counterfoil.locale.formats import clock_time, day, full_time, seconds_left, when

__all__ = [
    "LANGUAGES",
    "Translate",
    "clock_time",
    "day",
    "full_time",
    "names",
    "seconds_left",
    "translator",
    "when",
]
