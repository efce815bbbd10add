"""What an index of payments carries beside the time, so that a filter is judged in the index and not in the rows.

``facets`` packs a few bits of each thing people filter by: exact for the short lists, a hash for ids. Equal facets do
not prove equal ids, different ones do prove different ids: the row itself is always looked at afterwards.
``amount_band`` puts amounts into bands a quarter of an octave wide, so that a narrow range is a few bands.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

_METHODS: Final = ("card", "qr", "nfc", "cash")
_WALLETS: Final = ("wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other")
# The place 0 is that of what stands in no list: of an entry that nobody told.
_ENTRIES: Final = ("consumer_code", "merchant_code", "static_code", "tap", "chip", "swipe", "keyed")
# Name, bits, and the list whose place stands there; where there is none, a hash does. 53 bits in all, so that
# any reader of JSON reads the number whole.
_FIELDS: Final[tuple[tuple[str, int, tuple[str, ...] | None], ...]] = (
    ("method", 3, _METHODS),
    ("wallet", 3, _WALLETS),
    ("entry", 3, _ENTRIES),
    ("provider", 5, None),
    ("account_id", 7, None),
    ("shop_id", 10, None),
    ("terminal_id", 11, None),
    ("operator_id", 11, None),
)
_NAMES: Final = tuple(name for name, _, _ in _FIELDS)
FACETS: Final = frozenset(_NAMES)
_KEPT: Final = 8192
# Bands an octave: the next band begins at 19 % more.
_BANDS: Final = 4


def facets(row: Mapping[str, Any]) -> int:
    """The facets of a payment's row."""
    return _facets(*[row[name] for name in _NAMES])


@lru_cache(maxsize=_KEPT)
def _facets(*said: str | None) -> int:
    """Terminals take the same kinds of payment all day."""
    return facet_filter(dict(zip(_NAMES, said, strict=True)))[1]


def facet_filter(wanted: Mapping[str, Any]) -> tuple[int, int]:
    """A mask over the fields named in ``wanted``, and what ``facets & mask`` is where they hold."""
    mask = value = shift = 0
    for name, bits, listed in _FIELDS:
        if name in wanted:
            mask |= ((1 << bits) - 1) << shift
            value |= _bits(str(wanted[name]), bits, listed) << shift
        shift += bits
    return mask, value


def amount_band(amount_minor: int) -> int:
    """floor(4·log2(amount)), in whole numbers; 0 for nothing."""
    return int(max(amount_minor, 1) ** _BANDS).bit_length() - 1


def search_keys(row: Mapping[str, Any]) -> dict[str, int]:
    """The two columns of a payment's row that follow from the others."""
    return {"facets": facets(row), "amount_band": amount_band(row["amount_minor"])}


def _bits(text: str, bits: int, listed: tuple[str, ...] | None) -> int:
    if listed is not None:
        return listed.index(text) + 1 if text in listed else 0
    return zlib.crc32(text.encode()) & ((1 << bits) - 1)
