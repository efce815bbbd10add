"""The layers of an answer, and how Shouqianba writes amounts and times."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import msgspec

from counterfoil.basis import MICROS

_CHINA: Final = timezone(timedelta(hours=8))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FEN: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_MILLIS: Final = re.compile(r"[0-9]{13}", re.ASCII)
_WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_MILLI: Final = 1000
FEN_MAX: Final = 9_999_999_999


class Unreadable(ValueError):  # noqa: N818 - says what is wrong
    """Bytes or members that are not what the protocol says."""


class Business(msgspec.Struct, frozen=True, kw_only=True):
    """``biz_response``: how the action went, and the order.

    Where a terminal is made, number and key stand in it flat, or in ``data`` as its owner's newer notes have it.
    """

    result_code: str | None = None
    error_code: str | None = None
    data: dict[str, Any] | None = None
    terminal_sn: str | None = None
    terminal_key: str | None = None


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: whether the request was taken, and if it was, what became of it. Unknown members are let be."""

    result_code: str
    error_code: str | None = None
    biz_response: Business | None = None

    @property
    def business(self) -> Business:
        """The inner answer; an empty one where there is none."""
        return self.biz_response or Business()

    @property
    def data(self) -> Mapping[str, Any]:
        """The order; empty where missing, null or empty, which mean the same here."""
        return self.business.data or {}

    @property
    def terminal(self) -> tuple[str, str]:
        """Number and key of an activation or check-in, in either place; empty where missing or no text."""
        flat = self.business
        return flat.terminal_sn or self.said("terminal_sn"), flat.terminal_key or self.said("terminal_key")

    def said(self, name: str) -> str:
        """A word of the order; empty where missing, null, empty, or no text."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""


_DECODER: Final = msgspec.json.Decoder(Envelope)


def request_body(members: Mapping[str, Any]) -> bytes:
    """The bytes of a request: exactly these are signed and sent."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def read_answer(body: bytes) -> Envelope:
    """Read an answer. Raises Unreadable."""
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def fen(value: Any) -> int:
    """An amount in fen, one to ten digits in text. Raises Unreadable for anything else."""
    if isinstance(value, str) and _FEN.fullmatch(value):
        return int(value)
    raise Unreadable("not an amount in fen")


def text_or_none(data: Mapping[str, Any], name: str) -> str | None:
    """A printable text of at most 128 characters; None where absent, empty or something else."""
    value = data.get(name)
    fits = isinstance(value, str) and 0 < len(value) <= 128 and value.isprintable()  # noqa: PLR2004 - trade_no, the longest
    return value if fits else None


def wire_time(micros: int) -> str:
    """An instant as 13 digits: milliseconds since 1970."""
    return str(micros // _MILLI)


def from_wire_time(value: Any) -> int | None:
    """UTC microseconds of 13 digits, or of ``YYYY-MM-DD hh:mm:ss`` at UTC+8; None where it is neither."""
    if not isinstance(value, str):
        return None
    if _MILLIS.fullmatch(value):
        return int(value) * _MILLI
    if not _WRITTEN.fullmatch(value):
        return None
    try:
        local = datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    except ValueError:
        return None
    return (local - _EPOCH) // timedelta(seconds=1) * MICROS


def china_day(micros: int) -> str:
    """The calendar day at UTC+8, ``2026-11-25``."""
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(_CHINA).date().isoformat()
