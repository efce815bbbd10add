"""The one place that wires: settings → clock, store, evidence, providers → areas. Doors take the built ``App``."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import structlog
from sqlalchemy import select

from counterfoil import factors, payments, people, records, second_person
from counterfoil.basis import (
    Board,
    Clock,
    Entropy,
    Ids,
    NotOpened,
    Pace,
    Refused,
    Secret,
    Settings,
    SystemClock,
    SystemEntropy,
    Vault,
    open_key_file,
    open_vault,
)
from counterfoil.evidence import (
    DUTY_SECONDS,
    Archive,
    EvidenceState,
    LogKey,
    MerkleLog,
    Signer,
    check_at_start,
    open_log_key,
)
from counterfoil.people import Refusals
from counterfoil.providers import (
    Accounts,
    Manifest,
    Outage,
    Spool,
    Transport,
    notice_path,
    provider_account,
    resealing,
)
from counterfoil.store import Change, Duty, Row, Stale, Store, commit_open, open_store
from counterfoil.store.tables import evidence_head

EXIT_DISK_FAILED: Final = 70
_DRIVES_END_SECONDS: Final = 12.0
_CHORES_SECONDS: Final = 120.0
_ANY_DATA: Final = select(evidence_head.c.merchant_id).limit(1)
_SEALED: Final = select(provider_account).where(
    provider_account.c.sealed_settings.is_not(None) | provider_account.c.sealed_state.is_not(None)
)
_SEALED_SECRETS: Final = select(factors.code_app).where(factors.code_app.c.sealed_secret.is_not(None))
_SEALED_STATEMENTS: Final = select(payments.payment_resolution).where(payments.payment_resolution.c.sealed.is_not(None))
_SEALED_REQUESTS: Final = select(second_person.second_request).where(second_person.second_request.c.sealed.is_not(None))
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything built. ``evidence_states`` are the logs that were not sound at the start, by merchant.

    ``number``: which of this server's processes it is, from 1. ``chores``: who does what only one process need do;
    None where this process is alone. ``board``: what this server's processes let each other know. ``key_pace`` and
    ``session_pace``: how often one API key and one session may ask this process.
    """

    number: int
    settings: Settings
    data: Path
    clock: Clock
    entropy: Entropy
    ids: Ids
    board: Board
    store: Store
    archive: Archive
    log_key: LogKey
    signer: Signer
    chores: Duty | None
    accounts: Accounts
    people: people.Means
    factors: factors.Means
    refusals: Refusals
    payments: payments.Means
    records: records.Means
    evidence_states: Mapping[int, EvidenceState]
    key_pace: Pace
    session_pace: Pace

    @property
    def manifests(self) -> Mapping[str, Manifest]:
        """What each provider can do, by id."""
        return self.accounts.manifests

    @property
    def outage(self) -> Outage:
        """Whether the way out is closed, as a demonstration can have it."""
        return self.accounts.outage

    @property
    def demonstration(self) -> bool:
        """Whether this installation is a demonstration and must say so."""
        return self.store.installation.demonstration


def stop_the_process(error: BaseException) -> None:
    """The disk failed or the lease is lost: nothing may be acknowledged any more, so end at once."""
    sys.stderr.write(f"counterfoil: stopped, the store cannot be trusted any more: {type(error).__name__}: {error}\n")
    sys.stderr.flush()
    os._exit(EXIT_DISK_FAILED)


