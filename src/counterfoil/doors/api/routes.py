"""From the table of endpoints to routes: prove the key, hold its scopes, read strictly, ask, answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from counterfoil.basis import Refused, insist
from counterfoil.doors.api.endpoint import Call, Endpoint, File, encode
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.doors.api.reference import reference_routes
from counterfoil.doors.api.strict import read_body, read_query
from counterfoil.doors.api_key import hold, proven
from counterfoil.doors.language import language_of
from counterfoil.doors.place import hold_act
from counterfoil.people import Actor

if TYPE_CHECKING:
    from counterfoil.app import App

_OPEN: Final = 202
_ASK_AGAIN_SECONDS: Final = "5"


def routes(app: App) -> list[BaseRoute]:
    """One route a path, so that a wrong method is answered with all that the path has; and the reference."""
    paths = groupby(sorted(ENDPOINTS, key=_path), key=_path)
    return [_route(app, path, {each.method: each for each in own}) for path, own in paths] + reference_routes()


def _path(endpoint: Endpoint) -> str:
    return endpoint.path


def _route(app: App, path: str, own: Mapping[str, Endpoint]) -> BaseRoute:
    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await _answer(app, own[method], request)

    return Route(BASE + path, answer, methods=list(own))


async def _answer(app: App, endpoint: Endpoint, request: Request) -> Response:
    # 1. Who asks, and may it: before a byte of the body is looked at.
    actor = await proven(app, request)
    try:
        for scope in endpoint.scopes:
            hold(actor, scope)
        if endpoint.act is not None:
            await hold_act(app, request, actor.merchant_id, endpoint.act)
        return await _done(app, endpoint, actor, request)
    except Refused as fault:
        app.refusals.note(actor, endpoint.name, fault)
        raise


async def _done(app: App, endpoint: Endpoint, actor: Actor, request: Request) -> Response:
    # 2. What is asked, strictly.
    query = read_query(request.scope["query_string"], endpoint.query)
    body = read_body(await request.body(), request.headers, endpoint.body) if endpoint.body else None
    # 3. The act.
    call = Call(
        app=app,
        actor=actor,
        ids=request.path_params,
        query=query,
        body=body,
        language=language_of(request, "en"),
    )
    reply = await endpoint.run(call)
    # 4. The answer, as declared.
    insist(reply.status in endpoint.answers, "an endpoint answered a status it did not declare")
    if isinstance(reply.content, File):
        insist(reply.content.media in endpoint.media(reply.status), "an endpoint answered a file it did not declare")
        return _file(reply.content, reply.status)
    headers = {"Retry-After": _ASK_AGAIN_SECONDS} if reply.status == _OPEN else None
    return Response(encode(reply.content), reply.status, headers, endpoint.media(reply.status)[0])


def _file(file: File, status: int) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(file.pieces, status, headers, file.media)
