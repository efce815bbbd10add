"""Lakala's sandbox as everybody else sees one: see ``counterfoil.providers.sandbox``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.basis import Clock, Entropy
from counterfoil.providers import PACE, Booked, Pace
from counterfoil.providers import Trick as Asked
from counterfoil.providers.lakala.sandbox.callers import Callers
from counterfoil.providers.lakala.sandbox.keys import SandboxKeys, make_sandbox_keys
from counterfoil.providers.lakala.sandbox.server import APPID, MERCHANT_NO, TERM_NO, Sandbox, running_sandbox
from counterfoil.providers.lakala.sandbox.trick import BY_AMOUNT, Trick
from counterfoil.providers.lakala.sm4 import Sm4

AMOUNTS: Final = BY_AMOUNT
_TRICKS: Final[Mapping[Asked, Trick]] = {
    Asked.NO: Trick.BALANCE,
    Asked.WAITS: Trick.PASSWORD,
    Asked.LATE: Trick.LATE,
    Asked.CUT_BEFORE: Trick.CUT_BEFORE,
    Asked.CUT_AFTER: Trick.CUT_AFTER,
    Asked.WRONG_SIGNATURE: Trick.WRONG_SIGNATURE,
    Asked.UNKNOWN_CODE: Trick.UNLISTED_CODE,
    Asked.OTHER_AMOUNT: Trick.OTHER_AMOUNT,
    Asked.OTHER_CURRENCY: Trick.OTHER_CURRENCY,
    Asked.TROUBLE: Trick.TROUBLE,
    Asked.LATE_SUCCESS: Trick.CODE_LATE,
}
_LEGS: Final = frozenset({"void", "refund"})
# A charge that was paid, whatever went back since.
_PAID: Final = frozenset({"SUCCESS", "PART_REFUND", "REFUND"})


@dataclass(frozen=True, slots=True)
class Face:
    """A sandbox that runs at ``url``."""

    sandbox: Sandbox
    url: str
    settings: Mapping[str, str]
    merchant_no: str = MERCHANT_NO
    tricks: frozenset[Asked] = frozenset(_TRICKS)

    def play(self, *tricks: Asked) -> None:
        """Play these, one for each of the next calls that are no questions."""
        self.sandbox.next.extend(_TRICKS[trick] for trick in tricks)

    def books(self) -> Sequence[Booked]:
        """What was taken and what went back. A charge undone before it was paid moved nothing either way."""
        trades = {trade.order_no: trade for trade in self.sandbox.ledger.trades()}
        paid = {no for no, trade in trades.items() if trade.kind == "charge" and trade.state in _PAID}
        booked = []
        for trade in trades.values():
            if trade.order_no in paid:
                booked.append(Booked(kind="taken", order_no=trade.order_no, amount_minor=trade.amount))
            elif trade.kind in _LEGS and trade.origin in paid:
                about = {"order_no": trade.order_no, "origin": trade.origin}
                booked.append(Booked(kind="returned", amount_minor=trade.amount, **about))
        return booked


@asynccontextmanager
async def open_sandbox(
    folder: Path, *, clock: Clock, entropy: Entropy, port: int = 0, pace: Pace = PACE
) -> AsyncIterator[Face]:
    """Serve while the block runs; keys and books lie in ``folder``."""
    keys = make_sandbox_keys(folder, clock=clock, entropy=entropy)
    callers = Callers()
    callers.register_folder(keys.merchants)
    sandbox = Sandbox(keys, clock=clock, entropy=entropy, state_path=folder / "ledger.jsonl", callers=callers)
    sandbox.late_seconds, sandbox.password_seconds = pace.late_seconds, pace.wait_seconds
    sandbox.scan_seconds = pace.scan_seconds
    sandbox.sm4 = Sm4(keys.sm4_key.read_text("ascii"))
    async with running_sandbox(sandbox, port=port) as url:
        yield Face(sandbox, url, section(keys, url))


def section(keys: SandboxKeys, url: str) -> dict[str, str]:
    """The section ``[providers.<account>]`` that reaches a sandbox with these keys at ``url``."""
    return {
        "base_url": url,
        "appid": APPID,
        "serial_no": keys.serial_no,
        "merchant_no": MERCHANT_NO,
        "term_no": TERM_NO,
        "private_key": str(keys.merchant_key.resolve()),
        "platform_certs": str(keys.platform_cert.resolve()),
        "request_ip": "127.0.0.1",
        "card_terminal": TERM_NO,
    }
