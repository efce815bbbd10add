"""Code 128 (ISO/IEC 15417) of digits: code set C, two digits a symbol, as till scanners read it."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import insist

# Widths of bars and spaces in turn, a symbol each, by its value (ISO/IEC 15417, table 1).
_WIDTHS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122"
    "123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323"
    "131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131"
    "213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122"
    "141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112"
    "124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141"
    "4111312114122112142112322331112"
)
_STOP: Final = 106
# Six widths a symbol; the last, stop, has a seventh: the bar that ends the code.
PATTERNS: Final = (*(_WIDTHS[6 * n : 6 * n + 6] for n in range(_STOP)), _WIDTHS[6 * _STOP :])
_START_C: Final = 105
_CHECK_MODULUS: Final = 103


def bars(digits: str) -> tuple[tuple[int, int], ...]:
    """Each bar as (where it begins, how wide it is) in modules, from the left. ``digits``: an even number of them."""
    insist(digits.isascii() and digits.isdecimal() and len(digits) % 2 == 0, "code set C takes digits in pairs")
    values = [_START_C, *(int(digits[n : n + 2]) for n in range(0, len(digits), 2))]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % _CHECK_MODULUS
    made, at = [], 0
    for n, width in enumerate(int(each) for value in (*values, check, _STOP) for each in PATTERNS[value]):
        # A symbol has three bars and three spaces, so bars stand at the even places throughout.
        if n % 2 == 0:
            made.append((at, width))
        at += width
    return tuple(made)


def width_of(digits: str) -> int:
    """The whole width in modules, without the quiet zones (10 modules on each side)."""
    begins, wide = bars(digits)[-1]
    return begins + wide
