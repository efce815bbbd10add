"""A client as others make them: signs a body of its own, posts it, and looks at the bytes that come back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from counterfoil.providers.lakala.sandbox import APPID, MERCHANT_NO, TERM_NO, SandboxKeys
from counterfoil.providers.lakala.signing import read_private_key

PLACE = {"merchant_no": MERCHANT_NO, "term_no": TERM_NO}
LOCATED = {"location_info": {"request_ip": "127.0.0.1"}}
WECHAT_CODE = "135178236713755038"


@dataclass(frozen=True)
class Got:
    """What came back. ``names`` are the header names as they were written."""

    status: int
    headers: Mapping[str, str]
    names: tuple[str, ...]
    raw: bytes

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        return self.said["code"]

    @property
    def data(self) -> dict[str, Any]:
        return self.said["resp_data"]


def authorization(pairs: Mapping[str, str], *, quote: str = '"', comma: str = ",") -> str:
    """Scheme, one space, pairs in the order given."""
    return "LKLAPI-SHA256withRSA " + comma.join(f"{name}={quote}{value}{quote}" for name, value in pairs.items())


@dataclass
class WireClient:
    """``order``: of the pairs; ``serial_no``: as this client writes it; ``wrap``: its envelope."""

    url: str
    key: RSAPrivateKey
    serial_no: str
    appid: str = APPID
    order: tuple[str, ...] = ("appid", "serial_no", "timestamp", "nonce_str", "signature")
    quote: str = '"'
    comma: str = ","
    nonce: str = "MoXCcHtMmbVl"
    timestamp: str = "1795579200"
    made: int = field(default=0)

    @classmethod
    def of(cls, url: str, keys: SandboxKeys, **other: Any) -> WireClient:
        return cls(url, read_private_key(keys.merchant_key), **({"serial_no": keys.serial_no} | other))

    def number(self) -> str:
        self.made += 1
        return f"W{self.made:019d}"

    async def call(self, path: str, data: Mapping[str, Any], wrap: Callable[[Any], Any] | None = None) -> Got:
        envelope = {"req_time": "20261125120000", "version": "3.0", "req_data": data} if wrap is None else wrap(data)
        return await self.post(path, json.dumps(envelope, ensure_ascii=False).encode())

    async def post(self, path: str, body: bytes) -> Got:
        lines = f"{self.appid}\n{self.serial_no}\n{self.timestamp}\n{self.nonce}\n".encode() + body + b"\n"
        signature = base64.b64encode(self.key.sign(lines, PKCS1v15(), SHA256())).decode()
        said = {"appid": self.appid, "serial_no": self.serial_no, "timestamp": self.timestamp}
        said |= {"nonce_str": self.nonce, "signature": signature}
        header = authorization({name: said[name] for name in self.order}, quote=self.quote, comma=self.comma)
        headers = {"Authorization": header, "Content-Type": "application/json"}
        async with httpcore.AsyncConnectionPool() as pool:
            answer = await pool.request("POST", self.url + path, headers=headers, content=body)
            got = {name.decode().lower(): value.decode() for name, value in answer.headers}
            return Got(answer.status, got, tuple(name.decode() for name, _ in answer.headers), answer.content)

    async def paid(self, amount: int = 3800) -> str:
        """The number of a charge that was taken."""
        number = self.number()
        data = {**PLACE, **LOCATED, "out_trade_no": number, "auth_code": WECHAT_CODE, "total_amount": str(amount)}
        assert (await self.call("/api/v3/labs/trans/micropay", data)).code == "BBS00000"
        return number
