"""What the signing process found of the logs, where every process of the server can read it."""

from __future__ import annotations

import msgspec

from counterfoil.app import App
from counterfoil.evidence import EvidenceState

_KEY = "evidence"


async def tell_evidence(app: App) -> None:
    """Put up what is wrong with any log while signing; nothing stands there where all is well."""
    found = sorted(set(app.signer.states.values()))
    if found:
        app.board.put(_KEY, msgspec.json.encode(found))
    elif app.board.has(_KEY):
        app.board.drop(_KEY)


def evidence_found(app: App) -> set[EvidenceState]:
    """What is wrong with any log, as far as this server's processes know: at their start, or while signing."""
    told = (msgspec.json.decode(note.content, type=set[EvidenceState]) for note in app.board.notes(_KEY))
    return {*app.evidence_states.values(), *app.signer.states.values()}.union(*told) - {EvidenceState.SOUND}