@asynccontextmanager
async def open_app(
    data: Path,
    settings: Settings,
    *,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    demonstration: bool = False,
    number: int = 1,
    fail_stop: Callable[[BaseException], None] = stop_the_process,
    new_hasher: Callable[[Entropy], people.Hasher] = people.Hasher,
    new_transport: Callable[..., Transport] = Transport,
) -> AsyncIterator[App]:
    """Open the data folder and build the app; on leaving, let running payments end and close everything.

    ``number``: which of the processes on one listening socket this is. ``new_hasher`` makes what passwords are hashed
    with, ``new_transport`` the way out to providers.

    Raises the Refused of the store (CF-60xx), evidence (CF-50xx) and settings (CF-70xx) that say why it cannot start.
    """
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    ids = Ids(clock, entropy)
    _make_folder(data)
    async with AsyncExitStack() as closing:
        opening = _opening(settings, data)
        store = await closing.enter_async_context(
            opening(clock=clock, ids=ids, fail_stop=fail_stop, demonstration=demonstration)
        )
        log_key, hmac_key = await _keys(store, settings, data, entropy)
        archive = Archive(store, data)
        states = await check_at_start(archive, log_key.public_key, store.installation.uuid)
        process = _Process(store, clock, ids, ids.uuid(), number)
        board = Board(data / "processes", process.name)
        closing.callback(board.close)
        vault = await _vault(store, settings.seal_file(data), clock, ids, entropy)
        line = _line(closing, settings, clock, new_transport)
        accounts = _accounts(closing, process, settings, data, _WayOut(*line, vault, _notify_url(settings, hmac_key)))
        staff = people.Means(store, clock, entropy, ids, _hasher(closing, new_hasher(entropy)), hmac_key)
        yield App(
            number=number,
            settings=settings,
            data=data,
            clock=clock,
            entropy=entropy,
            ids=ids,
            board=board,
            store=store,
            archive=archive,
            log_key=log_key,
            signer=_signer(process, archive, log_key),
            chores=process.duty("chores", _CHORES_SECONDS),
            accounts=accounts,
            people=staff,
            factors=factors.Means(staff, vault),
            refusals=Refusals(clock),
            payments=_paying(closing, process, accounts, hmac_key, vault),
            records=_records(closing, process, board, hmac_key),
            evidence_states=states,
            key_pace=Pace(clock, settings.server.key_requests_a_minute),
            session_pace=Pace(clock, settings.server.session_requests_a_minute),
        )


def _opening(settings: Settings, data: Path) -> Callable[..., AbstractAsyncContextManager[Store]]:
    """What opens the store that the settings name."""
    told, address = settings.database, settings.database_address(data)
    return partial(open_store, address, log=MerkleLog(), distributed=told.distributed, trusted_wire=told.trusted_wire)


@dataclass(frozen=True, slots=True)
class _WayOut:
    """What leads to the providers, what can shut it, what opens an account's settings, and the way back to us."""

    transport: Transport
    outage: Outage
    vault: Vault
    notify_url: Callable[[int, str], str | None]


@dataclass(frozen=True, slots=True)
class _Process:
    """This process on its store; ``name`` is how others know it, and no other ever has it."""

    store: Store
    clock: Clock
    ids: Ids
    name: str
    number: int

    @property
    def alone(self) -> bool:
        """SQLite's lease lets one server run, so whoever was there before us is gone, and nobody else is."""
        return self.store.engine_name == "sqlite"

    def duty(self, name: str, seconds: float) -> Duty | None:
        """A duty that another takes over after ``seconds`` without a word; None where there is no other."""
        if self.alone:
            return None
        return Duty(self.store, name, holder=self.name, seconds=seconds, clock=self.clock, ids=self.ids)


def _hasher(closing: AsyncExitStack, made: people.Hasher) -> people.Hasher:
    """What passwords are hashed with; its threads end with the app."""
    closing.callback(made.close)
    return made


def _signer(process: _Process, archive: Archive, key: LogKey) -> Signer:
    return Signer(
        process.store,
        archive,
        key,
        installation=process.store.installation.uuid,
        clock=process.clock,
        ids=process.ids,
        duty=process.duty("signer", DUTY_SECONDS),
    )


def _paying(
    closing: AsyncExitStack, process: _Process, accounts: Accounts, key: Secret[bytes], vault: Vault
) -> payments.Means:
    """What payments work with; the drives under way end with the app."""
    drives = payments.Drives(_drive_failed)
    closing.push_async_callback(drives.close, _DRIVES_END_SECONDS)
    return payments.Means(
        store=process.store,
        clock=process.clock,
        entropy=vault.entropy,
        ids=process.ids,
        accounts=accounts,
        drives=drives,
        process=process.name,
        alone=process.alone,
        hmac_key=key,
        vault=vault,
    )


