"""Reading statements, compiled once an engine and kept while the statement object lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from counterfoil.basis import insist


class Compiled:
    """Statements are module constants with ``bindparam``s, so each is compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile for ``dialect``."""
        self._dialect = dialect
        self._kept: WeakKeyDictionary[Select[Any], SQLCompiler] = WeakKeyDictionary()

    def text(self, statement: Select[Any], params: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """The SQL of ``statement`` and its arguments in order. Raises Broken where a parameter is missing."""
        compiled = self._kept.get(statement)
        if compiled is None:
            made = statement.compile(dialect=self._dialect)
            insist(isinstance(made, SQLCompiler), "a statement that is not SQL")
            compiled = self._kept[statement] = made
        filled = compiled.construct_params(params)
        return compiled.string, tuple(filled[name] for name in compiled.positiontup or ())
