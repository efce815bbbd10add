"""What stands around every door: limits, headers, the log line, and the answer where something ends an act.

Rules
- The head of a request is at most 64 KiB and arrives within 15 seconds, or the connection is closed.
- At most 2,000 requests are served at once; what comes beside them is answered 503 with Retry-After.
- A body is at most 1 MB, counted as it arrives, and must arrive within 15 seconds.
- A reading request ends within 10 seconds, any other within 75 (an act waits at most 60 for its provider).
- Every answer carries the security headers; what does not say otherwise is not stored by caches.
- Who a caller is comes from the connection, or from a proxy that the settings name; never from anybody else's word.
- Nobody is shown a traceback: what is not a fault becomes CF-9001 and one line in the log.
"""

from counterfoil.doors.shell.assemble import Surroundings, assemble
from counterfoil.doors.shell.caller import SPEAKS_FOR, caller_of
from counterfoil.doors.shell.errors import Error, FaultPage, plain_page
from counterfoil.doors.shell.headers import SECURITY
from counterfoil.doors.shell.limits import LIMITS, Limits
from counterfoil.doors.shell.protocol import HEAD_BYTES_MAX, HEAD_SECONDS_MAX, BoundedProtocol

__all__ = [
    "HEAD_BYTES_MAX",
    "HEAD_SECONDS_MAX",
    "LIMITS",
    "SECURITY",
    "SPEAKS_FOR",
    "BoundedProtocol",
    "Error",
    "FaultPage",
    "Limits",
    "Surroundings",
    "assemble",
    "caller_of",
    "plain_page",
]
