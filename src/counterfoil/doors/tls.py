"""TLS that ends here: the context of the certificate that the settings name, and its change while the server runs.

Rules
- TLS 1.2 at least, and of its suites those with forward secrecy and authenticated encryption (RFC 9325, 4.2).
- A certificate that is renewed in its place is served without a new start, within a minute.
- One that cannot be used leaves the one before it in use, and a line in the log.
"""

from __future__ import annotations

import contextlib
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509

from counterfoil.basis import CERTIFICATE_UNUSABLE, MICROS, Clock, Fault, Server

_LOOK_SECONDS: Final = 30.0
# Of TLS 1.2; those of 1.3 are all as good.
_SUITES: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
_log = structlog.get_logger(__name__)


def tls_of(server: Server, clock: Clock) -> ssl.SSLContext | None:
    """The context of the settings' certificate; None where TLS does not end here. Raises Refused CF-7007."""
    if server.certificate is None or server.certificate_key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.set_alpn_protocols(["http/1.1"])
    load(context, server, clock)
    return context


def load(context: ssl.SSLContext, server: Server, clock: Clock) -> None:
    """Serve what the files hold now. Raises Refused CF-7007: unreadable, no pair, not yet or no longer in date."""
    certificate, key = Path(server.certificate or ""), Path(server.certificate_key or "")
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        key.read_bytes()
    except (OSError, ValueError) as error:
        which = key if isinstance(error, OSError) and error.filename == str(key) else certificate
        raise CERTIFICATE_UNUSABLE(path=which, why=_why(error)) from error
    now = datetime.fromtimestamp(clock.now() / MICROS, UTC)
    if not first.not_valid_before_utc <= now <= first.not_valid_after_utc:
        dates = f"{first.not_valid_before_utc:%Y-%m-%d} – {first.not_valid_after_utc:%Y-%m-%d}"
        raise CERTIFICATE_UNUSABLE(path=certificate, why=dates)
    try:
        # An empty password, or OpenSSL would ask at the console.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        raise CERTIFICATE_UNUSABLE(path=key, why=_why(error)) from error


async def follow(context: ssl.SSLContext, server: Server, clock: Clock) -> None:
    """Load the files anew whenever they change, without end."""
    seen = _changed(server)
    while True:
        await clock.sleep(_LOOK_SECONDS)
        now = _changed(server)
        if now == seen:
            continue
        seen = now
        try:
            load(context, server, clock)
        except Fault as fault:
            _log.error("tls.not_renewed", code=fault.kind.code)
        else:
            _log.info("tls.renewed")


def _changed(server: Server) -> tuple[int, ...]:
    """When each file was written last; what is gone counts as never."""
    times = []
    for name in (server.certificate, server.certificate_key):
        times.append(0)
        with contextlib.suppress(OSError):
            times[-1] = Path(name or "").stat().st_mtime_ns
    return tuple(times)


def _why(error: Exception) -> str:
    """What a reader can use of it; the path stands beside it."""
    if isinstance(error, ssl.SSLError):
        return error.reason or "no pair"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
