"""Settings of a whole server changed for a while, and known to be in force wherever they count."""

# ruff: noqa: ASYNC110 - a database's state is asked for, not awaited

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg

_LOADED = "SELECT pg_conf_load_time()"
_HANGS = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'SyncRep'"
_PATIENCE_SECONDS = 60
STANDBYS = "synchronous_standby_names"


@contextlib.asynccontextmanager
async def altered(address: str, **settings: str) -> AsyncIterator[asyncpg.Connection]:
    """With ``settings`` while the block runs; gives a connection of one who may alter them."""
    admin = await asyncpg.connect(address, server_settings={"default_transaction_read_only": "off"})
    try:
        await alter(admin, address, **settings)
        yield admin
    finally:
        await alter(admin, address, **dict.fromkeys(settings))
        await admin.close()


async def alter(admin: asyncpg.Connection, address: str, **settings: str | None) -> None:
    """Set each, or take None back to what it was, and wait until every process of the server goes by it."""
    for name, value in settings.items():
        to = "RESET " + name if value is None else f"SET {name} = '{value}'"
        await admin.execute(f"ALTER SYSTEM {to}")
    # The postmaster tells its processes one after the other; that it takes the second turn shows that it told them all.
    for _ in range(2):
        await _reload(admin)
    if STANDBYS in settings:
        await _until_commits_hang(admin, address, hang=bool(settings[STANDBYS]))


async def _reload(admin: asyncpg.Connection) -> None:
    before = await admin.fetchval(_LOADED)
    await admin.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while await admin.fetchval(_LOADED) == before:
            await asyncio.sleep(0.01)


async def _until_commits_hang(admin: asyncpg.Connection, address: str, *, hang: bool) -> None:
    """Another process of the server takes the standbys' names to where commits see them: wait until one does."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while await _hangs(admin, address) is not hang:
            await asyncio.sleep(0.01)


async def _hangs(admin: asyncpg.Connection, address: str) -> bool:
    trying = await asyncpg.connect(address, server_settings={"default_transaction_read_only": "off"})
    pid = trying.get_server_pid()
    commit = asyncio.create_task(trying.execute("SELECT pg_logical_emit_message(true, 'a', 'commit')"))
    hung = False
    while not (hung or commit.done()):
        hung = bool(await admin.fetchval(_HANGS, pid))
        await asyncio.sleep(0.01)
    trying.terminate()
    await asyncio.gather(commit, return_exceptions=True)
    if hung:
        await admin.execute("SELECT pg_terminate_backend($1, 60000)", pid)
    return hung
