"""Which language an answer is in: ``?lang`` first, then ``Accept-Language``, then the door's own."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from counterfoil.basis import Language


def language_of(connection: HTTPConnection, otherwise: Language) -> Language:
    """The language a caller asked for; ``otherwise`` where it asked for none that is spoken here."""
    asked = named(connection.query_params.get("lang", ""))
    return asked or _accepted(connection.headers.get("accept-language", "")) or otherwise


def named(tag: str) -> Language | None:
    """The language of a BCP 47 tag: any ``zh`` is Chinese, any ``en`` English, the rest is not spoken here."""
    match tag.strip().lower().partition("-")[0]:
        case "zh":
            return "zh-CN"
        case "en":
            return "en"
    return None


def _accepted(header: str) -> Language | None:
    """The first language of ``Accept-Language`` that is spoken, by weight (RFC 9110, 12.5.4)."""
    weighed = sorted(((_weight(part), -at, part) for at, part in enumerate(header[:200].split(","))), reverse=True)
    for weight, _, part in weighed:
        found = named(part.partition(";")[0])
        if found and weight > 0:
            return found
    return None


def _weight(part: str) -> int:
    """Thousandths of the ``q`` of one entry; 1000 where none is given, 0 where it cannot be read."""
    _, mark, text = part.replace(" ", "").partition(";q=")
    whole, _, rest = text.partition(".")
    if not mark:
        return 1000
    digits = (whole + rest.ljust(3, "0"))[:4]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
