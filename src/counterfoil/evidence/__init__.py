"""Evidence (存证): every fact is a leaf of its merchant's Merkle log, and anybody can check it without us.

The story
    An act hands the store its rows together with facts made here. The committer asks ``MerkleLog`` for their leaves,
    which carry a digest of every row written, and makes rows, leaves and the log's head durable at once. Within a
    minute the ``Signer`` signs the size it finds committed and writes full tiles as files; ``Thinning`` later drops
    checkpoints nobody needs any more. Doors serve checkpoints, tiles and proofs; ``verify`` holds the whole
    installation against its own evidence.

Rules
- A leaf holds no personal data and no card data: ids, amounts, states, and salted commitments.
- Only what is durable is signed, and never a size or root that contradicts one signed before.
- A missing key beside existing data is a fault, never a reason for a new key.
- The formats are C2SP's and RFC 6962's; nothing of our own has to be trusted to check them.
- The registry of fact kinds only grows.
"""

from counterfoil.evidence.archive import Archive
from counterfoil.evidence.check_log import Against
from counterfoil.evidence.checkpoint import Checkpoint, open_checkpoint, origin_of, read_checkpoint
from counterfoil.evidence.fact import SYSTEM, FactKind, b64url, commitment, committed, fact_kind
from counterfoil.evidence.faults import FAULTS
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.fold import Fold
from counterfoil.evidence.keys import LogKey, open_log_key, public_key, public_key_of
from counterfoil.evidence.leaf import read as read_leaf
from counterfoil.evidence.merkle_log import MerkleLog
from counterfoil.evidence.note import NotANote, Verifier
from counterfoil.evidence.proof_steps import PathStep, ProofSteps, proof_steps
from counterfoil.evidence.reading import (
    Grown,
    Signed,
    checkpoint_of,
    checkpoints,
    growth,
    latest_checkpoint,
    log_size,
    newest_of,
    proof,
    tile,
    timeline,
    written_at,
)
from counterfoil.evidence.registry import Registered, disagreements, losses, parse_registry, registry
from counterfoil.evidence.row import digest
from counterfoil.evidence.signer import DUTY_SECONDS, Signer
from counterfoil.evidence.source import Source, Writable
from counterfoil.evidence.startup import EvidenceState, check_at_start, examine
from counterfoil.evidence.thin import Thinning
from counterfoil.evidence.tree import leaf_hash, root_of
from counterfoil.evidence.verify import Report, verify
from counterfoil.evidence.walk import leaves_back, leaves_on, span_of

__all__ = [
    "DUTY_SECONDS",
    "FAULTS",
    "SYSTEM",
    "Against",
    "Archive",
    "Checkpoint",
    "EvidenceState",
    "FactKind",
    "Finding",
    "Fold",
    "Found",
    "Grown",
    "LogKey",
    "MerkleLog",
    "NotANote",
    "PathStep",
    "ProofSteps",
    "Registered",
    "Report",
    "Signed",
    "Signer",
    "Source",
    "Thinning",
    "Verifier",
    "Writable",
    "b64url",
    "check_at_start",
    "checkpoint_of",
    "checkpoints",
    "commitment",
    "committed",
    "digest",
    "disagreements",
    "examine",
    "fact_kind",
    "growth",
    "latest_checkpoint",
    "leaf_hash",
    "leaves_back",
    "leaves_on",
    "log_size",
    "losses",
    "newest_of",
    "open_checkpoint",
    "open_log_key",
    "origin_of",
    "parse_registry",
    "proof",
    "proof_steps",
    "public_key",
    "public_key_of",
    "read_checkpoint",
    "read_leaf",
    "registry",
    "root_of",
    "span_of",
    "tile",
    "timeline",
    "verify",
    "written_at",
]
