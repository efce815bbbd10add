"""One call to Lakala: its fields held, signed, posted, the answer's raw bytes verified, and only then read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.basis import MICROS
from counterfoil.providers import Means, NoAnswer, NotSent, Unknown, Why
from counterfoil.providers.lakala.fields import wrong_field
from counterfoil.providers.lakala.signing import NotSigned, Signer, verify_answer
from counterfoil.providers.lakala.sm4 import NotEncrypted, Sm4
from counterfoil.providers.lakala.wire import Envelope, Unreadable, read_answer, request_body, request_body_v2

_OK: Final = 200
_V2: Final = "/api/v2/"
_ENCRYPTED: Final = "_encry"
_NONCE: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Gateway:
    """The way to one account's platform. Ends in what was said, or in Unknown; never raises for the network."""

    def __init__(self, means: Means, signer: Signer, certificates: Mapping[int, Any], sm4: Sm4 | None = None) -> None:
        """``certificates``: the platform's keys by serial. ``sm4``: the account's key, where it has one."""
        self._means = means
        self._signer = signer
        self._certificates = certificates
        self._sm4 = sm4
        self._base_url = means.settings["base_url"].rstrip("/")

    async def ask(self, path: str, data: Mapping[str, Any]) -> Envelope | Unknown:
        """Call ``path`` with ``data``. A field that may not be sent is Unknown, not sent, naming code and field.

        An account with an SM4 key sends what has an encrypted form in it.
        """
        if (wrong := wrong_field(path, data)) is not None:
            return Unknown(Why.NOT_SENT, f"{wrong.kind.code} {wrong.field}")
        now = self._means.clock.now()
        if path.startswith(_V2):
            return await self._post(path, request_body_v2(data, now, self._means.entropy.bytes(16).hex()), now)
        body = request_body(data, now)
        return await self._post(path, body if not path.endswith(_ENCRYPTED) else self._encrypted(body), now)

    def has_sm4(self) -> bool:
        """Whether encrypted forms can be used."""
        return self._sm4 is not None

    def _encrypted(self, body: bytes) -> bytes:
        return body if self._sm4 is None else self._sm4.encrypt(body)

    async def _post(self, path: str, body: bytes, now: int) -> Envelope | Unknown:
        headers = {
            "Authorization": self._signer.authorization(str(now // MICROS), self._nonce(), body),
            "Content-Type": "application/json;charset=UTF-8",
            "Accept": "application/json",
        }
        try:
            answer = await self._means.post(self._base_url + path, headers, body)
        except NotSent as error:
            return Unknown(Why.NOT_SENT, str(error))
        except NoAnswer as error:
            return Unknown(Why.NO_ANSWER, str(error))
        if answer.status != _OK:
            return Unknown(Why.PROVIDER_TROUBLE, f"HTTP {answer.status}")
        try:
            verify_answer(answer.headers, answer.body, self._certificates, self._signer.appid)
            return read_answer(self._plain(answer.body))
        except NotSigned as error:
            return Unknown(Why.BAD_SIGNATURE, str(error))
        except (Unreadable, NotEncrypted) as error:
            return Unknown(Why.UNREADABLE, str(error))

    def _plain(self, body: bytes) -> bytes:
        """An answer is JSON, or, where the account has an SM4 key, the base64 of its ciphertext."""
        if self._sm4 is None or body.lstrip()[:1] == b"{":
            return body
        return self._sm4.decrypt(body)

    def _nonce(self) -> str:
        return "".join(_NONCE[byte % len(_NONCE)] for byte in self._means.entropy.bytes(12))
