"""One entry proven step by step: everything holds, and what was touched is the step that differs."""

import pytest

from counterfoil.basis import Refused
from counterfoil.evidence import Verifier, log_size, origin_of, proof_steps
from counterfoil.evidence.tree import node_hash


def own(house):
    return house.key.verifier(origin_of(house.uuid, 1))


async def signed(house, count):
    await house.open_merchant()
    await house.sales(count)
    await house.signer.sign_all()


@pytest.mark.parametrize("count", [1, 7, 140])
async def test_every_entry_leads_to_the_signed_root(house, count):
    async with house.running():
        await signed(house, count)
        size = await log_size(house.store, 1)
        for position in {0, 1, size // 2, size - 1}:
            steps = await proof_steps(house.archive, own(house), 1, position)
            assert steps.sound
            made = steps.leaf
            for step in steps.path:
                made = node_hash(step.neighbour, made) if step.on_left else node_hash(made, step.neighbour)
                assert made == step.made
            assert made == steps.signed_root


async def test_a_changed_entry_differs_from_its_hash_and_from_the_root(house):
    async with house.running():
        await signed(house, 7)
    house.sql(
        "UPDATE evidence_leaf SET entry = CAST(replace(entry, 'txn.sent', 'txn.lost') AS BLOB) WHERE position = 3"
    )
    async with house.looking() as archive:
        steps = await proof_steps(archive, own(house), 1, 3)
        assert (steps.leaf_holds, steps.path_holds, steps.signature_holds) == (False, False, True)
        assert not steps.sound


async def test_another_keys_signature_does_not_hold(house):
    async with house.running():
        await signed(house, 1)
        steps = await proof_steps(house.archive, Verifier(origin_of(house.uuid, 1), bytes(32)), 1, 0)
        assert (steps.leaf_holds, steps.path_holds, steps.signature_holds) == (True, True, False)


async def test_an_entry_that_is_not_signed_yet_is_refused(house):
    async with house.running():
        await signed(house, 1)
        size = await log_size(house.store, 1)
        with pytest.raises(Refused) as told:
            await proof_steps(house.archive, own(house), 1, size)
        assert told.value.kind.code == "CF-5005"
