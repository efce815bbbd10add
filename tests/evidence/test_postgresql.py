"""The same on PostgreSQL: sign, prove, check at start, verify."""

import asyncpg
import pytest

from counterfoil.evidence import EvidenceState, Found, check_at_start, proof
from tests.evidence.conftest import House


@pytest.fixture
def house(tmp_path, postgres_address):
    return House(tmp_path, postgres_address)


async def test_records_on_postgresql_are_signed_proven_and_verified(house):
    async with house.running():
        await house.open_merchant()
        payments = await house.sales(130)
        await house.signer.sign_all()
        assert (await proof(house.archive, 1, 7)).startswith(b"c2sp.org/tlog-proof@v1\nindex 7\n")
        assert await check_at_start(house.archive, house.key.public_key, house.uuid) == {}
        report = await house.verify()
        assert (report.findings, report.leaves, report.rows, report.tiles) == ([], 261, 135, 2)
        await _sql(house, "UPDATE payment SET amount_minor = 1 WHERE id = $1", payments[3])
        report = await house.verify()
        assert [(each.found, each.key) for each in report.findings] == [(Found.ROW_CHANGED, (payments[3],))]
        await _sql(house, "UPDATE evidence_head SET size = 8, frontier = decode(repeat('00', 32), 'hex')")
        states = await check_at_start(house.archive, house.key.public_key, house.uuid)
        assert states == {1: EvidenceState.EVIDENCE_ROLLED_BACK}


async def _sql(house, statement, *values):
    connection = await asyncpg.connect(house.address)
    await connection.execute(statement, *values)
    await connection.close()
