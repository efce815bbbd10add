"""What stands around every door: limits, headers, the log line, and the answer where something ends an act.

Rules
- A body is at most 1 MB, counted as it arrives, and must arrive within 15 seconds.
- A reading request ends within 10 seconds, any other within 75 (an act waits at most 60 for its provider).
- Every answer carries the security headers; what does not say otherwise is not stored by caches.
- Nobody is shown a traceback: what is not a fault becomes CF-9001 and one line in the log.
"""

from counterfoil.doors.shell.assemble import Surroundings, assemble
from counterfoil.doors.shell.body import BODY_BYTES_MAX, BODY_SECONDS_MAX
from counterfoil.doors.shell.deadline import READ_SECONDS_MAX, WRITE_SECONDS_MAX
from counterfoil.doors.shell.errors import Error, FaultPage, plain_page
from counterfoil.doors.shell.headers import SECURITY

__all__ = [
    "BODY_BYTES_MAX",
    "BODY_SECONDS_MAX",
    "READ_SECONDS_MAX",
    "SECURITY",
    "WRITE_SECONDS_MAX",
    "Error",
    "FaultPage",
    "Surroundings",
    "assemble",
    "plain_page",
]
