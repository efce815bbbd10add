"""A database on another machine is used over verified TLS only, unless somebody said that its wire can be trusted.

``0.0.0.0`` stands for another machine: it is no address of loopback, and what listens on this machine answers there.
"""

from __future__ import annotations

import asyncio
import ssl

import pytest

from counterfoil.basis import Fault, Refused, SystemClock
from counterfoil.doors.certificates import make_certificates
from counterfoil.store.engines.reach import Patience
from counterfoil.store.engines.wire import unverified_host
from counterfoil.store.store import open_reading
from counterfoil.testing.listening import listening
from tests.store.house import opened

ELSEWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there: it is asked
SSL_REQUEST = bytes.fromhex("0000000804d2162f")
GONE = (OSError, asyncio.IncompleteReadError)
QUICK = Patience(connect=10, reach=10)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two authorities, of which the first has signed the database's certificate for that other machine."""
    now = SystemClock().now()
    folder = tmp_path_factory.mktemp("authorities")
    return [make_certificates(folder / name, [ELSEWHERE], now) for name in ("right", "wrong")]


class Front:
    """PostgreSQL's TLS before the session's PostgreSQL, whose build has none; counts what comes encrypted or not."""

    def __init__(self, cluster, certified):
        self.backend = cluster.port
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certified.certificate, certified.key)
        self.port = 0
        self.encrypted = self.plain = 0

    async def met(self, reader, writer):
        first = await reader.readexactly(8)
        if first == SSL_REQUEST:
            writer.write(b"S")
            await writer.start_tls(self.context)
            self.encrypted, first = self.encrypted + 1, b""
        else:
            self.plain += 1
        there, here = await asyncio.open_connection("127.0.0.1", self.backend)
        here.write(first)
        async with asyncio.TaskGroup() as both:
            both.create_task(_on(reader, here))
            both.create_task(_on(there, writer))

    async def quietly(self, reader, writer):
        try:
            await self.met(reader, writer)
        except (*GONE, ExceptionGroup):
            return


async def _on(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    finally:
        writer.close()


@pytest.fixture
async def encrypted(postgres, made):
    """A real PostgreSQL behind TLS, as whoever asks for it sees it."""
    front = Front(postgres, made[0])
    async with listening(front.quietly) as front.port:
        yield front


@pytest.fixture
def database(postgres_address):
    return postgres_address.rpartition("/")[2]


def address(front, database, host=ELSEWHERE, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"postgresql://postgres@{host}:{front.port}/{database}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("mode", [None, "disable", "prefer", "require", "verify-ca"])
async def test_another_machine_without_verified_tls_is_refused_and_told_what_to_write(encrypted, database, made, mode):
    asked = {} if mode is None else {"sslmode": mode, "sslrootcert": made[0].authority}
    with pytest.raises(Refused) as told:
        async with opened(address(encrypted, database, **asked), patience=QUICK, with_tables=False):
            pass
    assert told.value.kind.code == "CF-6030"
    assert (encrypted.encrypted, encrypted.plain) == (0, 0), "nobody was asked"
    for language in ("zh-CN", "en"):
        said = told.value.tell(language)
        assert ELSEWHERE in said.what
        assert "sslmode=verify-full" in said.do
        assert "trusted_wire = true" in said.do


async def test_reading_beside_a_server_is_held_to_the_same(encrypted, database):
    with pytest.raises(Refused) as told:
        async with open_reading(address(encrypted, database), clock=SystemClock()):
            pass
    assert told.value.kind.code == "CF-6030"


async def test_with_its_authority_named_it_is_opened_and_encrypted(encrypted, database, made):
    told = address(encrypted, database, sslmode="verify-full", sslrootcert=made[0].authority)
    async with opened(told, patience=QUICK, with_tables=False) as store:
        assert not store.unverified
        assert encrypted.encrypted > 0
        assert encrypted.plain == 0


@pytest.mark.parametrize(
    ("host", "authority"),
    [pytest.param(ELSEWHERE, 1, id="another authority"), pytest.param("127.0.0.1", 0, id="another name")],
)
async def test_a_certificate_of_another_authority_or_name_is_not_believed(encrypted, database, made, host, authority):
    told = address(encrypted, database, host, sslmode="verify-full", sslrootcert=made[authority].authority)
    with pytest.raises(Fault) as refused:
        async with opened(told, patience=QUICK, with_tables=False):
            pass
    assert refused.value.kind.code in {"CF-6008", "CF-6104"}


async def test_the_authorities_of_the_machine_are_asked_where_the_address_says_so(
    encrypted, database, made, monkeypatch
):
    told = address(encrypted, database, sslmode="verify-full", sslrootcert="system")
    with pytest.raises(Fault):
        async with opened(told, patience=QUICK, with_tables=False):
            pass
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0].authority))
    async with opened(told, patience=QUICK, with_tables=False) as store:
        assert not store.unverified
        assert encrypted.encrypted > 0
        assert encrypted.plain == 0


async def test_a_wire_that_is_said_to_be_trusted_is_used_and_known_to_be_unverified(encrypted, database):
    async with opened(address(encrypted, database), patience=QUICK, trusted_wire=True, with_tables=False) as store:
        assert store.unverified


async def test_this_machine_needs_no_verifying(encrypted, database):
    async with opened(address(encrypted, database, "127.0.0.1"), patience=QUICK, with_tables=False) as store:
        assert not store.unverified


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("sqlite:///data/counterfoil.db", None),
        ("postgresql:///shop", None),
        ("postgresql://u@localhost,[::1]:5433,127.0.0.2/shop", None),
        ("postgresql://%2Frun%2Fpostgresql/shop", None),
        ("postgresql:///shop?host=/run/postgresql", None),
        ("postgresql://u@localhost,10.0.0.2/shop", "10.0.0.2"),
        ("postgresql:///shop?host=/run/postgresql,db.example", "db.example"),
        ("postgres://u@db.example/shop?sslmode=verify-full&sslmode=prefer", "db.example"),
        ("postgresql://u@db.example/shop?sslmode=prefer&sslmode=verify-full", None),
        ("postgresql:///shop?service=elsewhere", "?"),
    ],
)
def test_which_server_of_an_address_is_another_machine(written, host):
    assert unverified_host(written) == host


def test_a_server_named_by_the_environment_alone_is_one_we_do_not_know(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    assert unverified_host("postgresql:///shop") == "?"
