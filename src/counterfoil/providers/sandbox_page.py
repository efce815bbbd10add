"""The page of a sandbox on which somebody chooses what happens next, in Chinese and English.

What there is to choose and what it does is the provider's own; here is how it looks, and who may: this machine alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final, TypeAlias
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from counterfoil.providers.address import is_loopback

PATH: Final = "/_control/page"
# Chinese and English.
Said: TypeAlias = tuple[str, str]
_STYLE_PATH: Final = "/_control/app.css"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_WIDTH: Final = b"""
main { max-width: 44rem; margin: 0 auto; padding: 16px }
.table { display: block; overflow-x: auto }
"""
_BODY_MAX: Final = 4096
_NEWEST: Final = 20
_LANGUAGES: Final = ("zh", "en")
NEXT_CALL: Final = ("下一次调用", "The next call")
EVERY_CALL: Final = ("从现在起每一次", "Every call from now on")
AS_ALWAYS: Final = ("照常", "As always")
NEXT_NOTICE: Final = ("下一个支付通知", "The next notice")
SET: Final = ("确定", "Set")
_NO_MONEY: Final = (
    "没有真钱。选好之后，下一次调用照此发生。",
    "No real money. What you choose happens at the next call.",
)
_WAITING: Final = ("排队中", "Waiting")
_NOTHING: Final = ("没有，一切照常", "Nothing: all goes well")
_CLEAR: Final = ("全部取消", "Clear all")
_OTHER: Final = ("English", "中文")
CLEAR: Final = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input of a form: a choice where there are ``options``, by value, else a line of text."""

    name: str
    label: Said = ("", "")
    options: Mapping[str, Said] | None = None
    kind: str = "text"
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One form. ``do`` is what it is called when it comes back; ``lines`` and a ``hint`` stand above its fields."""

    do: str
    title: Said
    button: Said = SET
    fields: Sequence[Field] = ()
    lines: Sequence[str] = ()
    hint: Said = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is in the books: the heads of the columns, and rows, the newest last."""

    title: Said
    heads: Sequence[Said]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that stands on the page now."""

    title: Said
    waiting: Sequence[Said]
    panels: Sequence[Panel]
    table: Table


def trick_panel(do: str, title: Said, tricks: Mapping[str, Said]) -> Panel:
    """A choice among tricks."""
    return Panel(do=do, title=title, fields=(Field(name="trick", label=title, options=tricks),))


def page_routes(shown: Callable[[str], Shown], done: Callable[[Mapping[str, str]], bool]) -> list[Route]:
    """The page, its form, its style.

    ``shown`` is given the address at which the sandbox answers; ``done`` a form, and says whether it could be done.
    """

    async def show(request: Request) -> Response:
        if not _here(request):
            return Response(status_code=404)
        language = _LANGUAGES.index(_language(request))
        return Response(
            _page(shown(f"http://{request.url.netloc}"), language),
            headers=_HEADERS,
            media_type="text/html; charset=utf-8",
        )

    async def choose(request: Request) -> Response:
        if not _here(request) or not _own_form(request):
            return Response(status_code=404)
        raw = await request.body()
        if len(raw) > _BODY_MAX:
            return Response(status_code=413)
        said = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
        if not done(said):
            return Response(status_code=400)
        return RedirectResponse(f"{PATH}?lang={_language(request)}", 303)

    return [
        Route(PATH, show, methods=["GET"]),
        Route(PATH, choose, methods=["POST"]),
        Route(_STYLE_PATH, _style, methods=["GET"]),
    ]


async def _style(_request: Request) -> Response:
    """The house's own stylesheet, and how wide this page is."""
    sheet = files("counterfoil").joinpath("doors", "static", "app.css").read_bytes()
    return Response(sheet + _WIDTH, media_type="text/css; charset=utf-8")


def _page(shown: Shown, language: int) -> str:
    title = escape(shown.title[language])
    listed = "".join(f"<li>{escape(each[language])}</li>" for each in shown.waiting or (_NOTHING,))
    lang, other = _LANGUAGES[language], _LANGUAGES[1 - language]
    panels = "\n".join(_panel(panel, language) for panel in shown.panels)
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == 0 else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="{_STYLE_PATH}"></head><body><main class="stack">
<div class="row apart"><h1>{title}</h1><a href="{PATH}?lang={other}" lang="{other}">{_OTHER[language]}</a></div>
<p class="quiet">{_NO_MONEY[language]}</p>
<section class="panel stack close"><h2>{_WAITING[language]}</h2><ul>{listed}</ul>
{_form(lang, CLEAR, "", _CLEAR[language], plain=True)}</section>
{panels}
<section class="panel stack close"><h2>{escape(shown.table.title[language])}</h2>
{_table(shown.table, language)}</section>
</main></body></html>"""


def _panel(panel: Panel, language: int) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in panel.lines)
    if hint := panel.hint[language]:
        lines += f'<p class="small quiet">{escape(hint)}</p>'
    inner = "".join(_field(field, language) for field in panel.fields)
    form = _form(_LANGUAGES[language], panel.do, inner, panel.button[language])
    return f'<section class="panel stack close"><h2>{escape(panel.title[language])}</h2>{lines}{form}</section>'


def _field(field: Field, language: int) -> str:
    label = escape(field.label[language])
    if field.options is not None:
        options = "".join(
            f'<option value="{escape(value)}">{escape(said[language])}</option>'
            for value, said in field.options.items()
        )
        return f'<select class="input" name="{field.name}" aria-label="{label}">{options}</select>'
    mode = ' inputmode="decimal"' if field.kind == "amount" else ""
    kind = ' type="url"' if field.kind == "url" else ""
    required = " required" if field.required else ""
    return (
        f'<label class="field"><span class="label">{label}</span>'
        f'<input class="input" name="{field.name}"{mode}{kind}{required}></label>'
    )


def _form(lang: str, do: str, inner: str, button: str, *, plain: bool = False) -> str:
    kind = "button plain" if plain else "button primary"
    return (
        f'<form class="stack close" method="post" action="{PATH}?lang={lang}">{inner}'
        f'<button class="{kind}" name="do" value="{escape(do)}">{escape(button)}</button></form>'
    )


def _table(table: Table, language: int) -> str:
    head = "".join(f'<th scope="col">{escape(name[language])}</th>' for name in table.heads)
    rows = "".join(_row(row) for row in list(table.rows)[: -_NEWEST - 1 : -1])
    return f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _language(request: Request) -> str:
    told = request.query_params.get("lang")
    if told in _LANGUAGES:
        return told
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def _here(request: Request) -> bool:
    """From this machine, by a name of this machine: no page elsewhere can pretend to be it."""
    client, host = request.client, request.url.hostname or ""
    return client is not None and is_loopback(client.host) and is_loopback(host)


def _own_form(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or origin == f"http://{request.url.netloc}"
