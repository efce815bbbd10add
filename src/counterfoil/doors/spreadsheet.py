"""Exported files on the wire: their media types and names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.records import Format

MEDIA: Final[Mapping[Format, str]] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


def file_name(form: Format) -> str:
    """The name a browser keeps it under."""
    return f"payments.{form}"
