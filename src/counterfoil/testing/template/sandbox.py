"""The imaginary provider's sandbox: its protocol over HTTP from the other side, with books of its own.

Everything here is ours. For a real provider say in README.md, for each answer, whether it is documented.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.basis import MICROS, Clock, Entropy
from counterfoil.providers import PACE, Booked, ByAmount, Cut, Pace, Trick, serving
from counterfoil.testing.template.signing import HEADER, NotSigned, sign, verify

# Amounts that play a trick by themselves in a demonstration.
AMOUNTS: Final[Sequence[ByAmount]] = ()
_MERCHANT_NO: Final = "SANDBOX0001"
_BOOKS: Final = "books.json"


class Books:
    """Charges and what went back, by order number, in a file so that a restart knows them."""

    def __init__(self, path: Path) -> None:
        """Read ``path`` where it is there."""
        self._path = path
        self.lines: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def keep(self, order: str, **line: Any) -> dict[str, Any]:
        """Write a line, before anything is answered about it."""
        self.lines[order] = {**self.lines.get(order, {}), **line}
        self._path.write_text(json.dumps(self.lines), "utf-8")
        return self.lines[order]

    def left(self, origin: str) -> int:
        """What of a paid charge did not go back."""
        back = sum(line["amount"] for line in self.lines.values() if _went_back(line, origin))
        return int(self.lines[origin]["amount"] - back)


class TemplateSandbox:
    """What ``counterfoil.providers.Sandbox`` asks of a sandbox."""

    merchant_no = _MERCHANT_NO
    tricks = frozenset(Trick)

    def __init__(self, folder: Path, clock: Clock, entropy: Entropy, pace: Pace) -> None:
        """Books and key lie in ``folder``."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = folder / "key"
        if not key.exists():
            key.write_text(entropy.bytes(16).hex(), "ascii")
        self.url = ""
        self._key = key.read_text("ascii")
        self._ledger = Books(folder / _BOOKS)
        self._next: deque[Trick] = deque()
        self._clock = clock
        self._pace = pace

    @property
    def settings(self) -> Mapping[str, str]:
        """The section that reaches it."""
        return {"base_url": self.url, "merchant_no": _MERCHANT_NO, "api_key": self._key}

    def play(self, *tricks: Trick) -> None:
        """Play these, one for each of the next calls that are no questions."""
        self._next.extend(tricks)

    def books(self) -> Sequence[Booked]:
        """All money that moved, in order."""
        moved = [(order, line) for order, line in self._ledger.lines.items() if self._turned(line) == "paid"]
        return [
            Booked(
                kind="returned" if line.get("origin") else "taken",
                order_no=order,
                amount_minor=line["amount"],
                origin=line.get("origin", ""),
            )
            for order, line in moved
        ]

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/{path}", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        """1 raw bytes, 2 signature, 3 the trick, 4 the books, 5 the signed answer."""
        raw, path = await request.body(), request.path_params["path"]
        try:
            verify(self._key, request.headers, raw)
        except NotSigned:
            return self._signed({"code": "BAD_SIGNATURE"})
        asked = json.loads(raw)
        trick = self._next.popleft() if path != "query" and self._next else None
        if trick is Trick.CUT_BEFORE:
            return Cut()
        if trick is Trick.TROUBLE:
            return self._signed({"code": "SYSTEM_ERROR"})
        told = self._decide(path, asked, trick)
        if trick is Trick.LATE:
            await self._clock.sleep(self._pace.late_seconds)
        return Cut() if trick is Trick.CUT_AFTER else self._signed(_twisted(told, trick), trick)

    def _decide(self, path: str, asked: Mapping[str, Any], trick: Trick | None) -> dict[str, Any]:
        order = asked["order"]
        if path == "query":
            line = self._ledger.lines.get(order)
            return self._told(order, line) if line else self._no(asked, "NOT_FOUND")
        known = self._ledger.lines.get(order)
        if known is not None:
            same = (known["amount"], known.get("origin")) == (asked["amount"], asked.get("origin"))
            return self._told(order, known) if same else self._no(asked, "USED")
        if path == "pay":
            return self._told(order, self._pay(asked, trick))
        return self._undo(asked) if path == "undo" else self._refund(asked)

    def _pay(self, asked: Mapping[str, Any], trick: Trick | None) -> dict[str, Any]:
        state = {Trick.NO: "no", Trick.WAITS: "waits", Trick.LATE_SUCCESS: "never"}.get(trick or Trick.LATE, "paid")
        due = self._clock.now() + int(self._pace.wait_seconds * MICROS)
        return self._ledger.keep(asked["order"], amount=asked["amount"], state=state, due=due)

    def _undo(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Give all of it back; close the number of what never came, so that it cannot come any more."""
        order, origin = asked["order"], asked["origin"]
        line = self._ledger.lines.get(origin)
        if line is None:
            self._ledger.keep(origin, amount=asked["amount"], state="closed", due=0)
            return self._no(asked, "NOTHING_TO_UNDO")
        state = self._turned(line)
        if state == "never":
            self._ledger.keep(origin, state="waits")  # says yes, and the money comes all the same
        elif state == "waits":
            self._ledger.keep(origin, state="closed")
        elif state != "paid" or self._ledger.left(origin) != line["amount"]:
            return self._no(asked, "NOT_ALLOWED")
        back = {"amount": asked["amount"], "origin": origin, "due": 0}
        return self._told(order, self._ledger.keep(order, state="paid" if state == "paid" else "undone", **back))

    def _refund(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        order, origin = asked["order"], asked["origin"]
        line = self._ledger.lines.get(origin)
        if line is None or self._turned(line) != "paid" or asked["amount"] > self._ledger.left(origin):
            return self._no(asked, "NOT_ALLOWED")
        back = {"amount": asked["amount"], "origin": origin, "due": 0}
        return self._told(order, self._ledger.keep(order, state="paid", **back))

    def _turned(self, line: Mapping[str, Any]) -> str:
        """What a line is by now."""
        return "paid" if line["state"] == "waits" and self._clock.now() >= line["due"] else line["state"]

    def _told(self, order: str, line: Mapping[str, Any]) -> dict[str, Any]:
        back = any(_went_back(other, order) for other in self._ledger.lines.values())
        state = "back" if back and self._turned(line) == "paid" else self._turned(line)
        codes = {"paid": "OK", "undone": "OK", "waits": "PENDING", "never": "PENDING", "no": "NO_FUNDS"}
        return self._about({"order": order, **line}, codes.get(state, "CLOSED"))

    def _no(self, asked: Mapping[str, Any], code: str) -> dict[str, Any]:
        return self._about(asked, code)

    def _about(self, line: Mapping[str, Any], code: str) -> dict[str, Any]:
        trade_no = f"T{line['order']}"
        money = {"amount": line.get("amount"), "currency": "CNY"}
        return {"code": code, "order": line["order"], "merchant": _MERCHANT_NO, **money, "trade_no": trade_no}

    def _signed(self, told: Mapping[str, Any], trick: Trick | None = None) -> Response:
        body = json.dumps(told).encode()
        signature = sign(self._key, body + b" " if trick is Trick.WRONG_SIGNATURE else body)
        return Response(body, headers={HEADER: signature}, media_type="application/json")


@asynccontextmanager
async def open_sandbox(
    folder: Path, *, clock: Clock, entropy: Entropy, port: int = 0, pace: Pace = PACE
) -> AsyncIterator[TemplateSandbox]:
    """Serve while the block runs; key and books lie in ``folder``."""
    sandbox = TemplateSandbox(folder, clock, entropy, pace)
    async with serving(sandbox.app(), port=port) as url:
        sandbox.url = url
        yield sandbox


def _went_back(line: Mapping[str, Any], origin: str) -> bool:
    return bool(line.get("origin") == origin and line["state"] == "paid")


def _twisted(told: dict[str, Any], trick: Trick | None) -> dict[str, Any]:
    """An answer that does not say what was done."""
    change: dict[Trick, dict[str, Any]] = {
        Trick.UNKNOWN_CODE: {"code": "WHATEVER"},
        Trick.OTHER_AMOUNT: {"amount": 1},
        Trick.OTHER_CURRENCY: {"currency": "USD"},
    }
    return told | change.get(trick or Trick.LATE, {})
