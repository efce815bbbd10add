"""What was said to and by providers, masked, kept for support in a bounded ring of files beside the store.

It is a convenience, never evidence: writing happens on its own thread, nothing waits for it, and what does not fit or
cannot be written is dropped and counted. Masking is by allow-list: a member of an exchange whose name the manifest does
not list as showable is written as ``***``, and what was hidden in the request stays hidden wherever the answer says it.
A card number is hidden wherever it stands: a provider may say one in its own words.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from counterfoil.basis import is_card_number, rfc3339, without_cards

HIDDEN: Final = "***"
_LINE_BYTES_MAX: Final = 64 * 1024
_TEXT_MAX: Final = 256
_DEPTH_MAX: Final = 12
_HIDE_LENGTH_MIN: Final = 4
_NAME: Final = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)
# Never shown, whatever a manifest lists.
_NEVER: Final = frozenset({"auth_code", "authCode", "authorization", "password", "private_key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came of it; ``status`` and ``answer`` are None where no whole answer came."""

    at: int
    account_id: str
    url: str
    request: bytes
    end: str
    status: int | None = None
    headers: Mapping[str, str] | None = None
    answer: bytes | None = None


class Spool:
    """The ring ``exchange-000001.jsonl`` … in ``folder``: at most ``files_max`` files of ``file_bytes_max`` bytes."""

    def __init__(
        self, folder: Path, *, file_bytes_max: int = 4 << 20, files_max: int = 16, waiting_max: int = 1000
    ) -> None:
        """Start the writing thread."""
        self._folder = folder
        self._file_bytes_max = file_bytes_max
        self._files_max = files_max
        self._waiting: queue.Queue[tuple[Exchange, frozenset[str]] | None] = queue.Queue(waiting_max)
        self._count = threading.Lock()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many exchanges were not written."""
        return self._dropped

    def note(self, exchange: Exchange, showable: frozenset[str]) -> None:
        """Hand over an exchange; returns at once and never raises."""
        try:
            self._waiting.put_nowait((exchange, showable))
        except queue.Full:
            self._drop()

    def close(self) -> None:
        """Write what waits, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        ring = _Ring(self._folder, self._file_bytes_max, self._files_max)
        while (waiting := self._waiting.get()) is not None:
            try:
                ring.append(masked_line(*waiting))
            except Exception:  # noqa: BLE001 - a spool that cannot write must not disturb anything else
                self._drop()
        ring.close()

    def _drop(self) -> None:
        with self._count:
            self._dropped += 1


class _Ring:
    """The files: append to the newest, begin another when full, delete the oldest."""

    def __init__(self, folder: Path, file_bytes_max: int, files_max: int) -> None:
        self._folder = folder
        self._file_bytes_max = file_bytes_max
        self._files_max = files_max
        self._open: BinaryIO | None = None

    def append(self, line: bytes) -> None:
        """Write one line. Raises OSError where the disk refuses."""
        if self._open is not None and self._open.tell() + len(line) > self._file_bytes_max:
            self.close()
        if self._open is None:
            self._open = self._next().open("ab")
        self._open.write(line)
        self._open.flush()

    def close(self) -> None:
        """Close the newest file."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _next(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        files = sorted(self._folder.glob("exchange-*.jsonl"))
        for old in files[: max(0, len(files) - self._files_max + 1)]:
            old.unlink(missing_ok=True)
        newest = int(files[-1].stem.rpartition("-")[2]) if files else 0
        return self._folder / f"exchange-{newest + 1:06d}.jsonl"


def masked_line(exchange: Exchange, showable: frozenset[str]) -> bytes:
    """One JSON line of the exchange, masked, at most 64 KiB."""
    shown = showable - _NEVER
    request = _read(exchange.request)
    hidden = frozenset(_hidden(request, shown, listed=False, depth=0))
    said: dict[str, Any] = {
        "at": rfc3339(exchange.at),
        "account": exchange.account_id,
        "to": exchange.url,
        "end": exchange.end,
        "request": _mask(request, shown, hidden),
    }
    if exchange.answer is not None:
        headers = exchange.headers or {}
        said["status"] = exchange.status
        said["headers"] = {name: _text(value, hidden) for name, value in headers.items() if name.lower() in shown}
        said["answer"] = _mask(_read(exchange.answer), shown, hidden)
    line = json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
    if len(line) > _LINE_BYTES_MAX:
        return masked_line(_without_bodies(exchange), showable)
    return line


def _without_bodies(exchange: Exchange) -> Exchange:
    return Exchange(
        at=exchange.at, account_id=exchange.account_id, url=exchange.url, request=b"", end=f"{exchange.end}, too long"
    )


def _read(raw: bytes) -> Any:
    """The JSON of ``raw``, or a value that is hidden whole."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return HIDDEN


def _mask(value: Any, shown: frozenset[str], hidden: frozenset[str], *, listed: bool = False, depth: int = 0) -> Any:
    """``value`` with all but the listed members hidden. The outermost object counts as listed."""
    if depth > _DEPTH_MAX:
        return HIDDEN
    if isinstance(value, dict) and (listed or depth == 0):
        return {
            (name if name in shown or _NAME.fullmatch(name) else HIDDEN): _mask(
                inner, shown, hidden, listed=name in shown, depth=depth + 1
            )
            for name, inner in value.items()
        }
    if not listed:
        return HIDDEN
    if isinstance(value, list):
        return [_mask(inner, shown, hidden, listed=True, depth=depth + 1) for inner in value]
    if isinstance(value, str):
        return _text(value, hidden)
    return HIDDEN if isinstance(value, int) and is_card_number(str(value)) else value


def _text(value: str, hidden: frozenset[str]) -> str:
    for secret in hidden:
        value = value.replace(secret, HIDDEN)
    return without_cards(value)[:_TEXT_MAX]


def _hidden(value: Any, shown: frozenset[str], *, listed: bool, depth: int) -> Iterator[str]:
    """Every text of a request that masking hides, so that an answer repeating it hides it too."""
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _hidden(inner, shown, listed=(listed or depth == 0) and name in shown, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _hidden(inner, shown, listed=listed, depth=depth + 1)
    elif isinstance(value, str) and not listed and len(value) >= _HIDE_LENGTH_MIN:
        yield value
