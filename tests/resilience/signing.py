"""One of two processes that may sign: signs what grows, and says of each checkpoint it wrote as whose turn it did."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from counterfoil.app import open_app
from counterfoil.basis import Settings
from counterfoil.evidence import Signer
from counterfoil.store import Duty

DUTY_SECONDS = 0.4
ROUND_SECONDS = 0.01


class Telling:
    """The store, which says on stdout which sizes became durable under which version of the duty."""

    def __init__(self, store):
        self.store = store

    async def fetch(self, *asked):
        return await self.store.fetch(*asked)

    async def commit(self, change):
        committed = await self.store.commit(change)
        (insert,), (require,) = change.inserts, change.requires
        sys.stdout.write(f"{insert.row['size']} {require.version}\n")
        sys.stdout.flush()
        return committed


async def work(data: Path, address: str) -> None:
    settings = msgspec.convert({"database": {"address": address}}, Settings)
    async with open_app(data, settings) as app:
        clock, ids = app.clock, app.ids
        duty = Duty(app.store, "signer", holder=ids.uuid(), seconds=DUTY_SECONDS, clock=clock, ids=ids)
        uuid = app.store.installation.uuid
        signer = Signer(
            Telling(app.store), app.archive, app.log_key, installation=uuid, clock=clock, ids=ids, duty=duty
        )
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            try:
                await signer.sign_all()
            except Exception as error:  # noqa: BLE001 - as a signer's own rounds do: who was stopped may hold a lock
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
            await clock.sleep(ROUND_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2]))
