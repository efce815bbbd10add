"""Every statement that the program sends to PostgreSQL could run where the tables are spread by merchant.

Three sources: what the server itself logged of a whole house at work (till, office, API, worker, verify), every query
that stands in the program as a constant, and every statement the store makes for a table. The house runs as on a
distributed store, on one PostgreSQL: Citus itself cannot be installed with the tests, so what it refuses is a model.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import CompoundSelect, Select, Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from counterfoil.basis import Ids, SystemClock, SystemEntropy
from counterfoil.doors.worker import working
from counterfoil.evidence import Against, MerkleLog, registry, verify
from counterfoil.evidence.verify import next_merchant
from counterfoil.payments import DayTotalsFold
from counterfoil.people import (
    IN_OFFICE,
    actor_of,
    admit,
    confirm_key,
    hand_in,
    held_by,
    open_window,
    persons,
)
from counterfoil.store import Scope, open_reading, open_store, statements
from counterfoil.store.engines import distributed, postgresql
from counterfoil.store.shape import shape
from counterfoil.testing.house import MERCHANT, PASSWORD
from tests.conftest import Cluster
from tests.doors.api.house import House, running
from tests.passkeys import named, passkeys_at
from tests.people.devices import Device
from tests.rules.source import package
from tests.rules.spread import Verdict, judge
from tests.rules.test_schema import tables

PAGES_MAX = 60
PAGES_LEAST = 15
# Reads of the rows of several merchants, each with its reason. None locks, none is a figure that anybody relies on, and
# what is found is claimed or judged afterwards by its own merchant.
ACROSS = {
    "payments.reading._DUE": "which payments somebody must look at; each is claimed by itself, under its version",
    "payments.reading._OPEN": "what the last run left open, asked once at the start; each is claimed by itself",
    "payments.notice._DUE": "which notices somebody must heed; each is read and guarded by itself",
    "payments.queue._QUEUED": "which queued refunds wait; each is loaded and guarded by itself",
    "payments.usual._OLD": "whose usual amount is a day old; five shops a round, each worked out by itself",
    "people.drop_stale._ENDED": "sessions that ended; each is dropped as it was read, a merchant a Change",
    "providers.keep_pulses._OLD": "counts of calls nobody looks at any more; dropped the same way",
    "people.drop_stale._FORGOTTEN": "forgotten tries; dropped the same way",
    "factors.drop_over._QUESTIONS": "questions that are over; each is dropped as it was read, a merchant a Change",
    "second_person.expire._OVER": "requests that are over; each ends in a Change of its merchant",
    "factors.drop_over._TICKETS": "tickets that are over; dropped the same way",
    "evidence.signer._GREW": "which logs grew; each is read, checked and signed by itself",
    "evidence.thin._OLD": "a page of old checkpoints; judged and dropped a log at a time",
    "evidence.startup._HEADS": "whose logs there are; each is examined by itself",
    "evidence.verify._LEAVES": "how long the bar of verify is; no figure of its report",
    "doors.cli.doctor._ALL": "the accounts of all merchants, each then asked about by itself; by hand",
    "app._SEALED": "whose settings are sealed, asked once at the start; each is sealed anew by itself",
    "app._SEALED_SECRETS": "whose code apps are sealed, asked once at the start; each is sealed anew by itself",
    "app._SEALED_REQUESTS": "whose requests are sealed, asked once at the start; each is sealed anew by itself",
    "app._SEALED_STATEMENTS": "whose statements are sealed, asked once at the start; each is sealed anew by itself",
    "app._ANY_DATA": "whether there is any data at all, asked once at the start",
}
# And one that is made for each table: verify goes from merchant to merchant along the key, and then a log at a time.
EACH_TABLE = next_merchant

SPREAD = {table.name: table for table in tables() if table.info["scope"] is Scope.BY_MERCHANT}
DIALECT = PGDialect_asyncpg()


def text_of(statement: Select[Any] | CompoundSelect[Any]) -> str:
    return str(statement.compile(dialect=DIALECT))


def constants() -> dict[str, str]:
    """Every query that a module of the package holds, by the module and name it is found under first."""
    found: dict[str, str] = {}
    for source in package():
        if source.path.endswith("__main__.py"):
            continue
        name = source.path.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for member, value in vars(import_module(name)).items():
            for number, each in enumerate(queries(value)):
                path = f"{name.removeprefix('counterfoil.')}.{member}"
                found[path if number == 0 else f"{path}[{number}]"] = text_of(each)
    return found


def queries(value: object) -> list[Select[Any] | CompoundSelect[Any]]:
    if isinstance(value, Select | CompoundSelect):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return [found for each in inside for found in queries(each)]


def allowed() -> set[str]:
    every = constants()
    return {every[name] for name in ACROSS} | {text_of(EACH_TABLE(table.c.merchant_id)) for table in SPREAD.values()}


def wrong(texts: Iterable[str], reasoned: Collection[str]) -> list[str]:
    found = []
    for text in sorted(set(texts)):
        verdict = judge(text, SPREAD)
        found += [f"{why}: {text}" for why in verdict.refused]
        if verdict.across and text not in reasoned:
            found.append(f"reads several merchants without a reason: {text}")
    return found


def test_every_query_of_the_program_names_its_merchant_or_has_a_reason_not_to():
    assert wrong(constants().values(), allowed()) == []


@pytest.mark.parametrize("name", ACROSS)
def test_no_reason_is_kept_for_a_query_that_needs_none(name):
    assert judge(constants()[name], SPREAD) == Verdict(across=True)


def made_for(table: Table) -> Iterator[str]:
    """What the store writes and reads of a table."""
    made = shape(table)
    others = tuple(name for name in made.columns if name not in made.key and name != "version")
    yield statements.insert_text(made)
    yield statements.claim_text(made)
    yield statements.update_text(made, others or made.key)
    yield statements.total_text(made, others)
    if not made.evidenced:
        yield statements.drop_text(made)
    if made.versioned:
        yield statements.guard_text(made, others)
        yield statements.look_text(made, ("version", "last_change"))


def test_every_statement_the_store_makes_for_a_table_names_its_merchant():
    texts = [text for table in SPREAD.values() if len(table.columns) > 1 for text in made_for(table)]
    own = [value for value in vars(statements).values() if isinstance(value, str) and "merchant_id = $" in value]
    assert wrong([*texts, *own, distributed.LOCK_HEAD], ()) == []


def test_what_one_node_may_do_with_many_merchants_is_not_done_on_several():
    assert wrong([postgresql.LOCK_HEADS], ()) != []


LINE = re.compile(r"^\S+ \S+ \S+ \[\d+\] LOG:  (?:statement|execute [^:]*): (.*)$")
# The session's own affairs, and what the driver asks the catalogue.
OWN_AFFAIRS = re.compile(
    r"pg_catalog\.|pg_is_in_recovery|to_regclass|^SELECT current_schema|^LOCK TABLE schema_version"
)


def logged(text: str) -> set[str]:
    """The statements in a server's log; a line that begins with a tab goes on with the one before."""
    found: list[str] = []
    for line in text.splitlines():
        said = LINE.match(line)
        if said:
            found.append(said[1])
        elif line.startswith("\t") and found:
            found[-1] += "\n" + line.removeprefix("\t")
    return {each for each in found if not OWN_AFFAIRS.search(each)}


