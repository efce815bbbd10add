"""One endpoint: everything about it in one record, from which its route, its OpenAPI and its reference are made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from counterfoil.basis import Both, FaultKind, Language, insist
from counterfoil.doors.api_key import Scope

if TYPE_CHECKING:
    from counterfoil.app import App
    from counterfoil.people import Actor, Permission

S = TypeVar("S", bound=msgspec.Struct)

JSON_MEDIA = "application/json"
TEXT_MEDIA = "text/plain; charset=utf-8"


class NoQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A query that carries nothing but, as every query may, ``lang``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, proven and read: who asks, the ids in the address, the query and the body in their shapes."""

    app: App
    actor: Actor
    ids: Mapping[str, str]
    query: msgspec.Struct
    body: msgspec.Struct | None
    language: Language

    def asked(self, shape: type[S]) -> S:
        """The body, which the endpoint declared as ``shape``."""
        insist(isinstance(self.body, shape), "an endpoint asked for a body it did not declare")
        return self.body  # type: ignore[return-value]

    def sought(self, shape: type[S]) -> S:
        """The query, which the endpoint declared as ``shape``."""
        insist(isinstance(self.query, shape), "an endpoint asked for a query it did not declare")
        return self.query  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class File:
    """An answer to be kept: its media type, the name it is kept under, and its bytes as they are made."""

    media: str
    name: str
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a declared status, and its content as a shape, as bytes of text or as a file."""

    status: int
    content: msgspec.Struct | bytes | File


@dataclass(frozen=True, slots=True)
class Answer:
    """What a status means, and the shape of its content; None: text, or a file of one of the media ``files``."""

    means: Both
    shape: type[msgspec.Struct] | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """See the module. ``path`` is below ``/api/v1``; ``faults`` are its own, beside what every endpoint has.

    ``beside``: what else a key must have. ``act``: the permission of an act that is held to a place like at the till.
    """

    method: str
    path: str
    name: str
    scope: Scope
    title: Both
    story: Both
    answers: Mapping[int, Answer]
    run: Callable[[Call], Awaitable[Reply]]
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] = NoQuery
    faults: tuple[FaultKind, ...] = ()
    ids: Mapping[str, Both] = field(default_factory=dict)
    beside: tuple[Scope, ...] = ()
    act: Permission | None = None

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All that a key must have."""
        return (self.scope, *self.beside)

    def media(self, status: int) -> tuple[str, ...]:
        """The media types an answer may have."""
        answer = self.answers[status]
        return answer.files or ((TEXT_MEDIA,) if answer.shape is None else (JSON_MEDIA,))


def meaning(status: int) -> str:
    """The phrase RFC 9110 gives a status."""
    return HTTPStatus(status).phrase


def encode(content: Any) -> bytes:
    """The bytes of an answer."""
    return content if isinstance(content, bytes) else msgspec.json.encode(content)
