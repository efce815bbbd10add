"""Who may call: the merchants the sandbox knows, their signatures, and how exactly it looks at a request's clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from counterfoil.basis import MICROS
from counterfoil.providers import settings_wrong
from counterfoil.providers.lakala.signing import (
    NotSigned,
    Signed,
    parse_authorization,
    read_certificate,
    serial_number,
    verify_request,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A merchant the sandbox knows: appid, the serial of its certificate, that certificate's key."""

    appid: str
    serial_no: str
    key: RSAPublicKey


class Callers:
    """Those whose signatures are let in.

    ``window_seconds``: how far a request's time may be from ours, within which its nonce also counts once only; None
    looks at neither, since the platform's own rule is not public.
    """

    def __init__(self) -> None:
        self.window_seconds: float | None = None
        self._registered: dict[tuple[str, int], Registered] = {}
        self._seen: dict[tuple[str, str], int] = {}

    def register(self, merchant: Registered) -> None:
        """Let another merchant's signatures in."""
        self._registered[merchant.appid, serial_number(merchant.serial_no)] = merchant

    def register_folder(self, folder: Path) -> None:
        """Let in each merchant whose certificate lies in ``folder``. Raises CF-4204 naming the file.

        ``<appid>.pem``; or ``<appid>_<serial>.pem`` where the client writes another serial than its certificate has.
        """
        for path in sorted(folder.glob("*.pem")):
            appid, _, named = path.stem.partition("_")
            try:
                serial, key = read_certificate(path)
                self.register(Registered(appid, named or f"{serial:x}", key))
            except ValueError as error:
                raise settings_wrong("key", field=path.name, account="sandbox", key=path.name) from error

    def known(self, authorization: str, raw: bytes, now: int) -> Registered:
        """Whose request this is. Raises NotSigned."""
        signed = parse_authorization(authorization)
        merchant = self._named(signed)
        verify_request(signed, raw, merchant.key)
        if self.window_seconds is not None:
            self._in_time(signed, now, self.window_seconds)
        return merchant

    def _named(self, signed: Signed) -> Registered:
        """By appid and serial. Written in hex; a widely used client reads it out of the certificate in decimal."""
        appid, text = signed.appid or "", signed.serial_no or ""
        numbers = [serial_number(text)]
        if text.isdigit():
            numbers.append(int(text))
        for number in numbers:
            if (merchant := self._registered.get((appid, number))) is not None:
                return merchant
        raise NotSigned("nobody of that appid and serial is registered")

    def _in_time(self, signed: Signed, now: int, window: float) -> None:
        if not signed.timestamp.isdigit() or abs(now // MICROS - int(signed.timestamp)) > window:
            raise NotSigned("its time is not ours")
        self._seen = {each: at for each, at in self._seen.items() if now - at <= 2 * window * MICROS}
        if (signed.appid or "", signed.nonce_str) in self._seen:
            raise NotSigned("its nonce was used before")
        self._seen[signed.appid or "", signed.nonce_str] = now


def claimed_appid(authorization: str) -> str | None:
    """The appid a request claims, whether or not its signature holds; None where none can be read."""
    try:
        return parse_authorization(authorization).appid
    except NotSigned:
        return None
