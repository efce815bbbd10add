"""The sandbox's notices: an order that was paid, told to the address its charge named, signed with a key of its own.

After 1 second, and again after 5, 30 and 600 more, until the answer is ``success``. Only addresses on this machine are
told anything.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from counterfoil.basis import Clock
from counterfoil.providers import NoAnswer, NotSent, Transport, is_loopback
from counterfoil.providers.shouqianba.notice import ACCEPTED
from counterfoil.providers.shouqianba.sandbox.calls import about
from counterfoil.providers.shouqianba.sandbox.ledger import Order

SCHEDULE: Final = (1.0, 5.0, 30.0, 600.0)
_FIELDS_NOT_TOLD: Final = frozenset({"ctime"})


class NoticeTrick(StrEnum):
    """How a notice can be other than right, or in another of the forms that clients have met."""

    LOST = "lost"  # never sent
    TWICE = "twice"
    LATE = "late"  # first sent after ``late_seconds``
    FORGED = "forged"  # the signature does not hold
    OTHER_TERMINAL = "other_terminal"
    HEX = "hex"  # the signature in hex
    BARE = "bare"  # the signature alone, without the terminal's number
    BARE_HEX = "bare_hex"  # alone and in hex
    WRAPPED = "wrapped"  # the order inside of an answer's layers


class Notices:
    """Sends them. ``next`` are tricks for the coming ones; ``answers``: order and what was answered, newest last."""

    def __init__(
        self, key: RSAPrivateKey, clock: Clock, *, new_transport: Callable[[], Transport] | None = None
    ) -> None:
        """``key`` signs every notice. ``new_transport``: how they go out."""
        self.next: deque[NoticeTrick] = deque()
        self.answers: list[tuple[str, str]] = []
        self.late_seconds = 60.0
        self._key = key
        self._clock = clock
        self._new_transport = new_transport or way_out
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is still being told."""
        return bool(self._tasks)

    def begin(self, order: Order) -> None:
        """Tell of a paid order from now on, beside whatever else happens."""
        if not is_loopback(urlsplit(order.notify_url).hostname or ""):
            return
        trick = self.next.popleft() if self.next else None
        if trick is NoticeTrick.LOST:
            return
        body = notice_body(order, trick)
        for _ in range(2 if trick is NoticeTrick.TWICE else 1):
            task = asyncio.get_running_loop().create_task(self._tell(order, body, trick))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell nothing any more."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(self, order: Order, body: bytes, trick: NoticeTrick | None = None) -> bool:
        """Send one notice now; whether the answer was ``success``."""
        headers = {"Authorization": self.authorization(order, body, trick), "Content-Type": "application/json"}
        transport = self._new_transport()
        try:
            answer = await transport.post(order.notify_url, headers, body)
        except (NotSent, NoAnswer) as error:
            self.answers.append((order.client_sn, type(error).__name__))
            return False
        finally:
            await transport.close()
        self.answers.append((order.client_sn, answer.body.decode(errors="replace")))
        return answer.body == ACCEPTED

    def authorization(self, order: Order, body: bytes, trick: NoticeTrick | None = None) -> str:
        """The header of a notice with this body."""
        signed = self._key.sign(body + b" " if trick is NoticeTrick.FORGED else body, PKCS1v15(), SHA256())
        in_hex = trick in {NoticeTrick.HEX, NoticeTrick.BARE_HEX}
        word = signed.hex() if in_hex else base64.b64encode(signed).decode()
        return word if trick in {NoticeTrick.BARE, NoticeTrick.BARE_HEX} else f"{order.terminal_sn} {word}"

    async def _tell(self, order: Order, body: bytes, trick: NoticeTrick | None) -> None:
        if trick is NoticeTrick.LATE:
            await self._clock.sleep(self.late_seconds)
        for pause in SCHEDULE:
            await self._clock.sleep(pause)
            if await self.send(order, body, trick):
                return


def notice_body(order: Order, trick: NoticeTrick | None = None) -> bytes:
    """What is told of an order: flat, as it is now."""
    told: dict[str, Any] = {name: value for name, value in about(order).items() if name not in _FIELDS_NOT_TOLD}
    if trick is NoticeTrick.OTHER_TERMINAL:
        told["terminal_sn"] = f"{order.terminal_sn}9"
    if trick is NoticeTrick.WRAPPED:
        told = {"result_code": "200", "biz_response": {"result_code": "SUCCESS", "data": told}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def new_private_key() -> RSAPrivateKey:
    """An RSA key of 2,048 bits."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def kept_key(path: Path, new_key: Callable[[], RSAPrivateKey] = new_private_key) -> RSAPrivateKey:
    """The key in the file at ``path``; where there is none yet, one is made and kept there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    loaded = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(loaded, RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004 - the file is at fault, not a type of ours
    return loaded


def public_half(key: RSAPrivateKey) -> str:
    """Base64 of its public half, as Shouqianba's portal shows one."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def way_out() -> Transport:
    """How notices go out where nothing else is said."""
    return Transport(commit_open=_never, total_seconds=5, loopback=True)


def _never() -> bool:
    return False
