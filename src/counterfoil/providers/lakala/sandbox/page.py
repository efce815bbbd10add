"""The page on which somebody chooses what happens next, in Chinese and English; it does what the control calls do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from counterfoil.basis import Money, NotMoney
from counterfoil.providers import is_loopback
from counterfoil.providers.lakala.sandbox.ledger import Trade
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick
from counterfoil.providers.lakala.sandbox.trick import BY_AMOUNT, Trick

if TYPE_CHECKING:
    from counterfoil.providers.lakala.sandbox.server import Sandbox

Words: TypeAlias = Callable[[str], str]
PATH: Final = "/_control/page"
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
_NOTICES: Final = {
    NoticeTrick.FORGED: ("签名不对", "signature that does not hold"),
    NoticeTrick.OTHER_AMOUNT: ("金额不符", "another amount"),
    NoticeTrick.OTHER_MERCHANT: ("别的商户", "another merchant"),
    NoticeTrick.NUMBERS: ("金额写成数字", "amounts as numbers"),
    NoticeTrick.UNKNOWN_FIELDS: ("多出不认识的字段", "unknown fields"),
    NoticeTrick.LOST: ("丢失，不发", "lost, never sent"),
    NoticeTrick.TWICE: ("发两遍", "sent twice"),
}
_TAP: Final = ("去付款", "Pay it")
_EXTRA: Final = {Trick.OTHER_CURRENCY: ("应答币种不符", "answered in another currency")}
_WORDS: Final = {
    "title": ("拉卡拉沙箱", "Lakala's sandbox"),
    "no_money": (
        "没有真钱。选好之后，下一次调用照此发生。",
        "No real money. What you choose happens at the next call.",
    ),
    "waiting": ("排队中", "Waiting"),
    "nothing": ("没有，一切照常", "Nothing: all goes well"),
    "next_call": ("下一次调用", "The next call"),
    "every_call": ("从现在起每一次", "Every call from now on"),
    "as_always": ("照常", "As always"),
    "next_notice": ("下一个支付通知", "The next notice"),
    "printed": ("有人扫收款码付款", "Somebody pays by the printed code"),
    "amount": ("金额（元）", "Amount (yuan)"),
    "address": ("通知地址", "Notice address"),
    "set": ("确定", "Set"),
    "pay": ("付款", "Pay"),
    "clear": ("全部取消", "Clear all"),
    "newest": ("最近的交易", "Newest trades"),
    "number": ("订单号", "Order number"),
    "kind": ("类型", "Kind"),
    "state": ("状态", "State"),
    "other": ("English", "中文"),
}


def routes(sandbox: Sandbox) -> list[Route]:
    """The page, its form, its style."""

    async def show(request: Request) -> Response:
        if not _here(request):
            return Response(status_code=404)
        language = _LANGUAGES.index(_language(request))
        return Response(_page(sandbox, language), headers=_HEADERS, media_type="text/html; charset=utf-8")

    async def choose(request: Request) -> Response:
        if not _here(request) or not _own_form(request):
            return Response(status_code=404)
        raw = await request.body()
        if len(raw) > _BODY_MAX:
            return Response(status_code=413)
        said = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
        if not _done(sandbox, said):
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


def _done(sandbox: Sandbox, said: dict[str, str]) -> bool:
    """Whether what the form says could be done."""
    try:
        match said.get("do"):
            case "next":
                sandbox.next.append(Trick(said.get("trick", "")))
            case "mode":
                sandbox.mode = Trick(said["trick"]) if said.get("trick") else None
            case "notice":
                sandbox.notices.next.append(NoticeTrick(said.get("trick", "")))
            case "clear":
                sandbox.next.clear()
                sandbox.notices.next.clear()
                sandbox.mode = None
            case "printed":
                sandbox.printed_code_paid(Money.parse(said.get("amount", "")).minor, said.get("address", ""))
            case _:
                return False
    except (ValueError, NotMoney):
        return False
    return True


def _page(sandbox: Sandbox, language: int) -> str:
    def word(name: str) -> str:
        return escape(_WORDS[name][language])

    # The first words for a trick are those of the most usual call.
    tricks = {row.trick: (row.zh, row.en) for row in reversed(BY_AMOUNT)} | _EXTRA
    waiting = [tricks[trick][language] for trick in sandbox.next]
    waiting += [_NOTICES[trick][language] for trick in sandbox.notices.next]
    if sandbox.mode is not None:
        waiting.append(f"{_WORDS['every_call'][language]}: {tricks[sandbox.mode][language]}")
    listed = "".join(f"<li>{escape(each)}</li>" for each in waiting) or f"<li>{word('nothing')}</li>"
    calls = _options((str(trick), tricks[trick][language]) for trick in Trick)
    notices = _options((str(trick), _NOTICES[trick][language]) for trick in NoticeTrick)
    modes = f'<option value="">{word("as_always")}</option>{calls}'
    lang, other = _LANGUAGES[language], _LANGUAGES[1 - language]
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == 0 else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{word("title")}</title>
<link rel="stylesheet" href="{_STYLE_PATH}"></head><body><main class="stack">
<div class="row apart"><h1>{word("title")}</h1><a href="{PATH}?lang={other}" lang="{other}">{word("other")}</a></div>
<p class="quiet">{word("no_money")}</p>
<section class="panel stack close"><h2>{word("waiting")}</h2><ul>{listed}</ul>
{_form(lang, "clear", "", word("clear"), plain=True)}</section>
{_section(lang, "next", word("next_call"), calls, word("set"))}
{_section(lang, "mode", word("every_call"), modes, word("set"))}
{_section(lang, "notice", word("next_notice"), notices, word("set"))}
<section class="panel stack close"><h2>{word("printed")}</h2>{_form(lang, "printed", _printed(word), word("pay"))}
</section>
<section class="panel stack close"><h2>{word("newest")}</h2>{_table(sandbox.ledger.trades(), word, language)}</section>
</main></body></html>"""


