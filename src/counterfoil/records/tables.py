"""What a person keeps of their own: the questions they ask again and again. None of it is evidence of anything."""

from typing import Final

from sqlalchemy import Index

from counterfoil.store import Id, Line, Whole, belongs_to, by_merchant, versioned, working

saved_filter: Final = by_merchant(
    "saved_filter",
    working("id", Id),
    working("person_id", Id),
    working("name", Line),
    working("query", Line),
    working("made_at", Whole),
    *versioned(),
    belongs_to("person", "person_id", key=("id",)),
    Index("saved_filter_by_person", "merchant_id", "person_id", "made_at"),
    key=("id",),
    root=True,
)
