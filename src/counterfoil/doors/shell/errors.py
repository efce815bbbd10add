"""What a caller is answered where something ended the act: JSON for programs, a page for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Annotated, Final, TypeAlias

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterfoil.basis import CANNOT_BE, Broken, Fault
from counterfoil.doors.faults import BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND
from counterfoil.doors.language import language_of
from counterfoil.doors.log import Log, told_by
from counterfoil.doors.said import said

FaultPage: TypeAlias = Callable[[Request, Fault], Awaitable[Response]]

_FOR_PROGRAMS: Final = ("/api/v1", "/evidence", "/healthz", "/readyz")
_STATUSES: Final = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}


class Error(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Why an act was not done: what happened, what it means for the money, what to do now."""

    code: Annotated[str, said("Stable code of the catalogue", "目录中的固定编号", pattern="^CF-[0-9]{4}$")]
    what: Annotated[str, said("What happened", "发生了什么")]
    money: Annotated[str, said("What it means for the money", "对款项意味着什么")]
    do: Annotated[str, said("What to do now", "现在怎么做")]
    field: Annotated[str | None, said("The input at fault", "有问题的字段")] = None
    instead: Annotated[str | None, said("The act to ask for instead", "应改用的操作")] = None


class Guard:
    """The last resort: whatever comes up becomes an answer of the catalogue and, unless a refusal, a log line."""

    def __init__(self, app: ASGIApp, *, log: Log, page: FaultPage) -> None:
        """Stand around ``app``."""
        self._app = app
        self._log = log
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and answer what it raises."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last resort catches all there is
            fault = fault_of(error)
            if scope["type"] == "http":
                self._write(scope, fault, error)
            if scope["type"] == "http" and not begun:
                response = await answer(Request(scope, receive), fault, self._page, {})
                await response(scope, receive, send)

    def _write(self, scope: Scope, fault: Fault, error: Exception) -> None:
        scope["counterfoil.code"] = fault.kind.code
        if isinstance(fault, Broken):
            request_id = scope.get("counterfoil.request_id")
            self._log.error("fault", code=fault.kind.code, request_id=request_id, **told_by(error))


async def answer(request: Request, fault: Fault, page: FaultPage, headers: Mapping[str, str]) -> Response:
    """The answer to a fault, in the form and language its reader needs."""
    request.scope["counterfoil.code"] = fault.kind.code
    response = error_json(request, fault) if _for_programs(request) else await page(request, fault)
    response.headers.update(headers)
    if fault.kind.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(fault.kind.retry_after_seconds)
    return response


def error_json(request: Request, fault: Fault) -> Response:
    """The fault as ``Error``; English unless the caller asks for Chinese."""
    language = language_of(request, "en")
    told = fault.tell(language)
    error = Error(
        code=told.code, what=told.what, money=told.money, do=told.do, field=fault.field, instead=fault.instead
    )
    headers: dict[str, str] = {"Content-Language": language}
    if fault.kind.status == 401:  # noqa: PLR2004 - RFC 9110, 15.5.2: 401 names the scheme
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(error), fault.kind.status, headers, "application/json")


async def plain_page(request: Request, fault: Fault) -> Response:
    """The fault as a page of three sentences; for addresses that no door dresses better."""
    language = language_of(request, "zh-CN")
    told = fault.tell(language)
    said_ = "".join(f"<p>{escape(text)}</p>" for text in (told.money, told.do, told.code))
    html = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(told.what)}</title><main><h1>{escape(told.what)}</h1>{said_}</main></html>"
    )
    return HTMLResponse(html, fault.kind.status)


def fault_of(error: Exception) -> Fault:
    """The fault that an exception is, or stands for."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, HTTPException):
        return _STATUSES.get(error.status_code, BAD_REQUEST)()
    if isinstance(error, ClientDisconnect):
        return BAD_REQUEST()
    return CANNOT_BE()


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(_FOR_PROGRAMS)
