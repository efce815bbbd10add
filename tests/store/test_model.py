"""Random Changes against a dictionary: the store and the model agree on every answer and on every row."""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.store import ABSENT, Add, Change, Committed, Draw, Drawn, Guard, Insert, Repeated, Require, Stale
from tests.store.house import SALES, TALLY, assert_log_whole, fact, new_id, opened, sale, tally

PLACES = 4

acts = st.lists(
    st.fixed_dictionaries(
        {
            "merchant": st.integers(1, 2),
            "insert": st.none() | st.integers(0, PLACES - 1),
            "guard": st.none() | st.tuples(st.integers(0, PLACES - 1), st.integers(0, 1)),
            "require": st.none() | st.tuples(st.integers(0, PLACES - 1), st.integers(0, 2)),
            "amount": st.integers(1, 9),
        }
    ).filter(lambda act: act["guard"] is None or act["insert"] is None or act["guard"][0] != act["insert"]),
    min_size=1,
    max_size=12,
)


@dataclass
class Model:
    """What the store should hold: rows by merchant and place, a total and a counter a merchant."""

    ids: list[str] = field(default_factory=lambda: sorted(new_id() for _ in range(PLACES)))
    rows: dict = field(default_factory=dict)
    totals: dict = field(default_factory=dict)
    drawn: dict = field(default_factory=dict)
    leaves: dict = field(default_factory=dict)

    def change(self, act):
        """The Change of an act; a guard may be read too early by ``behind`` versions."""
        merchant, guards, inserts, requires = act["merchant"], (), (), ()
        if act["guard"] is not None and (row := self.rows.get((merchant, act["guard"][0]))):
            before = {**row, "version": row["version"] - act["guard"][1]}
            guards = (Guard(sale, before, {"amount": act["amount"]}),)
        if act["insert"] is not None:
            row = {"id": self.ids[act["insert"]], "number": Drawn("n"), "amount": act["amount"], "state": "sent"}
            inserts = (Insert(sale, row),)
        if act["require"] is not None:
            requires = (Require(sale, {"id": self.ids[act["require"][0]]}, act["require"][1]),)
        return Change(
            change_id=new_id(),
            merchant_id=merchant,
            inserts=inserts,
            guards=guards,
            requires=requires,
            facts=(fact("moved"),),
            draws=(Draw("n", "voucher", last=3),) if inserts else (),
            totals=(Add(tally, {"day": "d"}, {"count": 1, "minor": act["amount"]}),),
        )

    def expect(self, change):
        """Repeated, Stale, or None where the Change should win."""
        written = {each.row["id"] for each in change.inserts} | {each.before["id"] for each in change.guards}
        if any(self.at(change.merchant_id, each.row["id"]) for each in change.inserts):
            return Repeated
        for guard in change.guards:
            if self.at(change.merchant_id, guard.before["id"])["version"] != guard.before["version"]:
                return Stale
        for require in change.requires:
            row = self.at(change.merchant_id, require.key["id"])
            if require.key["id"] not in written and (row["version"] if row else ABSENT) != require.version:
                return Stale
        return None

    def at(self, merchant, sale_id):
        return self.rows.get((merchant, self.ids.index(sale_id)))

    def keep(self, change):
        merchant = change.merchant_id
        for insert in change.inserts:
            number = self.drawn[merchant] = self.drawn.get(merchant, 0) % 3 + 1
            row = {"merchant_id": merchant, **insert.row, "number": number, "order_no": None}
            row |= {"version": 1, "last_change": change.change_id}
            self.rows[merchant, self.ids.index(row["id"])] = row
        for guard in change.guards:
            row = {**guard.before, **guard.set, "version": guard.before["version"] + 1}
            self.rows[merchant, self.ids.index(row["id"])] = {**row, "last_change": change.change_id}
        count, minor = self.totals.get(merchant, (0, 0))
        self.totals[merchant] = (count + 1, minor + change.totals[0].amounts["minor"])
        self.leaves[merchant] = self.leaves.get(merchant, 0) + 1


async def play(address, sequence):
    model = Model()
    async with opened(address) as store:
        for act in sequence:
            change = model.change(act)
            expected = model.expect(change)
            (answer,) = await asyncio.gather(store.commit(change), return_exceptions=True)
            if expected is None:
                assert isinstance(answer, Committed)
                model.keep(change)
            else:
                assert type(answer) is expected
        for merchant in (1, 2):
            rows = await store.fetch(SALES, {"merchant_id": merchant})
            assert rows == [row for (owner, _), row in sorted(model.rows.items()) if owner == merchant]
            total = await store.fetch_one(TALLY, {"merchant_id": merchant})
            assert (total and (total["count"], total["minor"])) == model.totals.get(merchant)
            assert await assert_log_whole(store, merchant) == model.leaves.get(merchant, 0)
            model.ids.sort()


@settings(max_examples=40, deadline=None)
@given(acts)
def test_random_changes_agree_with_a_dictionary_on_sqlite(sequence):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(f"sqlite://{Path(folder)}/model.db", sequence))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=acts)
def test_random_changes_agree_with_a_dictionary_on_postgresql(postgres_address, sequence):
    asyncio.run(emptied(postgres_address))
    asyncio.run(play(postgres_address, sequence))


async def emptied(address):

    connection = await asyncpg.connect(address)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


@pytest.mark.parametrize("act", [{"merchant": 1, "insert": 0, "guard": None, "require": (0, 1), "amount": 1}])
def test_the_model_tells_repeats(act):
    model = Model()
    change = model.change(act)
    assert model.expect(change) is None
    model.keep(change)
    assert model.expect(model.change(act)) is Repeated