def _line(
    closing: AsyncExitStack, settings: Settings, clock: Clock, new_transport: Callable[..., Transport]
) -> tuple[Transport, Outage]:
    outage, loopback = Outage(clock), settings.server.loopback_sandboxes
    transport = new_transport(commit_open=commit_open.get, closed=outage.closed, loopback=loopback)
    closing.push_async_callback(transport.close)
    return transport, outage


def _notify_url(settings: Settings, key: Secret[bytes]) -> Callable[[int, str], str | None]:
    """Where providers reach an account; None where nobody told us how the world reaches this server."""
    public = settings.server.public_url

    def of(merchant_id: int, account_id: str) -> str | None:
        return None if public is None else public.rstrip("/") + notice_path(key, merchant_id, account_id)

    return of


def _accounts(closing: AsyncExitStack, process: _Process, settings: Settings, data: Path, out: _WayOut) -> Accounts:
    """The provider accounts with their way out and the spool of what is said."""
    # A ring of files has one writer.
    spool = Spool(data / ("spool" if process.number == 1 else f"spool-{process.number}"))
    closing.callback(spool.close)
    return Accounts(
        sections=settings.providers,
        transport=out.transport,
        outage=out.outage,
        spool=spool,
        clock=process.clock,
        entropy=out.vault.entropy,
        vault=out.vault,
        demonstration=process.store.installation.demonstration,
        notify_url=out.notify_url,
    )


def _records(closing: AsyncExitStack, process: _Process, board: Board, key: Secret[bytes]) -> records.Means:
    """What records work with; the large exports under way end with the app."""
    exports = records.Exports(board, process.clock, process.ids)
    closing.push_async_callback(exports.close)
    return records.Means(store=process.store, clock=process.clock, ids=process.ids, seal_key=key, exports=exports)


def _make_folder(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)


async def _keys(store: Store, settings: Settings, data: Path, entropy: Entropy) -> tuple[LogKey, Secret[bytes]]:
    """The installation's keys, made only while no log has a leaf yet."""
    has_data = await store.fetch_one(_ANY_DATA) is not None
    folder = settings.keys_dir(data)
    log_key = open_log_key(folder, data, entropy, data_exists=has_data)
    return log_key, open_key_file(folder / "hmac.key", entropy, may_make=not has_data)


class _Again(Protocol):
    """How a row's secrets are sealed under the newest key."""

    def __call__(self, vault: Vault, row: Row, /, *, change_id: str, at: int) -> Change | None: ...


async def _vault(store: Store, key_file: Path, clock: Clock, ids: Ids, entropy: Entropy) -> Vault:
    """What settings are sealed with; its key file is made only while nothing is sealed.

    What older keys sealed is sealed anew, so that after a start with a new key the old ones may go.
    """
    sealed: list[tuple[Row, _Again]] = [(row, resealing) for row in await store.fetch(_SEALED)]
    sealed += [(row, factors.resealing) for row in await store.fetch(_SEALED_SECRETS)]
    sealed += [(row, second_person.resealing) for row in await store.fetch(_SEALED_REQUESTS)]
    sealed += [(row, payments.resolution_resealing) for row in await store.fetch(_SEALED_STATEMENTS)]
    vault = open_vault(key_file, entropy, may_make=not sealed)
    for row, again in sealed:
        # One whose key is lost is told of where it is used; one that another process seals anew is sealed.
        with contextlib.suppress(Refused, NotOpened, Stale):
            if (change := again(vault, row, change_id=ids.uuid(), at=clock.now())) is not None:
                await store.commit(change)
    return vault


def _drive_failed(key: tuple[int, str], error: BaseException) -> None:
    _log.error("payments.drive_failed", merchant_id=key[0], payment_id=key[1], why=type(error).__name__)
