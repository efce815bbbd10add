"""The log of the doors: one JSON object a line, and only what is listed here can get into it.

Each event names the keys it may carry; any other key is dropped and counted. Texts are cut to 300 characters and what
looks like a card number, an API key, a bearer token, a private key or a phone number is masked, in case a listed key is
filled wrongly.
An exception is told by its type, its notes (which ``insist`` writes) and the lines it passed; never by its message or
its variables, which may hold a payment code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, Protocol, TextIO

import structlog

from counterfoil.basis import Clock, rfc3339, without_cards

_EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "request": frozenset({"method", "path", "status", "micros", "code", "merchant_id", "request_id"}),
    "fault": frozenset({"code", "error", "why", "lines", "request_id", "path"}),
    "started": frozenset({"host", "port", "version"}),
    "stopped": frozenset({"reason"}),
    "evidence.not_signed": frozenset({"why"}),
    "notice.refused": frozenset({"code", "merchant_id", "account_id"}),
    "payments.drive_failed": frozenset({"merchant_id", "payment_id", "why"}),
    "provider.not_trusted": frozenset({"merchant_id", "account_id", "why", "count"}),
    "process.ended": frozenset({"process", "code", "again_in_seconds"}),
    "process.not_begun": frozenset({"process", "why"}),
    "process.killed": frozenset({"pid"}),
    "tls.not_renewed": frozenset({"code"}),
    "tls.renewed": frozenset(),
    "worker.round_failed": frozenset({"round", "why"}),
}
_TEXT_MAX: Final = 300
_LINES_MAX: Final = 6
_SECRETS: Final = re.compile(
    r"cf_\d+_[A-Za-z0-9_-]+|Bearer\s+\S+|-----BEGIN[^-]*-----|;\d{12,19}=|\b\d{13,19}\b|\b\d{28}\b|\b1[3-9]\d{9}\b",
    re.IGNORECASE,
)


class Log(Protocol):
    """What the doors write to."""

    def info(self, event: str, **keys: object) -> None:
        """Write one line."""
        ...

    def error(self, event: str, **keys: object) -> None:
        """Write one line about something that should not be."""
        ...


def make_log(out: TextIO, clock: Clock, dropped: Counter[str] | None = None) -> Log:
    """A log that writes to ``out``, each line in one piece, since several processes may share it.

    ``dropped`` counts ``event.key`` of what was not let in.
    """
    log: Log = structlog.wrap_logger(structlog.WriteLogger(out), **_ways(clock, dropped))
    return log


def configure_log(out: TextIO, clock: Clock, dropped: Counter[str] | None = None) -> None:
    """Let what the areas below write through structlog go the same way. Once, by whoever serves."""
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(out), **_ways(clock, dropped))


def _ways(clock: Clock, dropped: Counter[str] | None) -> dict[str, Any]:
    counted = Counter[str]() if dropped is None else dropped

    def stamp(_logger: object, level: str, keys: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"at": rfc3339(clock.now()), "level": level, **keys}

    def allow(_logger: object, _level: str, keys: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return _allowed(keys, counted)

    return {
        "processors": [allow, stamp, structlog.processors.JSONRenderer()],
        "wrapper_class": structlog.make_filtering_bound_logger("info"),
        "context_class": dict,
        "cache_logger_on_first_use": False,
    }


def told_by(error: BaseException) -> dict[str, object]:
    """What may be logged of an exception: its type, its notes, and the lines it passed, innermost last."""
    passed = [f"{_room(frame.filename)}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    return {
        "error": type(error).__qualname__,
        "why": "; ".join(getattr(error, "__notes__", ())),
        "lines": " ".join(passed[-_LINES_MAX:]),
    }


def _allowed(keys: MutableMapping[str, Any], dropped: Counter[str]) -> dict[str, Any]:
    event = str(keys.pop("event", ""))
    listed = _EVENTS.get(event, frozenset())
    kept: dict[str, Any] = {"event": event if event in _EVENTS else "unlisted"}
    for key, value in keys.items():
        if key in listed:
            kept[key] = value if value is None or isinstance(value, bool | int) else _masked(str(value))
        else:
            dropped[f"{kept['event']}.{key}" if key.isidentifier() else kept["event"]] += 1
    return kept


def _masked(text: str) -> str:
    return _SECRETS.sub("***", without_cards(text[: 2 * _TEXT_MAX]))[:_TEXT_MAX]


def _room(filename: str) -> str:
    """The last two parts of a source file's name: enough to find it, without the machine's folders."""
    return "/".join(Path(filename).parts[-2:])