def _printed(word: Words) -> str:
    return (
        f'<label class="field"><span class="label">{word("amount")}</span>'
        '<input class="input" name="amount" inputmode="decimal" required></label>'
        f'<label class="field"><span class="label">{word("address")}</span>'
        '<input class="input" name="address" type="url"></label>'
    )


def _options(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in rows)


def _section(lang: str, do: str, title: str, options: str, button: str) -> str:
    choice = f'<select class="input" name="trick" aria-label="{title}">{options}</select>'
    return f'<section class="panel stack close"><h2>{title}</h2>{_form(lang, do, choice, button)}</section>'


def _form(lang: str, do: str, inner: str, button: str, *, plain: bool = False) -> str:
    kind = "button plain" if plain else "button primary"
    return (
        f'<form class="stack close" method="post" action="{PATH}?lang={lang}">{inner}'
        f'<button class="{kind}" name="do" value="{do}">{button}</button></form>'
    )


def _state(trade: Trade, language: int) -> str:
    """The state; of what waits for a customer or a card, with the way to the page where one comes."""
    if trade.state != "CREATE":
        return escape(trade.state)
    return f'<a href="/pay/{escape(trade.merchant_no)}/{escape(trade.trade_no)}">{_TAP[language]}</a>'


def _table(trades: Iterable[Trade], word: Words, language: int) -> str:
    names = ("number", "kind", "amount", "state")
    head = "".join(f'<th scope="col">{word(name)}</th>' for name in names)
    rows = "".join(
        f"<tr><td>{escape(trade.order_no)}</td><td>{escape(trade.kind)}</td>"
        f'<td class="number">{escape(str(Money(trade.amount)))}</td><td>{_state(trade, language)}</td></tr>'
        for trade in list(trades)[: -_NEWEST - 1 : -1]
    )
    return f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


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
