"""The V3 envelope, and how Lakala writes amounts and times."""

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
_DIGITS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_TIME: Final = re.compile(r"[0-9]{14}", re.ASCII)
VERSION: Final = "3.0"


class Unreadable(ValueError):  # noqa: N818 - says what is wrong
    """Bytes or members that are not what the protocol says."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: its code, its words, and the data. Unknown members are let be."""

    code: str
    msg: str | None = None
    resp_data: dict[str, Any] | None = None


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """V3 and V2 call the same things otherwise."""

    code: str | None = None
    msg: str | None = None
    resp_data: dict[str, Any] | None = None
    retCode: str | None = None  # noqa: N815 - the wire's name
    retMsg: str | None = None  # noqa: N815 - as above
    respData: dict[str, Any] | None = None  # noqa: N815 - as above


_DECODER: Final = msgspec.json.Decoder(_Said)


def request_body(data: Mapping[str, Any], at: int) -> bytes:
    """The bytes of a V3 request: exactly these are signed and sent."""
    envelope = {"req_time": wire_time(at), "version": VERSION, "req_data": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def request_body_v2(data: Mapping[str, Any], at: int, req_id: str) -> bytes:
    """The bytes of a V2 request, in the form of the official SDK; ``req_id`` is 32 hex digits."""
    envelope = {"reqId": req_id, "reqTime": wire_time(at), "version": "2.0", "reqData": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def read_answer(body: bytes) -> Envelope:
    """Read an answer, V3 or V2. Raises Unreadable."""
    try:
        both = _DECODER.decode(body)
        code = both.code or both.retCode
        if code is None:
            raise Unreadable("no code")
        return Envelope(code=code, msg=both.msg or both.retMsg, resp_data=both.resp_data or both.respData)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def fen(value: Any) -> int:
    """An amount in fen, sent as digits in text or as a number. Raises Unreadable for anything else."""
    if type(value) is int and 0 <= value < 10**12:
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise Unreadable("not an amount in fen")


def fen_or_none(data: Mapping[str, Any], name: str) -> int | None:
    """As ``fen``; None where the member is absent, null or empty."""
    value = data.get(name)
    return None if value is None or value == "" else fen(value)


def word(data: Mapping[str, Any], name: str) -> str | None:
    """A member that is a text, or a whole number that should have been one; None where it is neither, or empty."""
    value = data.get(name)
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) and value else None


def text_or_none(data: Mapping[str, Any], name: str) -> str | None:
    """A printable text of at most 128 characters; None where absent, empty or something else.

    What cannot be printed cannot be stored everywhere, and an approval must not be lost for its number.
    """
    value = data.get(name)
    fits = isinstance(value, str) and 0 < len(value) <= 128 and value.isprintable()  # noqa: PLR2004 - S128, the longest
    return value if fits else None


def wire_time(micros: int) -> str:
    """An instant as ``yyyyMMddHHmmss`` at UTC+8."""
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(_CHINA).strftime("%Y%m%d%H%M%S")


def from_wire_time(value: Any) -> int | None:
    """UTC microseconds of a ``yyyyMMddHHmmss``; None where it is none."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        local = datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=_CHINA)
    except ValueError:
        return None
    return (local - _EPOCH) // timedelta(seconds=1) * MICROS
