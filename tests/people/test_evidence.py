"""Everything people do leaves rows that the evidence knows."""

import pytest

from counterfoil.basis import MICROS, Fault, Secret, SystemEntropy
from counterfoil.evidence import Against, Archive, Signer, open_log_key, registry, verify
from counterfoil.people import NewPerson, Permission, Refusals, Role, add_operator, make_key, sign_out, write_refusals
from tests.people.shop import PASSWORDS, WRONG

A_DAY = 24 * 3600 * MICROS


async def everything_once(place):
    """Each act of the area, and each refusal that leaves something behind."""
    means = place.means
    for _ in range(5):
        with pytest.raises(Fault):
            await place.sign_in("01", WRONG)
    await place.lift("01", by="80")
    cashier, admin = await place.sign_in("01"), await place.sign_in("99")
    await place.approve(cashier.actor, "80", Permission.VOID)
    new = NewPerson(number="03", name="小王", role=Role.CASHIER, password=Secret(PASSWORDS["01"]))
    await add_operator(means, admin.actor, new)
    await make_key(means, admin.actor, label="收银系统", owner_id=admin.person.id)
    refusals = Refusals(means.clock)
    with pytest.raises(Fault) as told:
        await add_operator(means, cashier.actor, new)
    refusals.note(cashier.actor, "add_operator", told.value)
    await write_refusals(means, refusals, everything=True)
    await place.reset("02", by="80")
    await sign_out(means, cashier.session)


async def test_every_row_has_its_fact_and_every_fact_its_row(place, tmp_path):
    await everything_once(place)
    key = open_log_key(tmp_path / "keys", tmp_path, SystemEntropy(), data_exists=False)
    store, means = place.means.store, place.means
    archive = Archive(store, tmp_path)
    signer = Signer(store, archive, key, installation=store.installation.uuid, clock=means.clock, ids=means.ids)
    await signer.sign_all()
    # The other tests of this session have moved their clocks further than this one.
    now = means.clock.now() + A_DAY
    report = await verify(store, Against(tmp_path, key.public_key, registry(), now), all_=True)
    assert report.findings == []
    assert report.rows > 10