async def as_if_spread(address: str) -> None:
    """A database whose migrations are noted as spread, so that nothing is left to spread; its statements are logged."""
    clock = SystemClock()
    ids = Ids(clock, SystemEntropy())
    async with open_store(address, log=MerkleLog(), clock=clock, ids=ids, fail_stop=_fail):
        pass
    connection = await asyncpg.connect(address)
    name = address.rpartition("/")[2]
    await connection.execute("UPDATE schema_version SET distributed_at = applied_at")
    for setting in ("log_min_messages = log", "log_statement = 'all'", "log_parameter_max_length = 0"):
        await connection.execute(f"ALTER DATABASE {name} SET {setting}")
    await connection.close()


def _fail(error: BaseException) -> None:
    raise AssertionError from error


@pytest.fixture(scope="module")
def sent(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """What a house at work sends to a PostgreSQL, from the server's own log."""
    folder, name = tmp_path_factory.mktemp("statements"), f"s{uuid4().hex}"
    asyncio.run(_execute(postgres.address("postgres"), f"CREATE DATABASE {name}"))
    asyncio.run(as_if_spread(postgres.address(name)))
    log = postgres.folder / "log"
    before = log.stat().st_size
    with running(folder, database=postgres.address(name), distributed=True) as house:
        at_work(house, folder)
    yield logged(log.read_bytes()[before:].decode())
    asyncio.run(_execute(postgres.address("postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(address: str, text: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(text)
    await connection.close()


def at_work(house: House, folder: Path) -> None:
    payments_and_reads(house)
    house.do(rounds(house))
    walk(house, "office", email="99@example.com")
    walk(house, "till", number="00", terminal=house.terminal_id)
    house.do(enrolled(house))
    assert house.do(verified(house, folder)) == []


async def enrolled(house: House) -> None:
    """A terminal gets a key, and a form that it signed is let in."""
    means, terminal_id, device = house.app.people, house.terminal_id, Device()
    boss = next(one for one in await persons(house.app.store, MERCHANT) if one.number == "99")
    actor = actor_of(boss, await held_by(house.app.store, MERCHANT, boss.id), IN_OFFICE)
    opened = await open_window(means, actor, terminal_id)
    await hand_in(means, MERCHANT, terminal_id, opened.code.reveal(), device.key)
    await confirm_key(means, actor, terminal_id, device.key.sha256)
    assert await admit(means, MERCHANT, terminal_id, device.sign_for(MERCHANT, terminal_id))


def payments_and_reads(house: House) -> None:
    first, other, cash = house.take(3800, bill_ref="7"), house.take(3900), house.take(1200, method="cash")
    assert {each.status_code for each in (first, other, cash)} == {201}
    asked = house.asked(4100)
    assert [house.client.post("/api/v1/payments", json=asked).status_code for _ in range(2)] == [201, 200]
    house.take(6601)
    house.take(6609, wait_seconds=0)
    path = f"/api/v1/payments/{first.json()['id']}"
    refund = {"id": str(uuid4()), "amount_minor": 800, "reason": "PRICE"}
    assert house.client.post(f"{path}/refunds", json=refund).is_success
    void = {"id": str(uuid4()), "reason": "TEST"}
    assert house.client.post(f"/api/v1/payments/{other.json()['id']}/void", json=void).is_success
    house.do(house.app.signer.sign_all())
    for way in ("", "/record", "/proof", "/receipt", "/receipt.svg", "/receipt.escpos"):
        house.client.get(path + way)
    for asked_for in filters(house, first.json()):
        for where in ("", "/totals"):
            house.client.get(f"/api/v1/payments{where}", params=asked_for)
    house.client.get("/api/v1/payments/export")
    for way in ("/healthz", "/readyz", "/metrics", "/api/v1/checkpoint"):
        house.client.get(way)


def filters(house: House, paid: dict[str, Any]) -> list[dict[str, Any]]:
    single: list[dict[str, Any]] = [
        *({"status": state} for state in ("captured", "declined", "voided", "manual", "sent")),
        *({"method": "qr"}, {"wallet": "wechat"}, {"entry": "consumer_code"}, {"amount_min": 100, "amount_max": 5000}),
        *({"number": number} for number in (paid["order_no"], "0001", "1", "7", paid["id"])),
        *({"shop_id": house.shop_id}, {"terminal_id": house.terminal_id}, {"provider": "lakala"}, {"limit": 1}),
        *({"from": "2026-01-01T00:00:00Z"}, {"first_day": "2026-01-01"}, {"hide_unpaid": "true"}),
    ]
    return [{}, *single, *({**single[at], **single[at - 7]} for at in range(7, len(single), 2))]


async def rounds(house: House) -> None:
    """Each of the worker's rounds begins at once."""
    async with working(house.app):
        await house.app.clock.sleep(0.5)


def _csrf(client: httpx.Client) -> str:
    return re.findall(r'name="csrf" value="([\w-]+)"', client.get("/office/second").text)[0]


def walk(house: House, door: str, **who: str) -> None:
    """Sign in, and go wherever a link leads, once for each kind of page."""
    seen: set[str] = set()
    url = named(house.url)
    headers = {"Origin": url}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as client:
        page = client.get(f"/{door}/at/1?change=1").text
        form = {"csrf": re.findall(r'name="csrf" value="(\w+)"', page)[0], "password": PASSWORD, **who}
        client.post(f"/{door}/at/1", data=form)
        if door == "office":
            client.post(
                "/office/second/reset", data={**form, "csrf": _csrf(client), "code": "x"}
            )  # a try that is counted
            passkeys_at(url).come_in_by(client, 1, who["email"])
        client.follow_redirects = True
        left = [f"/{door}/records", f"/{door}"]
        while left and len(seen) < PAGES_MAX:
            for link in re.findall(rf'href="(/{door}[^"#]*)"', client.get(left.pop()).text):
                kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*|/\d+", "", link)
                if kind not in seen and "CF-" not in link:
                    seen.add(kind)
                    left.append(link.replace("&amp;", "&"))
    assert len(seen) > PAGES_LEAST, sorted(seen)


async def verified(house: House, folder: Path) -> list[Any]:
    async with open_reading(house.app.settings.database_address(folder / "data"), clock=house.clock) as source:
        folds = (DayTotalsFold(source),)
        against = Against(folder / "data", house.app.log_key.public_key, registry(), house.clock.now(), folds)
        return (await verify(source, against, all_=True)).findings


def test_everything_the_program_really_sends_names_its_merchant_or_has_a_reason_not_to(sent: set[str]):
    assert len(sent) > 120
    assert wrong(sent, allowed()) == []


def test_what_was_sent_are_batches_and_reads_of_every_spread_table(sent: set[str]):
    everything = "\n".join(sent)
    assert [name for name in SPREAD if not re.search(rf"\b{name}\b", everything)] == []
    assert any("FOR NO KEY UPDATE" in each for each in sent)
    assert any(each.startswith('INSERT INTO "evidence_leaf"') for each in sent)
