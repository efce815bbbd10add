"""Shouqianba's sandbox as everybody else sees one: see ``counterfoil.providers.sandbox``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from counterfoil.basis import Clock, Entropy
from counterfoil.providers import PACE, Booked, Pace, serving
from counterfoil.providers import Trick as Asked
from counterfoil.providers.shouqianba.sandbox.ledger import Order
from counterfoil.providers.shouqianba.sandbox.notices import Notices, kept_key, new_private_key, public_half
from counterfoil.providers.shouqianba.sandbox.server import DEVICE_ID, Sandbox
from counterfoil.providers.shouqianba.sandbox.trick import BY_AMOUNT, Trick

AMOUNTS: Final = BY_AMOUNT
# All but WRONG_SIGNATURE: Shouqianba signs no answers.
_TRICKS: Final[Mapping[Asked, Trick]] = {
    Asked.NO: Trick.BALANCE,
    Asked.WAITS: Trick.PASSWORD,
    Asked.LATE: Trick.LATE,
    Asked.CUT_BEFORE: Trick.CUT_BEFORE,
    Asked.CUT_AFTER: Trick.CUT_AFTER,
    Asked.UNKNOWN_CODE: Trick.UNLISTED_CODE,
    Asked.OTHER_AMOUNT: Trick.OTHER_AMOUNT,
    Asked.OTHER_CURRENCY: Trick.OTHER_CURRENCY,
    Asked.TROUBLE: Trick.TROUBLE,
    Asked.LATE_SUCCESS: Trick.CODE_LATE,
}


@dataclass(frozen=True, slots=True)
class Face:
    """A sandbox that runs at ``url``."""

    sandbox: Sandbox
    url: str
    settings: Mapping[str, str]
    merchant_no: str = ""
    tricks: frozenset[Asked] = frozenset(_TRICKS)

    def play(self, *tricks: Asked) -> None:
        """Play these, one for each of the next calls that are no questions."""
        self.sandbox.next.extend(_TRICKS[trick] for trick in tricks)

    def books(self) -> Sequence[Booked]:
        """What was taken and what went back."""
        return [line for order in self.sandbox.ledger.orders() for line in _lines(order)]


@asynccontextmanager
async def open_sandbox(
    folder: Path,
    *,
    clock: Clock,
    entropy: Entropy,
    port: int = 0,
    pace: Pace = PACE,
    new_key: Callable[[], RSAPrivateKey] = new_private_key,
) -> AsyncIterator[Face]:
    """Serve while the block runs; the books, and the key that signs notices, lie in ``folder``.

    ``new_key`` makes that key where there is none yet.
    """
    key = kept_key(folder / "notice_key.pem", new_key)
    notices = Notices(key, clock)
    sandbox = Sandbox(clock=clock, entropy=entropy, notices=notices, state_path=folder / "ledger.jsonl")
    sandbox.late_seconds, sandbox.wait_seconds = pace.late_seconds, pace.wait_seconds
    sandbox.scan_seconds = pace.scan_seconds
    try:
        async with serving(sandbox.app(), port=port) as url:
            yield Face(sandbox, url, _section(sandbox, url) | {"notice_key": public_half(key)})
    finally:
        await sandbox.close()


def _section(sandbox: Sandbox, url: str) -> dict[str, str]:
    terminal = sandbox.terminal
    return {"base_url": url, "terminal_sn": terminal.sn, "terminal_key": terminal.first, "device_id": DEVICE_ID}


def _lines(order: Order) -> Iterator[Booked]:
    if order.taken_at is None:
        return
    yield Booked(kind="taken", order_no=order.client_sn, amount_minor=order.total)
    for request_no, amount in order.refunds.items():
        yield Booked(kind="returned", order_no=request_no, amount_minor=amount, origin=order.client_sn)
    if order.undone_at is not None:
        yield Booked(kind="returned", order_no=f"{order.sn}-void", amount_minor=order.total, origin=order.client_sn)
