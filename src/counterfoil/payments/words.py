"""The one word a person reads for a state of the money: the catalogue's, in both languages at once for a fault."""

from __future__ import annotations

from counterfoil.basis import Both
from counterfoil.locale import translator
from counterfoil.payments.states import MoneyState


def state_words(state: MoneyState) -> Both:
    """The state's word in both languages."""
    return Both(*(translator(language)(f"state.{state.value}") for language in ("zh-CN", "en")))
