"""Reading statements, compiled once an engine and kept while the statement object lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from counterfoil.basis import insist

# A look-up by a whole unique key may say so; an engine that reads in its own process then answers without a detour.
BY_KEY: Final = "by_key"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compiled statement: its names in the order of the arguments, and the values the statement itself brings."""

    text: str
    names: tuple[str, ...]
    own: Mapping[str, Any]
    by_key: bool


class Compiled:
    """Statements are module constants with ``bindparam``s, so each is compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile for ``dialect``."""
        self._dialect = dialect
        self._kept: WeakKeyDictionary[Select[Any], _Kept] = WeakKeyDictionary()

    def text(self, statement: Select[Any], params: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The SQL of ``statement`` and its arguments in order. Raises Broken where a parameter is missing."""
        kept = self._of(statement)
        return kept.text, tuple([params[name] if name in params else _own(kept, name) for name in kept.names])

    def by_key(self, statement: Select[Any]) -> bool:
        """Whether the statement said that it looks up one row by its key."""
        return self._of(statement).by_key

    def _of(self, statement: Select[Any]) -> _Kept:
        kept = self._kept.get(statement)
        if kept is None:
            kept = self._kept[statement] = self._compile(statement)
        return kept

    def _compile(self, statement: Select[Any]) -> _Kept:
        made = statement.compile(dialect=self._dialect)
        if not isinstance(made, SQLCompiler):
            raise TypeError("a statement that is not SQL")
        own = {name: bind.value for name, bind in made.binds.items() if not bind.required}
        return _Kept(
            made.string, tuple(made.positiontup or ()), own, bool(statement.get_execution_options().get(BY_KEY))
        )


def _own(kept: _Kept, name: str) -> Any:
    insist(name in kept.own, f"a statement was read without its parameter {name}")
    return kept.own[name]
