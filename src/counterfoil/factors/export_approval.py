"""One approval as a file: the evidence, the entry that says it was confirmed, the one that enrolled the key, proofs."""

from __future__ import annotations

import json
from typing import Final

from counterfoil.basis import encode
from counterfoil.evidence import Archive, proof, timeline
from counterfoil.factors.faults import APPROVAL_UNKNOWN
from counterfoil.factors.reading import approval
from counterfoil.store import Store

KIND: Final = "counterfoil-approval"


async def export_approval(store: Store, archive: Archive, merchant_id: int, approval_id: str) -> bytes:
    """The file, as ``tools/verify_approval.py`` reads it: JSON in UTF-8.

    ``evidence`` is the canonical text whose digest the entry ``confirmed`` carries; ``enrolled`` is the entry of the
    passkey's enrolment, null for a code. Each entry stands with its C2SP tlog-proof.
    Raises Refused CF-2070 (none of that id, or its evidence was erased), CF-5005 (not signed yet: within a minute).
    """
    found = await approval(store, merchant_id, approval_id)
    if found is None or found.evidence is None:
        raise APPROVAL_UNKNOWN()
    passkey_id = json.loads(found.evidence).get("passkey")
    said = {
        "kind": KIND,
        "v": 1,
        "merchant": merchant_id,
        "evidence": found.evidence,
        "confirmed": await _entry(archive, merchant_id, found.id, "act.confirmed"),
        "enrolled": await _entry(archive, merchant_id, passkey_id, "passkey.added") if passkey_id else None,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


async def _entry(archive: Archive, merchant_id: int, subject: str, kind: str) -> dict[str, str]:
    """The entry of that kind about ``subject``, as its leaf holds it, and its proof."""
    for position, leaf in await timeline(archive.source, merchant_id, subject):
        if leaf["type"] == kind:
            proven = await proof(archive, merchant_id, position)
            return {"entry": encode(leaf).decode(), "proof": proven.decode()}
    raise APPROVAL_UNKNOWN()
