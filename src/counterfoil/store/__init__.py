"""The store: one schema on SQLite, PostgreSQL and Citus, and the committer that makes many Changes durable at once.

The story
    An act reads (``fetch``), decides, and hands over one ``Change``. ``commit`` gathers the Changes of all waiting
    requests, runs them in one transaction with one fsync, and answers each with the log positions of its facts, or with
    ``Stale`` or ``Repeated``. Nobody is answered before the commit that holds their Change is durable.

Rules
- No rule rests on triggers, advisory locks, sequences or a snapshot over several merchants.
- What only one process may do is a ``Duty``: a row that each of its Changes requires.
- Every key begins with the merchant; a test walks the schema for it.
- Dialect words stand in ``store/engines`` only.
- A failed fsync or an I/O error during a commit stops the process; nothing is acknowledged.
"""

from counterfoil.store.bulk import OnLoaded, load_unevidenced
from counterfoil.store.change import (
    ABSENT,
    Add,
    Change,
    ChangePart,
    Committed,
    Draw,
    Drawn,
    Drop,
    Fact,
    FateUnknown,
    Guard,
    Insert,
    Lost,
    Repeated,
    Require,
    Row,
    Stale,
    Update,
)
from counterfoil.store.duty import Duty, OnDuty
from counterfoil.store.engines.engine import commit_open
from counterfoil.store.engines.lease import Lease
from counterfoil.store.faults import ADDRESS_UNKNOWN, FAULTS, UNREACHABLE
from counterfoil.store.log import Entry, Head, Leaf, Log, Touched
from counterfoil.store.schema import (
    Blob,
    Id,
    Line,
    Mark,
    Scope,
    Whole,
    belongs_to,
    by_merchant,
    erasable,
    everywhere,
    evidenced,
    metadata,
    versioned,
    working,
)
from counterfoil.store.store import Installation, Reader, Store, by_key, open_reading, open_store

__all__ = [
    "ABSENT",
    "ADDRESS_UNKNOWN",
    "FAULTS",
    "UNREACHABLE",
    "Add",
    "Blob",
    "Change",
    "ChangePart",
    "Committed",
    "Draw",
    "Drawn",
    "Drop",
    "Duty",
    "Entry",
    "Fact",
    "FateUnknown",
    "Guard",
    "Head",
    "Id",
    "Insert",
    "Installation",
    "Leaf",
    "Lease",
    "Line",
    "Log",
    "Lost",
    "Mark",
    "OnDuty",
    "OnLoaded",
    "Reader",
    "Repeated",
    "Require",
    "Row",
    "Scope",
    "Stale",
    "Store",
    "Touched",
    "Update",
    "Whole",
    "belongs_to",
    "by_key",
    "by_merchant",
    "commit_open",
    "erasable",
    "everywhere",
    "evidenced",
    "load_unevidenced",
    "metadata",
    "open_reading",
    "open_store",
    "versioned",
    "working",
]
