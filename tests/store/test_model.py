"""Random Changes against a dictionary: the store and the model agree on every answer and on every row."""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.store import (
    ABSENT,
    Add,
    Change,
    ChangePart,
    Committed,
    Draw,
    Drawn,
    Drop,
    Guard,
    Insert,
    Repeated,
    Require,
    Stale,
)
from tests.store.house import SALES, SEATS, TALLY, assert_log_whole, fact, new_id, opened, sale, seat, tally

PLACES = 4

acts = st.lists(
    st.fixed_dictionaries(
        {
            "merchant": st.integers(1, 2),
            "insert": st.none() | st.integers(0, PLACES - 1),
            "guard": st.none() | st.tuples(st.integers(0, PLACES - 1), st.integers(0, 1)),
            "require": st.none() | st.tuples(st.integers(0, PLACES - 1), st.integers(0, 2)),
            "amount": st.integers(1, 9),
            # A seat is a working row: taken, moved, or left again; as it stands or as it was one version before.
            "seat": st.none()
            | st.tuples(st.integers(0, PLACES - 1), st.sampled_from(("take", "move", "leave")), st.integers(0, 1)),
            "alone": st.booleans(),
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
    seats: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)

    def change(self, act):
        """The Change of an act: the sales, and a part about a seat, or the seat's part alone."""
        part = self.part(act)
        if act["alone"] and part:
            return Change(change_id=new_id(), merchant_id=act["merchant"], **part)
        return self.of_sales(act).plus(ChangePart(**part))

    def part(self, act):
        """What an act does to a seat; it may have been read before somebody left it."""
        if act["seat"] is None:
            return {}
        place, does, behind = act["seat"]
        read = self.seen.get((act["merchant"], place))
        if does == "take":
            return {"inserts": (Insert(seat, {"id": self.ids[place], "seen": act["amount"]}),)}
        if read is None:
            return {}
        before = {**read, "version": read["version"] - behind}
        if does == "move":
            return {"guards": (Guard(seat, before, {"seen": act["amount"]}),)}
        return {"drops": (Drop(seat, before),)}

    def of_sales(self, act):
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
        guards = [each for each in change.guards if each.table is sale]
        written = {each.row["id"] for each in change.inserts if each.table is sale}
        written |= {each.before["id"] for each in guards}
        if any(self.at(change.merchant_id, each.row["id"], each.table) for each in change.inserts):
            return Repeated
        for each in (*change.guards, *change.drops):
            row = self.at(change.merchant_id, each.before["id"], each.table)
            if row is None or row["version"] != each.before["version"]:
                return Stale
        for require in change.requires:
            row = self.at(change.merchant_id, require.key["id"])
            if require.key["id"] not in written and (row["version"] if row else ABSENT) != require.version:
                return Stale
        return None

    def at(self, merchant, row_id, table=sale):
        return (self.rows if table is sale else self.seats).get((merchant, self.ids.index(row_id)))

    def keep(self, change):
        self.keep_seat(change)
        if change.facts:
            self.keep_sales(change)

    def keep_seat(self, change):
        here = {"merchant_id": change.merchant_id, "last_change": change.change_id}
        made = [{**each.row, "version": 1} for each in change.inserts if each.table is seat]
        moved = [each for each in change.guards if each.table is seat]
        made += [{**each.before, **each.set, "version": each.before["version"] + 1} for each in moved]
        for row in made:
            place = change.merchant_id, self.ids.index(row["id"])
            self.seats[place] = self.seen[place] = {**row, **here}
        for drop in change.drops:
            del self.seats[change.merchant_id, self.ids.index(drop.before["id"])]

    def keep_sales(self, change):
        merchant = change.merchant_id
        for insert in change.inserts:
            if insert.table is seat:
                continue
            number = self.drawn[merchant] = self.drawn.get(merchant, 0) % 3 + 1
            row = {"merchant_id": merchant, **insert.row, "number": number, "order_no": None}
            row |= {"version": 1, "last_change": change.change_id}
            self.rows[merchant, self.ids.index(row["id"])] = row
        for guard in change.guards:
            if guard.table is seat:
                continue
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
            seats = await store.fetch(SEATS, {"merchant_id": merchant})
            assert seats == [row for (owner, _), row in sorted(model.seats.items()) if owner == merchant]
            total = await store.fetch_one(TALLY, {"merchant_id": merchant})
            assert (total and (total["count"], total["minor"])) == model.totals.get(merchant)
            assert await assert_log_whole(store, merchant) == model.leaves.get(merchant, 0)
            model.ids.sort()


@settings(max_examples=40)
@given(acts)
def test_random_changes_agree_with_a_dictionary_on_sqlite(sequence):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(f"sqlite://{Path(folder)}/model.db", sequence))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=acts)
def test_random_changes_agree_with_a_dictionary_on_postgresql(postgres_address, sequence):
    asyncio.run(emptied(postgres_address))
    asyncio.run(play(postgres_address, sequence))


async def emptied(address):

    connection = await asyncpg.connect(address)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


@pytest.mark.parametrize(
    "act", [{"merchant": 1, "insert": 0, "guard": None, "require": (0, 1), "amount": 1, "seat": None, "alone": False}]
)
def test_the_model_tells_repeats(act):
    model = Model()
    change = model.change(act)
    assert model.expect(change) is None
    model.keep(change)
    assert model.expect(model.change(act)) is Repeated
