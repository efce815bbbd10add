"""``POST /notices/<merchant_id>/<account_id>/<token>``: where a provider tells us by itself.

The raw bytes are verified and kept before they are answered; what comes of them is the worker's. What is not kept is
answered in the provider's own way, so that it is sent again, and is counted and logged by its code.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.basis import canonical_uuid
from counterfoil.doors.faults import NOT_FOUND
from counterfoil.payments import keep_notice
from counterfoil.providers import notice_fault, notice_path

if TYPE_CHECKING:
    from counterfoil.app import App

_MERCHANT_DIGITS_MAX: Final = 15
_log = structlog.get_logger(__name__)


def notice_routes(app: App) -> list[BaseRoute]:
    """The one address of each account."""

    async def notice(request: Request) -> Response:
        merchant_id, account_id = _whose(app, request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = await keep_notice(app.payments, merchant_id, account_id, headers, await request.body())
        if answered is None:
            raise NOT_FOUND()
        reply, refused = answered
        if refused is not None:
            code = notice_fault(refused.why).code
            _log.warning("notice.refused", code=code, merchant_id=merchant_id, account_id=account_id)
        return Response(reply.body, reply.status, media_type=reply.media_type)

    return [Route("/notices/{merchant_id}/{account_id}/{token}", notice, methods=["POST"])]


def _whose(app: App, request: Request) -> tuple[int, str]:
    """Merchant and account of an address we gave out. Raises NOT_FOUND for every other."""
    merchant, account_id = request.path_params["merchant_id"], request.path_params["account_id"]
    if not (merchant.isascii() and merchant.isdigit() and len(merchant) <= _MERCHANT_DIGITS_MAX):
        raise NOT_FOUND()
    try:
        canonical_uuid(account_id)
    except ValueError:
        raise NOT_FOUND() from None
    ours = notice_path(app.payments.hmac_key, int(merchant), account_id)
    if not hmac.compare_digest(ours.encode(), request.url.path.encode()):
        raise NOT_FOUND()
    return int(merchant), account_id
