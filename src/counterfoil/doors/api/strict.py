"""Reading what a program sent, strictly: two readers of the same bytes must never understand two things.

JSON is UTF-8 without doubled keys, without NaN or fractions, at most 16 levels deep. A query has each name once. Both
are then held against their shape; the first thing wrong is named.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers

from counterfoil.basis import Fault
from counterfoil.doors.faults import (
    BAD_REQUEST,
    KEY_TWICE,
    MISSING_FIELD,
    NOT_JSON,
    NOT_WHOLE,
    TOO_DEEP,
    UNKNOWN_FIELD,
    WRONG_CHARSET,
    WRONG_MEDIA_TYPE,
    WRONG_TYPE,
    WRONG_VALUE,
)
from counterfoil.doors.language import named

DEPTH_MAX: Final = 16
_WHOLE_MAX: Final = 10**15
_NAME_MAX: Final = 64
_PARAMETERS_MAX: Final = 64

S = TypeVar("S", bound=msgspec.Struct)


class _Fraction:
    """Stands where a number with a point or an exponent stood; no shape takes it, and no float is ever made."""


def read_body(raw: bytes, headers: Headers, shape: type[S]) -> S:
    """The body as ``shape``. Raises the refusals of this module's rules, with the field named."""
    _check_media(headers)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise WRONG_CHARSET() from None
    return _shaped(_parsed(text), shape)


def read_query(raw: bytes, shape: type[S]) -> S:
    """The query string as ``shape``; whole numbers are read where the shape has them. ``lang`` is every door's."""
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            errors="strict",
            max_num_fields=_PARAMETERS_MAX,
        )
    except ValueError:
        raise BAD_REQUEST() from None
    found = _once(pairs)
    if named(found.pop("lang", "en")) is None:
        raise _about(WRONG_VALUE, "lang")
    whole = {field.encode_name for field in msgspec.structs.fields(shape) if _holds_whole(field.type)}
    return _shaped({name: _number(name, text) if name in whole else text for name, text in found.items()}, shape)


def _check_media(headers: Headers) -> None:
    media, _, parameters = headers.get("content-type", "").partition(";")
    if media.strip().lower() != "application/json":
        raise WRONG_MEDIA_TYPE()
    charset = parameters.replace(" ", "").replace('"', "").lower()
    if charset not in ("", "charset=utf-8") or headers.get("content-encoding", "identity") != "identity":
        raise WRONG_CHARSET()


def _parsed(text: str) -> Any:
    try:
        found = json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise TOO_DEEP(most=DEPTH_MAX) from None
    except ValueError:
        raise NOT_JSON() from None
    _check_depth(found, DEPTH_MAX)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of ``pairs``. Refuses a doubled name, a fraction, and text that UTF-8 or a store cannot carry."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise _about(KEY_TWICE, name)
        if not _storable(name):
            raise _about(UNKNOWN_FIELD, name)
        if isinstance(value, _Fraction):
            raise _about(NOT_WHOLE, name)
        if isinstance(value, str) and not _storable(value):
            raise _about(WRONG_VALUE, name)
        made[name] = value
    return made


def _fraction(_text: str) -> _Fraction:
    return _Fraction()


def _whole(text: str) -> int:
    """A whole number; one too long for any field is cut to the first that is out of every bound."""
    value = int(text[:20])
    return max(-_WHOLE_MAX - 1, min(_WHOLE_MAX + 1, value))


def _refuse_constant(_text: str) -> NoReturn:
    raise NOT_JSON()


def _check_depth(value: Any, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise TOO_DEEP(most=DEPTH_MAX)
    for one in value.values() if isinstance(value, dict) else value:
        _check_depth(one, left - 1)


def _storable(text: str) -> bool:
    """No lone surrogate, and no NUL (which PostgreSQL cannot keep)."""
    return "\0" not in text and not _SURROGATE.search(text)


def _holds_whole(annotation: Any) -> bool:
    return "int" in str(annotation)


def _number(name: str, text: str) -> int:
    if not _DIGITS.fullmatch(text):
        raise _about(NOT_WHOLE, name)
    return int(text)


def _shaped(found: Any, shape: type[S]) -> S:
    try:
        return msgspec.convert(found, shape)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None


def _refusal(message: str) -> Fault:
    """Msgspec says in words what is wrong; these are the five sentences it has, kept here and nowhere else."""
    at = _AT.search(message)
    where = at[1].removeprefix("$").lstrip(".") if at else ""
    if unknown := _UNKNOWN.match(message):
        return _about(UNKNOWN_FIELD, _joined(where, unknown[1]))
    if missing := _MISSING.match(message):
        return _about(MISSING_FIELD, _joined(where, missing[1]))
    if not where:
        return NOT_JSON()
    kind = WRONG_TYPE if ", got `" in message else WRONG_VALUE
    return _about(kind, where)


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _about(kind: Any, name: str) -> Fault:
    """The fault about one field; the name comes from outside, so it is shown short and in plain characters."""
    shown = name[:_NAME_MAX].encode("ascii", "backslashreplace").decode()
    fault: Fault = kind(field=shown, name=shown)
    return fault


_AT: Final = re.compile(r" - at `([^`]*)`$")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*?)`(?: - at `[^`]*`)?$", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.*?)`")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DIGITS: Final = re.compile(r"-?[0-9]{1,16}", re.ASCII)
