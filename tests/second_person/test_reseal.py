"""What waits for a second person is sealed anew with everything else when the keys rotate."""

from __future__ import annotations

import pytest

from counterfoil.basis import Refused, SystemEntropy, add_key, open_vault
from counterfoil.evidence import newest_of
from counterfoil.people import Act, Deed
from counterfoil.second_person import Asking, Request, ask_somebody, opened, request_by_id, resealing, withdraw
from counterfoil.testing.house import MERCHANT, House, Role, open_house


async def waits(house: House) -> Request:
    """A request of the administrator's that nobody has decided."""
    actor, means = house.actor(Role.ADMINISTRATOR), house.app.factors
    deed = Deed(act="set_policy", merchant_id=MERCHANT, by=actor.person_id, what={"persons": 2})
    form, path = {"persons": "2"}, {"act": "refund"}
    asking = Asking(id=means.ids.uuid(), act=Act.SET_POLICY, deed=deed, form=form, path=path, language="en")
    return await ask_somebody(means, actor, asking)


async def now(house: House, request: Request) -> Request:
    found = await request_by_id(house.app.store, MERCHANT, request.id)
    assert found is not None
    return found


async def test_a_request_that_waits_is_sealed_under_the_new_key_and_the_old_one_may_go(tmp_path):
    async with open_house(tmp_path) as house:
        first, second, over = [await waits(house) for _ in range(3)]
        await withdraw(house.app.factors, house.actor(Role.ADMINISTRATOR), over.id)
        path = house.app.settings.seal_file(house.app.data)
        add_key(path, SystemEntropy())
        # One is sealed anew, and there the process ends.
        newer, app = open_vault(path, SystemEntropy(), may_make=False), house.app
        change = resealing(newer, (await now(house, first)).row, change_id=app.ids.uuid(), at=app.clock.now())
        assert change is not None
        await app.store.commit(change)
        facts = len(await newest_of(app.store, MERCHANT, first.id, 20, None))
    async with open_house(tmp_path):
        pass
    path.write_text(path.read_text().splitlines()[-1] + "\n")
    async with open_house(tmp_path) as house:
        vault = house.app.factors.vault
        for one in [await now(house, first), await now(house, second)]:
            assert vault.is_newest(bytes(one.row["sealed"]))
            assert (opened(house.app.factors, one).form, one.request_sha256) == ({"persons": "2"}, first.request_sha256)
            assert resealing(vault, one.row, change_id=house.app.ids.uuid(), at=0) is None
        # Of one that has ended nothing is kept to be sealed.
        ended = await now(house, over)
        assert ended.row["sealed"] is None
        assert resealing(vault, ended.row, change_id=house.app.ids.uuid(), at=0) is None
        assert len(await newest_of(house.app.store, MERCHANT, first.id, 20, None)) == facts


async def test_a_request_whose_key_is_gone_is_told_so_and_stops_no_start(tmp_path):
    async with open_house(tmp_path) as house:
        asked = await waits(house)
        path = house.app.settings.seal_file(house.app.data)
    add_key(path, SystemEntropy())
    path.write_text(path.read_text().splitlines()[-1] + "\n")
    async with open_house(tmp_path) as house:
        with pytest.raises(Refused) as told:
            opened(house.app.factors, await now(house, asked))
        assert told.value.kind.code == "CF-2160"
    path.unlink()
    # What is sealed without any key to open it is no reason to make a new one unasked.
    with pytest.raises(Refused) as told:
        async with open_house(tmp_path):
            pass
    assert told.value.kind.code == "CF-7002"
