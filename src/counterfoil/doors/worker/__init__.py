"""The worker: what goes on beside the requests. Unfinished payments, signing, refusals that become facts."""

from counterfoil.doors.worker.work import working

__all__ = ["working"]
