"""A provider's own code, with what it means: for whoever calls the provider about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.doors.screen.guest import Signed
from counterfoil.payments import Payment

# What a connector says in its own words ("not sent") or we do ("funds_not_in_time") is no code of a provider's.
_CODE: Final = re.compile(r"(?=.*[A-Z0-9])[A-Za-z0-9_.-]{1,64}", re.ASCII)


def code_said(desk: Signed, payment: Payment, code: object) -> str:
    """The code of the payment's provider and what it means in the desk's language; "" where there is none."""
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return ""
    meaning = desk.app.manifests[payment.provider].codes.get(code)
    if meaning is None:
        return desk.t("provider.code.unlisted", code=code)
    return desk.t("provider.code", code=code, means=meaning.zh if desk.language == "zh-CN" else meaning.en)


def last_code(leaves: Sequence[Mapping[str, Any]]) -> str:
    """The newest code among what the log says, newest first; "" where there is none."""
    return next((str(leaf["code"]) for leaf in leaves if leaf.get("code")), "")
