"""What became of a batch whose COMMIT was not answered: all of it is in the database, or nothing.

Any one of its Changes therefore decides for all. Asked under the heads of its merchants, so absence is final; a batch
that takes no head (sessions) is only ever found, never found absent. A dropped row tells nothing: who finds it gone, or
there anew, cannot know by whose hand.
"""

from __future__ import annotations

from counterfoil.store import statements
from counterfoil.store.batch import Batch
from counterfoil.store.ready import Ready
from counterfoil.store.steps import Transaction


async def fate_of(batch: Batch, tx: Transaction) -> bool | None:
    """True: it is there. False: it never will be. None: the database cannot say."""
    for member in batch.winners():
        fate = await _by_roots(member, tx)
        if fate is None:
            fate = await _by_leaves(batch, member, tx)
        if fate is True or (fate is False and batch.merchants()):
            return fate
    return None


async def _by_roots(member: Ready, tx: Transaction) -> bool | None:
    """``last_change`` on a root row says who wrote it last; a later writer hides us, which the leaves then tell."""
    for written in (*member.claims, *member.guards):
        found = await tx.look_up(written.shape, ("version", "last_change"), [written.key])
        version, last_change = found.get(written.key, (None, None))
        if last_change == member.id:
            return True
        if version == written.version:
            return False
    return None


async def _by_leaves(batch: Batch, member: Ready, tx: Transaction) -> bool | None:
    """Our leaf stands at the position it was given, or somebody else's does."""
    for leaf in batch.leaves.get(member.id, ()):
        rows = await tx.many(statements.READ_LEAF, [(member.change.merchant_id, leaf.position)])
        return bool(rows) and bytes(rows[0][0]) == leaf.leaf_hash
    return None
