"""Fixtures of this area: the sandbox over real sockets and an account at it."""

import json

import httpcore
import pytest

from counterfoil.basis import SystemClock, SystemEntropy
from counterfoil.providers import Spool, Transport
from counterfoil.providers.lakala.sandbox import Sandbox, make_sandbox_keys, running_sandbox
from tests.providers.stage import StageClock, Till, account_row, accounts, no_commit, section


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return make_sandbox_keys(tmp_path_factory.mktemp("keys"), clock=SystemClock(), entropy=SystemEntropy())


@pytest.fixture
def clock():
    return StageClock()


@pytest.fixture
def sandbox(keys, clock, tmp_path):
    made = Sandbox(keys, clock=clock, entropy=SystemEntropy(), state_path=tmp_path / "sandbox" / "ledger.jsonl")
    made.late_seconds = 0.6
    return made


@pytest.fixture
async def url(sandbox):
    async with running_sandbox(sandbox) as address:
        yield address


@pytest.fixture
def spool(tmp_path):
    made = Spool(tmp_path / "spool")
    yield made
    made.close()


@pytest.fixture
async def transport():
    made = Transport(commit_open=no_commit, connect_seconds=1, read_seconds=0.3, total_seconds=2, loopback=True)
    yield made
    await made.close()


@pytest.fixture
def till(keys, url, transport, spool, clock):
    made = accounts({"main": section(keys, url)}, transport, spool, clock)
    return Till(made.connector(account_row()), clock)


@pytest.fixture
def control(url):
    """Talk to the control endpoint."""

    async def ask(said=None, path="/_control", headers=()):
        async with httpcore.AsyncConnectionPool() as pool:
            method = "POST" if said is not None else "GET"
            answer = await pool.request(
                method,
                url + path,
                headers=list(headers),
                content=json.dumps(said).encode() if said is not None else None,
            )
            return answer.status, json.loads(answer.content or b"null")

    return ask
