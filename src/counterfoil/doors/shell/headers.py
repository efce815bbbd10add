"""The security headers of every answer (OWASP ASVS 5.0.0, 3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No inline script or style anywhere. The referrer stays within the origin: with ``no-referrer`` a browser sends
# ``Origin: null`` with its own forms, and the origin check of the pages could not tell them from foreign ones.
SECURITY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
# As they go on the wire, and the names an answer may not set for itself.
_RAW: Final = tuple((name.lower().encode(), value.encode()) for name, value in SECURITY.items())
# The longer one binds names that are not ours, so somebody has to say that they are.
_RAW_TLS: Final = ((b"strict-transport-security", b"max-age=31536000"),)
_RAW_TLS_BELOW: Final = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
_OURS: Final = frozenset(name for name, _ in _RAW) | {b"server"}
_NOT_KEPT: Final = (b"cache-control", b"no-store")


def raw_headers() -> bytes:
    """The same as lines of HTTP/1.1, for an answer that no application gives."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in (*_RAW, _NOT_KEPT))


class SecurityHeaders:
    """Adds the headers; an answer that says nothing about caches is kept by none."""

    def __init__(self, app: ASGIApp, *, tls: bool = False, subdomains: bool = False) -> None:
        """Stand around ``app``. ``tls``: whatever arrives came over TLS to the proxy before this server.

        ``subdomains``: browsers are told to use TLS for all names below this one, too.
        """
        self._encrypted = _RAW + (_RAW_TLS_BELOW if subdomains else _RAW_TLS)
        self._app = app
        self._tls = tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        if self._tls:
            scope["scheme"] = "https"
        added = self._encrypted if scope["scheme"] == "https" else _RAW

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _dressed(message["headers"], added)
            await send(message)

        await self._app(scope, receive, dressed)


def _dressed(
    headers: Iterable[tuple[bytes, bytes]], added: tuple[tuple[bytes, bytes], ...]
) -> list[tuple[bytes, bytes]]:
    kept = [pair for pair in headers if pair[0] not in _OURS]
    if not any(name == _NOT_KEPT[0] for name, _ in kept):
        kept.append(_NOT_KEPT)
    return [*kept, *added]
