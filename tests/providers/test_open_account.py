"""Opening an account over a real store on each engine."""

import pytest

from counterfoil.basis import Ids, Refused, SystemEntropy
from counterfoil.evidence import MerkleLog
from counterfoil.providers import (
    OpenAccount,
    account_by_id,
    accounts_of_provider,
    active_accounts,
    open_account,
    scan,
)
from counterfoil.store import open_store
from tests.providers.stage import StageClock

MANIFEST = scan()["lakala"]


def _fail(error):
    raise AssertionError("the store stopped") from error


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/counterfoil.db"
    cluster = request.getfixturevalue("postgres")
    cluster.run("createdb", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres", "providers")
    return cluster.address("providers")


async def test_account_is_opened_once_found_and_its_name_kept(address):
    clock = StageClock()
    ids = Ids(clock, SystemEntropy())
    asked = OpenAccount(
        id=ids.uuid(),
        merchant_id=1,
        provider="lakala",
        name="main",
        environment="sandbox",
        merchant_no="82299900SANDBOX",
    )
    async with open_store(address, log=MerkleLog(), clock=clock, ids=ids, fail_stop=_fail) as store:
        for _ in range(2):
            await open_account(store, clock, ids, MANIFEST, asked)
        (opened,) = await active_accounts(store, 1)
        assert (opened["id"], opened["version"], opened["made_at"]) == (asked.id, 1, clock.now())
        assert await account_by_id(store, 1, asked.id) == opened
        assert await accounts_of_provider(store, 1, "lakala") == [opened]
        assert await accounts_of_provider(store, 1, "cash") == []
        assert await account_by_id(store, 2, asked.id) is None
        other = OpenAccount(
            id=ids.uuid(),
            merchant_id=1,
            provider="lakala",
            name="main",
            environment="sandbox",
            merchant_no="82299900SANDBOX",
        )
        with pytest.raises(Refused) as refused:
            await open_account(store, clock, ids, MANIFEST, other)
        assert (refused.value.kind.code, refused.value.field) == ("CF-4210", "name")
