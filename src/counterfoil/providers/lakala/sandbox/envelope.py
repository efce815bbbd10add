"""The form of the sandbox's answers and requests: envelopes, twists, and header names as the platform writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from counterfoil.basis import MICROS
from counterfoil.providers.lakala.sandbox.calls import Told
from counterfoil.providers.lakala.sandbox.trick import Trick
from counterfoil.providers.lakala.wire import wire_time

_V2: Final = "/api/v2/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A request's envelope: the data of either form, and what V2 wants back. ``data`` None: it is something else."""

    data: Mapping[str, Any] | None
    req_id: str = ""
    v2: bool = False


def read(path: str, raw: bytes) -> Said:
    """``req_data`` of a V3 request, ``reqData`` of a V2 one."""
    v2 = path.startswith(_V2)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return Said(data=None, v2=v2)
    if not isinstance(body, dict):
        return Said(data=None, v2=v2)
    data = body.get("req_data") or body.get("reqData")
    return Said(data=data if isinstance(data, dict) else None, req_id=str(body.get("reqId") or ""), v2=v2)


def written(told: Told, now: int, asked: Said, beside: Mapping[str, Any]) -> bytes:
    """An answer's bytes. To V2 both known forms at once: which one each of its products wants is not public.

    ``beside`` is said too, in the envelope and in its data.
    """
    told = replace(told, data={**told.data, **beside}) if beside else told
    said: dict[str, Any] = {"code": told.code, "msg": told.msg, "resp_time": wire_time(now), "resp_data": told.data}
    said |= beside
    if asked.v2:
        said |= {"retCode": told.code, "retMsg": told.msg, "respData": told.data, "cmdRetCode": "GLOBAL_SUCCESS"}
        said |= {"reqId": asked.req_id, "ver": "1.0.0", "timestamp": now // (MICROS // 1000)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def twisted(told: Told, trick: Trick | None) -> Told:
    """An answer that does not say what was done."""
    if trick is Trick.UNLISTED_CODE:
        return Told("SBX77777", "沙箱：不认识的应答码", told.data)
    if trick is Trick.OTHER_AMOUNT:
        return replace(told, data={**told.data, "total_amount": "1", "refund_amount": "1"})
    if trick is Trick.OTHER_CURRENCY:
        return replace(told, data={**told.data, "trans_currency": "USD"})
    return told


class Answer(Response):
    """An answer whose header names go out as they are written: a client may look for ``Lklapi-Serial`` and no other.

    HTTP names know no case, but some clients keep them in a map that does; the platform writes them with capitals.
    """

    media_type = "application/json;charset=UTF-8"

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(body)
        own = [(name.title(), value) for name, value in self.raw_headers]
        self.raw_headers = [*((name.encode(), value.encode()) for name, value in headers.items()), *own]
