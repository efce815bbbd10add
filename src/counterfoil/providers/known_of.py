"""Asking an account's provider for its own records of us."""

from __future__ import annotations

from typing import cast

from counterfoil.basis import Clock
from counterfoil.providers.accounts import Accounts
from counterfoil.providers.connector import TellsWhatItKnows
from counterfoil.providers.faults import NOT_READ
from counterfoil.providers.read_out import SaidField, answered_to, read_out
from counterfoil.store import Row


async def known_of(accounts: Accounts, account: Row, read: str, clock: Clock) -> tuple[SaidField, ...]:
    """What the provider answers to ``read``, a key of its manifest's ``reads``. Raises NOT_READ and Refused CF-42xx."""
    manifest = accounts.manifest(account["provider"])
    if read not in {one.key for one in manifest.reads}:
        raise NOT_READ(said=read[:60])
    connector = cast("TellsWhatItKnows", accounts.connector(account))
    settings = accounts.settings(account)
    # A number of ours for the question; it names nothing that is kept.
    order_no = str(clock.now())
    ours = {order_no, account["merchant_no"], *(settings.get(key, "") for key in ("term_no", "card_terminal"))}
    return read_out(await answered_to(connector.read(read, order_no)), manifest, frozenset(ours))
