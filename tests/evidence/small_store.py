"""The least that reads and commits: one SQLite connection, the real schema, the real log. For the evidence's tests."""

import apsw
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

import counterfoil.evidence.tables
import counterfoil.payments.tables
import counterfoil.people.tables
import counterfoil.providers.tables  # noqa: F401 - the schema is what was imported
from counterfoil.evidence import MerkleLog
from counterfoil.store import Committed, Entry, Head, Touched, metadata
from counterfoil.store.tables import evidence_head, evidence_leaf

DIALECT = sqlite.dialect(paramstyle="named")


class SmallStore:
    def __init__(self, path):
        self.db = apsw.Connection(str(path))
        self.db.pragma("journal_mode", "wal")
        self.db.pragma("synchronous", 0)
        self._log = MerkleLog()
        self._compiled = {}

    def make_tables(self):
        for table in metadata.sorted_tables:
            self.db.execute(str(CreateTable(table).compile(dialect=DIALECT)))

    async def fetch(self, select, params, /):
        compiled = select.compile(dialect=DIALECT)
        found = self.db.execute(str(compiled), compiled.construct_params(params))
        names = [column.name for column in select.selected_columns]
        return [dict(zip(names, row, strict=True)) for row in found]

    async def commit(self, change, /):
        return self.commit_all([change])[0]

    def commit_all(self, changes):
        with self.db:
            heads, committed = {}, []
            for change in changes:
                head = heads.get(change.merchant_id) or self._head(change.merchant_id)
                entry = Entry(change.facts, [self._write(each) for each in (*change.inserts, *change.guards)])
                heads[change.merchant_id], (leaves,) = self._log.append(head, [entry])
                for leaf in leaves:
                    self._insert(evidence_leaf, {"merchant_id": change.merchant_id, **_fields(leaf)})
                committed.append(Committed(change.change_id, tuple(leaf.position for leaf in leaves)))
            for merchant_id, head in heads.items():
                if head.size:
                    self._insert(evidence_head, {"merchant_id": merchant_id, **_fields(head)}, "OR REPLACE ")
        return committed

    def _head(self, merchant_id):
        found = self.db.execute("SELECT size, frontier FROM evidence_head WHERE merchant_id = ?", (merchant_id,)).get
        return Head(*found) if found else self._log.start()

    def _write(self, part):
        row = dict(part.row) if hasattr(part, "row") else {**part.before, **part.set}
        self._insert(part.table, row, "OR REPLACE ")
        return Touched(part.table, row)

    def _insert(self, table, row, how=""):
        marks = ",".join("?" * len(row))
        self.db.execute(f"INSERT {how}INTO {table.name} ({','.join(row)}) VALUES ({marks})", tuple(row.values()))


def _fields(record):
    return {name: getattr(record, name) for name in record.__slots__}
