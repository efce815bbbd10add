"""A real store on each engine, a clock that obeys, and a merchant that is open."""

import uuid

import pytest
from sqlalchemy import select

from counterfoil.basis import Ids, Secret, SystemEntropy
from counterfoil.evidence import MerkleLog
from counterfoil.people import Hasher, Means
from counterfoil.store import metadata, open_store
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import QUICK
from tests.people.shop import opened

EVERY_TABLE = [select(table) for table in metadata.sorted_tables]


@pytest.fixture(scope="session")
def hasher():
    made = Hasher(SystemEntropy(), argon2=QUICK)
    yield made
    made.close()


def _fail(error):
    raise AssertionError("the store stopped") from error


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("people")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def address(request, folder):
    """One database a session on each engine; every test has merchants of its own in it."""
    if request.param == "sqlite":
        return f"sqlite://{folder}/counterfoil.db"
    cluster = request.getfixturevalue("postgres")
    # A name of its own, since the package may be begun anew when the suite runs on several cores.
    name = f"people_{uuid.uuid4().hex}"
    cluster.run("createdb", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres", name)
    return cluster.address(name)


@pytest.fixture
async def means(address, hasher):
    clock, entropy = ManualClock(), SystemEntropy()
    ids = Ids(clock, entropy)
    async with open_store(address, log=MerkleLog(), clock=clock, ids=ids, fail_stop=_fail) as store:
        yield Means(store, clock, entropy, ids, hasher, Secret(b"k" * 32))


@pytest.fixture
async def place(means):
    return await opened(means)


@pytest.fixture
async def other(means, place):
    return await opened(means)


@pytest.fixture
def everything(means, folder):
    """All that the tables say, and for SQLite every byte that lies in the data folder."""

    async def read():
        rows = [repr(await means.store.fetch(statement)) for statement in EVERY_TABLE]
        files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
        return "".join(rows).encode() + b"".join(files)

    return read
