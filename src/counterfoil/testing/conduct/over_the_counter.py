"""What holds where no provider is called: cash."""

from __future__ import annotations

from pathlib import Path

from counterfoil.basis import Money
from counterfoil.providers import Approved, Manifest, NoAnswer, Unknown
from counterfoil.testing.conduct.canned import AMOUNT
from counterfoil.testing.conduct.misconduct import must
from counterfoil.testing.conduct.stage import open_desk


async def gives_and_takes_over_the_counter(manifest: Manifest, folder: Path) -> None:
    """Money taken, voided and given back is Approved at once, nobody is called, and nobody can be asked about it."""
    async with open_desk(manifest, folder, canned=NoAnswer("not to be asked")) as desk:
        number = desk.number()
        said = [
            await desk.charge(number),
            await desk.void(desk.number(), number),
            await desk.reverse(desk.number(), number),
            await desk.refund(desk.number(), number, Money(AMOUNT.minor - 1)),
        ]
        must(all(isinstance(outcome, Approved) for outcome in said), f"over the counter it is {said}")
        must(isinstance(await desk.query(number), Unknown), "nobody can be asked about it")
        must(desk.wire.asked == 0, "somebody was called")
