"""初始设置: the first merchant, shop, terminal and administrator, at once and only once.

Whoever sets up shows the code that the server printed when it started. It is made of the installation's own key, so
that every process of it knows the same one and none is kept anywhere; once there is a merchant nobody asks for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, cast

from counterfoil.basis import Money, NotMoney, Secret, insist
from counterfoil.people.add_operator import added
from counterfoil.people.faults import SETTING_WRONG
from counterfoil.people.faults_of_rights import SETUP_CLOSED, SETUP_WRONG
from counterfoil.people.means import Means
from counterfoil.people.number_rule import first_rule
from counterfoil.people.open_merchant import check_zone, merchant_part, shop_part, terminal_part
from counterfoil.people.permission import Role
from counterfoil.people.person import Merchant, NewMerchant, NewPerson, NewShop, NewTerminal
from counterfoil.people.reading import merchant, merchants
from counterfoil.store import Change, ChangePart, Repeated

FIRST_MERCHANT: Final = 1
NUMBER_DIGITS: Final = (2, 2)
_USE: Final = b"counterfoil first setup\x00"
_CODE_BYTES: Final = 17
_GROUP: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMerchant:
    """What the setup asks for. ``number`` is the administrator's till number; None: they work in the office only."""

    merchant: str
    zone: str
    currency: str
    shop: NewShop
    terminal: NewTerminal
    name: str
    email: str
    password: Secret[str]
    number: str | None = None
    till_password: Secret[str] | None = None


def setup_code(means: Means) -> Secret[str]:
    """The code that opens the setup: 136 bits, in seven groups of four letters and digits."""
    told = _USE + means.store.installation.uuid.encode()
    made = hmac.new(means.hmac_key.reveal(), told, hashlib.sha256).digest()[:_CODE_BYTES]
    letters = base64.b32encode(made).decode().rstrip("=")
    return Secret("-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)))


async def setup_open(means: Means) -> bool:
    """Whether nothing was set up yet."""
    return all(one.merchant_id == 0 for one in await merchants(means.store))


async def set_up(means: Means, asked: FirstMerchant, code: Secret[str] | None) -> Merchant:
    """Make all of it in one commit. ``code`` None: asked for on the machine itself, by whoever has its keys.

    Of two who send it at the same moment one is told that it is done. Raises Refused CF-2044 (code), CF-2045 (done
    already), CF-2005 and CF-2042 (password), CF-2007 and CF-2040 (numbers), CF-2014 (names), CF-2017 (zone, currency),
    CF-2031 (e-mail).
    """
    # 1 is it open, and is it who started the server
    if not await setup_open(means):
        raise SETUP_CLOSED()
    if code is not None and not hmac.compare_digest(_plain(code), _plain(setup_code(means))):
        raise SETUP_WRONG(field="code")
    # 2 everything in one Change, whose first insert says that it is the first
    change = await _change(means, asked)
    try:
        await means.store.commit(change)
    except Repeated:
        raise SETUP_CLOSED() from None
    # 3 answer from the record
    made = await merchant(means.store, FIRST_MERCHANT)
    insist(made is not None, "a merchant just opened is there")
    return cast("Merchant", made)


async def _change(means: Means, asked: FirstMerchant) -> Change:
    _check(asked)
    new = NewMerchant(
        merchant_id=FIRST_MERCHANT,
        name=asked.merchant,
        zone=asked.zone,
        currency=asked.currency,
        number_digits=NUMBER_DIGITS,
    )
    shop = shop_part(means, FIRST_MERCHANT, asked.shop, means.clock.now())
    shop_id = str(shop.inserts[0].row["id"])
    least, most = NUMBER_DIGITS
    who = NewPerson(
        number=asked.number,
        name=asked.name,
        role=Role.ADMINISTRATOR,
        password=asked.till_password,
        email=asked.email,
        office_password=asked.password,
    )
    _, person = await added(means, FIRST_MERCHANT, who, rule=first_rule(least, most))
    parts = (merchant_part(means, new), shop, terminal_part(means, FIRST_MERCHANT, shop_id, asked.terminal), person)
    return _joined(means, parts)


def _joined(means: Means, parts: tuple[ChangePart, ...]) -> Change:
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=FIRST_MERCHANT,
        inserts=tuple(insert for part in parts for insert in part.inserts),
        facts=tuple(fact for part in parts for fact in part.facts),
    )


def _check(asked: FirstMerchant) -> None:
    try:
        Money(0, asked.currency)
    except NotMoney as error:
        raise SETTING_WRONG(field="currency") from error
    check_zone(asked.zone, 0)
    check_zone(asked.shop.zone, asked.shop.day_ends_minute)


def _plain(code: Secret[str]) -> bytes:
    """As it is compared: without the hyphens and spaces that make it readable."""
    return "".join(code.reveal().upper().split()).replace("-", "").encode("utf-8", "replace")
