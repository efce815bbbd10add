"""The worker: what goes on beside the requests. Unfinished payments, signing, refusals that become facts."""

from counterfoil.doors.worker.evidence import evidence_found
from counterfoil.doors.worker.work import working

__all__ = ["evidence_found", "working"]
