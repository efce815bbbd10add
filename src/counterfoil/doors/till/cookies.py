"""The till's cookies: all ``HttpOnly; SameSite=Strict; Path=/``, and ``Secure`` over TLS."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

SESSION: Final = "cf_session"
GUEST: Final = "cf_guest"
LANGUAGE: Final = "cf_language"
THEME: Final = "cf_theme"
TERMINAL: Final = "cf_terminal"
LOCK: Final = "cf_lock"
BACK: Final = "cf_back"
YEAR_SECONDS: Final = 365 * 24 * 3600
_DIGITS_MAX: Final = 15
_BACK_SECONDS: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock screen keeps: whose it is and where to go on. The session itself has ended."""

    number: str
    back: str


def keep(response: Response, request: Request, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie; without ``seconds`` it goes with the browser."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict")


def drop(response: Response, request: Request, name: str) -> None:
    """Take a cookie away."""
    secure = request.url.scheme == "https"
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")


def terminal_kept(request: Request, merchant_id: int) -> str | None:
    """The terminal this device was said to be, if it is one of that merchant."""
    whose, _, terminal_id = request.cookies.get(TERMINAL, "").partition(".")
    return terminal_id if whose == str(merchant_id) else None


def merchant_kept(request: Request) -> int | None:
    """The merchant of the terminal this device was said to be."""
    return whole(request.cookies.get(TERMINAL, "").partition(".")[0])


def whole(text: str) -> int | None:
    """A whole number as it stands in a cookie or an address; None for anything else, and past 15 digits."""
    return int(text) if len(text) <= _DIGITS_MAX and text.isascii() and text.isdigit() else None


def lock_value(locked: Locked) -> str:
    """The lock as a cookie's value."""
    return base64.urlsafe_b64encode(f"{locked.number}\n{locked.back}".encode()).decode()


def lock_kept(request: Request) -> Locked | None:
    """The lock this device stands under."""
    try:
        text = base64.urlsafe_b64decode(request.cookies.get(LOCK, "")).decode()
    except (binascii.Error, ValueError):
        return None
    number, gap, back = text.partition("\n")
    return Locked(number, own_path(back)) if gap else None


def keep_back(response: Response, request: Request, path: str) -> None:
    """Keep, for a quarter of an hour, the page of a sale that was cut off because the session had ended."""
    keep(response, request, BACK, path, seconds=_BACK_SECONDS)


def back_kept(request: Request) -> str:
    """The page to go on with after the sign-in: the sale that was cut off, else the menu."""
    return own_path(request.cookies.get(BACK, ""))


def own_path(path: str) -> str:
    """``path`` if it is one of the till's own pages, else the menu: a form never sends anybody elsewhere."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and "//" not in path
    return path if plain and path.startswith("/till/") else "/till/menu"
