"""The tables the committer itself writes: the log, the drawn counters, and the installation's own row."""

from typing import Final

from sqlalchemy import Index

from counterfoil.store.schema import Blob, Id, Line, Whole, by_merchant, everywhere, versioned, working

evidence_leaf: Final = by_merchant(
    "evidence_leaf",
    working("position", Whole),
    working("subject", Id, null=True),
    working("entry", Blob),
    working("leaf_hash", Blob),
    Index("evidence_leaf_by_subject", "merchant_id", "subject", "position"),
    key=("position",),
)

evidence_head: Final = by_merchant(
    "evidence_head",
    working("size", Whole),
    working("frontier", Blob),
    key=(),
)

counter: Final = by_merchant(
    "counter",
    working("name", Line),
    working("value", Whole),
    key=("name",),
)

# One row. ``epoch`` grows with each start that takes the lease: a server that lost it notices before it commits.
installation: Final = everywhere(
    "installation",
    working("one", Whole),
    working("uuid", Id),
    working("epoch", Whole),
    working("demonstration", Whole),
    working("made_at", Whole),
    key=("one",),
)

# ``distributed_at``: when the tables of that migration were spread over the nodes; NULL where there is one node.
schema_version: Final = everywhere(
    "schema_version",
    working("number", Whole),
    working("name", Line),
    working("applied_at", Whole),
    working("distributed_at", Whole, null=True),
    key=("number",),
)

# Which of all processes does what only one may: who, since how many others, and until when without a new word.
duty: Final = everywhere(
    "duty",
    working("name", Line),
    working("holder", Id),
    working("epoch", Whole),
    working("until", Whole),
    *versioned(),
    key=("name",),
    root=True,
)

OWN: Final = frozenset(table.name for table in (evidence_leaf, evidence_head, counter, installation, schema_version))
