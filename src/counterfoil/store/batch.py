"""One transaction's worth of Changes, and what each step leaves for the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from counterfoil.basis import insist
from counterfoil.store.change import Committed, Fact, Lost
from counterfoil.store.log import Head, Leaf, Log
from counterfoil.store.ready import Drawings, Ready, Written, drawn_in
from counterfoil.store.shape import Key, Shape


class Again(Exception):  # noqa: N818 - an order, not an error
    """A Change lost after it had written: roll back and run the batch without it."""


class Batch:
    """At most one Change a row. Steps strike losers with ``lose``; ``settle_losers`` after each step sees to them."""

    def __init__(self, members: Sequence[Ready], log: Log, known_heads: AbstractSet[int]) -> None:
        """Begin with everybody still winning. ``known_heads`` are merchants whose head surely exists."""
        self.members: Final = list(members)
        self.log: Final = log
        self.known_heads: Final = known_heads
        self._drawing: Final = {member.id for member in self.members if member.change.draws}
        self.lost: Final[dict[str, Lost]] = {}
        self.wrote: Final[set[str]] = set()
        self.heads: Final[dict[int, Head]] = {}
        self.drawn: Final[dict[str, dict[str, int]]] = {}
        self.waiting: Final[list[tuple[str, Written]]] = []
        self.leaves: Final[dict[str, Sequence[Leaf]]] = {}

    def winners(self) -> list[Ready]:
        """The Changes still in."""
        return [member for member in self.members if member.id not in self.lost] if self.lost else self.members

    def lose(self, change_id: str, lost: Lost) -> None:
        """Strike a Change; the first reason stands."""
        self.lost.setdefault(change_id, lost)

    def settle_losers(self) -> None:
        """Raise Again where a loser has already written in this transaction."""
        if self.lost.keys() & self.wrote:
            raise Again

    def merchants(self) -> set[int]:
        """The merchants whose heads the winners take."""
        return {member.change.merchant_id for member in self.winners() if member.takes_head}

    def filled(self, change_id: str, written: Written) -> Mapping[str, Any]:
        """The row with its drawn numbers, or None in their place while they are not drawn yet."""
        return self._filled(change_id, written.row, written.drawn)

    def _filled(self, change_id: str, row: Mapping[str, Any], drawn: Drawings) -> Mapping[str, Any]:
        if not drawn:
            return row
        numbers = self.drawn.get(change_id, {})
        return {**row, **{column: numbers.get(name) for column, name in drawn}}

    def spoken(self, change_id: str, fact: Fact) -> Fact:
        """The fact with its drawn numbers."""
        waits = drawn_in(fact.body) if change_id in self._drawing else ()
        if not waits:
            return fact
        insist(change_id in self.drawn, "a fact is spoken before its numbers are drawn")
        return Fact(fact.kind, fact.subject, self._filled(change_id, fact.body, waits))

    def committed(self) -> dict[str, Committed]:
        """What each winner is told once the transaction is durable."""
        return {
            member.id: Committed(
                member.id,
                tuple([leaf.position for leaf in self.leaves.get(member.id, ())]),
                self.drawn.get(member.id, {}),
            )
            for member in self.winners()
        }


def by_table(pairs: Iterable[tuple[str, Written]]) -> list[tuple[Shape, list[tuple[str, Written]]]]:
    """The rows of each table: tables parents first, then by name, rows by key. Every lock is taken in this order."""
    tables: dict[Shape, list[tuple[str, Written]]] = {}
    for change_id, written in pairs:
        tables.setdefault(written.shape, []).append((change_id, written))
    return [(shape, sorted(tables[shape], key=_key)) for shape in sorted(tables)]


def _key(pair: tuple[str, Written]) -> Key:
    return pair[1].key
