"""The provider's calls as a Connector."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.providers import (
    Answered,
    Charge,
    Connector,
    Declined,
    DeclineReason,
    Leg,
    Means,
    NoAnswer,
    NotSent,
    Outcome,
    Query,
    Unknown,
    Why,
)
from counterfoil.testing.template.messages import Expected, outcome_of
from counterfoil.testing.template.signing import HEADER, NotSigned, sign, verify

_OK: Final = 200
_NOT_SENT: Final = Answered(Declined(reason=DeclineReason.NOT_PERMITTED, code="not sent"))


def connector(means: Means) -> Connector:
    """The connector of an account. Calls nobody."""
    return Template(means)


class Template:
    """One account. Every method ends in an Outcome, whatever the network or the provider does."""

    def __init__(self, means: Means) -> None:
        """``means``: what the account is given."""
        self._means = means
        self._limits = means.manifest.limits
        self._merchant_no = means.settings["merchant_no"]

    async def charge(self, call: Charge) -> Answered:
        """Take the money behind the customer's payment code."""
        if call.auth_code is None or not self._limits.allows(call.amount):
            return _NOT_SENT
        data = {
            "order": call.order_no,
            "amount": call.amount.minor,
            "auth_code": call.auth_code.reveal(),
            "subject": call.subject[: self._limits.subject_max],
        }
        return await self._call("pay", data, self._expected("charge", call.order_no, call.amount.minor))

    async def query(self, call: Query) -> Answered:
        """Ask by our own number."""
        return await self._call(
            "query", {"order": call.order_no}, self._expected("query", call.order_no, call.amount.minor)
        )

    async def void(self, call: Leg) -> Answered:
        """The whole payment, before the cut."""
        return await self._undo("void", call)

    async def reverse(self, call: Leg) -> Answered:
        """A payment whose outcome is unknown. Yes means: not paid now, and never will be."""
        return await self._undo("reversal", call)

    async def refund(self, call: Leg) -> Answered:
        """Give back the whole or a part."""
        if not self._limits.allows(call.amount):
            return _NOT_SENT
        data = {"order": call.order_no, "origin": call.origin_order_no, "amount": call.amount.minor}
        return await self._call("refund", data, self._expected("refund", call.order_no, call.amount.minor))

    async def _undo(self, kind: str, call: Leg) -> Answered:
        data = {"order": call.order_no, "origin": call.origin_order_no, "amount": call.origin_amount.minor}
        return await self._call("undo", data, self._expected(kind, call.order_no, call.origin_amount.minor))

    async def _call(self, path: str, data: Mapping[str, Any], expected: Expected) -> Answered:
        return Answered(await self._exchange(path, data, expected))

    async def _exchange(self, path: str, data: Mapping[str, Any], expected: Expected) -> Outcome:
        """Sign, post, verify the raw bytes, and only then read."""
        settings = self._means.settings
        body = json.dumps({"merchant": self._merchant_no, **data}, ensure_ascii=False).encode()
        headers = {HEADER: sign(settings["api_key"], body), "content-type": "application/json"}
        try:
            answer = await self._means.post(f"{settings['base_url'].rstrip('/')}/{path}", headers, body)
            if answer.status != _OK:
                return Unknown(Why.PROVIDER_TROUBLE, f"HTTP {answer.status}")
            verify(settings["api_key"], answer.headers, answer.body)
            return outcome_of(answer.body, expected)
        except NotSent as error:
            return Unknown(Why.NOT_SENT, str(error))
        except NoAnswer as error:
            return Unknown(Why.NO_ANSWER, str(error))
        except NotSigned as error:
            return Unknown(Why.BAD_SIGNATURE, str(error))

    def _expected(self, kind: str, order_no: str, amount_minor: int) -> Expected:
        return Expected(kind, order_no, self._merchant_no, amount_minor)
