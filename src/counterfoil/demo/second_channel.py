"""A second channel that is not activated yet, with its provider's sandbox, so that somebody can activate one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from counterfoil.app import App
from counterfoil.basis import Clock, Entropy
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.state import State, save
from counterfoil.providers import OpenAccount, Sandbox, accounts_of_provider, open_account, sandbox_of, scan

PROVIDER: Final = "shouqianba"


@asynccontextmanager
async def second_sandbox(data: Path, state: State, *, clock: Clock, entropy: Entropy) -> AsyncIterator[Sandbox]:
    """Its provider's sandbox, at the same address as before where that is free: an activated channel remembers it."""
    opening = partial(sandbox_of(scan()[PROVIDER]).open_sandbox, data / f"sandbox-{PROVIDER}", clock=clock)
    async with AsyncExitStack() as closing:
        try:
            before = opening(entropy=entropy, port=state.ports.get(PROVIDER, 0))
            opened = await closing.enter_async_context(before)
        except OSError:
            opened = await closing.enter_async_context(opening(entropy=entropy))
        listening = urlsplit(opened.url).port or 0
        if state.ports.get(PROVIDER) != listening:
            state.ports = {**state.ports, PROVIDER: listening}
            save(data, state)
        yield opened


async def second_channel(app: App) -> None:
    """The account, opened as things stand: without settings, so nothing is taken through it before its activation."""
    if await accounts_of_provider(app.store, MERCHANT_ID, PROVIDER):
        return
    asked = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=MERCHANT_ID,
        provider=PROVIDER,
        name=PROVIDER,
        environment="sandbox",
        merchant_no="",
    )
    await open_account(app.store, app.clock, app.ids, app.manifests[PROVIDER], asked)
