"""How times are written: in the shop's zone, relative only within the last hour."""

from __future__ import annotations

from datetime import date
from typing import Final

from counterfoil.basis import MICROS, Language, local_time
from counterfoil.locale.catalogue import translator

_MINUTE: Final = 60 * MICROS
_HOUR: Final = 60 * _MINUTE


def when(micros: int, *, zone: str, now: int, language: Language) -> str:
    """``刚刚``, ``5 分钟前``, today ``14:35``, this year ``11-22 14:35``, else with the year."""
    t = translator(language)
    past = now - micros
    if 0 <= past < _MINUTE:
        return t("time.just_now")
    if 0 <= past < _HOUR:
        return t("time.minutes_ago", n=past // _MINUTE)
    there, here = local_time(micros, zone), local_time(now, zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    return f"{there:%m-%d %H:%M}" if there.year == here.year else f"{there:%Y-%m-%d %H:%M}"


def full_time(micros: int, *, zone: str) -> str:
    """``2026-11-22 14:35:02 +08:00``: what stands behind every short time."""
    return local_time(micros, zone).isoformat(" ", "seconds").replace("+", " +")


def clock_time(micros: int, *, zone: str) -> str:
    """``14:35`` on the shop's clock."""
    return f"{local_time(micros, zone):%H:%M}"


def day(text: str, language: Language) -> str:
    """A business day ``2026-11-22`` with its weekday: ``11月22日 周日``, ``Sun 22 Nov``."""
    made = date.fromisoformat(text)
    t = translator(language)
    weekday = t(f"time.weekday.{made.isoweekday()}")
    return t("time.day", weekday=weekday, month=t(f"time.month.{made.month}"), day=made.day)


def seconds_left(until: int, now: int) -> int:
    """Whole seconds until an instant, never below zero."""
    return max(0, -((now - until) // MICROS))
