"""Cookies of pages for people: all ``HttpOnly; SameSite=Strict; Path=/``; over TLS ``Secure``, and named ``__Host-``.

A browser takes a cookie of that name from this very host alone, over TLS: nobody who holds a neighbouring name, or the
line while it was not encrypted, can plant one. Over TLS no other name is read.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

GUEST: Final = "cf_guest"
LANGUAGE: Final = "cf_language"
THEME: Final = "cf_theme"
KEYPAD: Final = "cf_keypad"
# 123 on top as on a telephone, or 789 as on a calculator; the first is what a device begins with.
KEYPADS: Final = ("telephone", "calculator")
YEAR_SECONDS: Final = 365 * 24 * 3600
_DIGITS_MAX: Final = 15
_HOST_ONLY: Final = "__Host-"


def keep(response: Response, request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie; without ``seconds`` it goes with the browser."""
    called, secure = _called(request, name), _over_tls(request)
    response.set_cookie(called, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict")


def drop(response: Response, request: Request, name: str) -> None:
    """Take a cookie away."""
    called, secure = _called(request, name), _over_tls(request)
    response.delete_cookie(called, path="/", secure=secure, httponly=True, samesite="strict")


def signed_out(response: Response, request: Request, name: str) -> None:
    """The session's cookie goes, and with it what the browser keeps of our pages, those it could go back to as well.

    Not its storage, where an enrolled terminal's key lies, nor the cookies of language, look and terminal, which are
    the device's and not the person's.
    """
    drop(response, request, name)
    response.headers["Clear-Site-Data"] = '"cache"'


def cookie_of(request: Request, name: str) -> str:
    """What the browser kept under a name; empty where nothing."""
    return request.cookies.get(_called(request, name), "")


def _called(request: Request, name: str) -> str:
    return _HOST_ONLY + name if _over_tls(request) else name


def _over_tls(request: Request) -> bool:
    return request.url.scheme == "https"


def whole(text: str) -> int | None:
    """A whole number as it stands in a cookie or an address; None for anything else, and past 15 digits."""
    return int(text) if len(text) <= _DIGITS_MAX and text.isascii() and text.isdigit() else None


def own_path(path: str, door: str, home: str) -> str:
    """``path`` if it is one of the pages under ``door``, else ``home``: a form never sends anybody elsewhere."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and "//" not in path
    return path if plain and path.startswith(door) else home
