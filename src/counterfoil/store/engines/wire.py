"""Whether the wire to a PostgreSQL can be trusted: this machine's own, or TLS with a certificate that is verified.

An address verifies with ``sslmode=verify-full`` alone: every other mode takes whoever answers for the database. Whom it
trusts stands in ``sslrootcert``: a file of authorities, or ``system`` for those of this machine.
"""

from __future__ import annotations

import os
from typing import Final

from counterfoil.basis import only_here
from counterfoil.store.engines.reach import VERIFIES, Server, asked_of, parts_of, servers_of

_NAMED_OUTSIDE: Final = ("PGHOST", "PGSERVICE")
_SCHEMES: Final = ("postgresql", "postgres")
_ELSEWHERE: Final = "?"


def unverified_host(address: str) -> str | None:
    """The first server on another machine that the address reaches without verifying it; None where there is none.

    Raises Refused CF-6004.
    """
    servers, asked = servers_of(address), asked_of(address)
    if parts_of(address).scheme not in _SCHEMES or asked.get("sslmode") == VERIFIES:
        return None
    if not servers and ("service" in asked or any(os.environ.get(name) for name in _NAMED_OUTSIDE)):
        # Which machine that is stands where we do not read.
        return _ELSEWHERE
    return next((server.host for server in servers if not _here(server)), None)


def _here(server: Server) -> bool:
    return server.host.startswith("/") or only_here(server.host)
