"""The till's own cookies: the session, which terminal this device is, and the lock screen."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.doors.screen import cookies

SESSION: Final = "cf_session"
TERMINAL: Final = "cf_terminal"
LOCK: Final = "cf_lock"
BACK: Final = "cf_back"
KEYPAD: Final = cookies.KEYPAD
KEY_SIZE: Final = "cf_keys"
# The first of each is what a device begins with.
KEYPADS: Final = cookies.KEYPADS
KEY_SIZES: Final = ("plain", "large")
_BACK_SECONDS: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock screen keeps: whose it is and where to go on. The session itself has ended."""

    number: str
    back: str


def terminal_kept(request: Request, merchant_id: int) -> str | None:
    """The terminal this device was said to be, if it is one of that merchant."""
    whose, _, terminal_id = cookies.cookie_of(request, TERMINAL).partition(".")
    return terminal_id if whose == str(merchant_id) else None


def merchant_kept(request: Request) -> int | None:
    """The merchant of the terminal this device was said to be."""
    return cookies.whole(cookies.cookie_of(request, TERMINAL).partition(".")[0])


def lock_value(locked: Locked) -> str:
    """The lock as a cookie's value."""
    return base64.urlsafe_b64encode(f"{locked.number}\n{locked.back}".encode()).decode()


def lock_kept(request: Request) -> Locked | None:
    """The lock this device stands under."""
    try:
        text = base64.urlsafe_b64decode(cookies.cookie_of(request, LOCK)).decode()
    except (binascii.Error, ValueError):
        return None
    number, gap, back = text.partition("\n")
    return Locked(number, own_path(back)) if gap else None


def keep_back(response: Response, request: Request, path: str) -> None:
    """Keep, for a quarter of an hour, the page of a sale that was cut off because the session had ended."""
    cookies.keep(response, request, BACK, path, seconds=_BACK_SECONDS)


def back_kept(request: Request) -> str:
    """The page to go on with after the sign-in: the sale that was cut off, else the menu."""
    return own_path(cookies.cookie_of(request, BACK))


def own_path(path: str) -> str:
    """``path`` if it is one of the till's own pages, else the menu."""
    return cookies.own_path(path, "/till/", "/till/menu")


def keypad_kept(request: Request) -> str:
    """How this device's keypad is laid out."""
    kept = cookies.cookie_of(request, KEYPAD)
    return kept if kept in KEYPADS else KEYPADS[0]


def key_size_kept(request: Request) -> str:
    """How large this device's keys are."""
    kept = cookies.cookie_of(request, KEY_SIZE)
    return kept if kept in KEY_SIZES else KEY_SIZES[0]
