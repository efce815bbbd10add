"""Words beside a field, in both languages; they travel in its JSON Schema, and pages read them there."""

from __future__ import annotations

from typing import Any, Final

import msgspec

ZH: Final = "x-description-zh"


def said(en: str, zh: str, *, shown: dict[str, Any] | None = None, **limits: Any) -> msgspec.Meta:
    """What a field is, for ``Annotated``. ``limits`` are checked; ``shown`` only stands in the schema.

    An amount's bounds are shown but not checked here: the act refuses them, with one code at every door.
    """
    return msgspec.Meta(description=en, extra_json_schema={ZH: zh, **(shown or {})}, **limits)
