"""Who works in the three shops, with passwords made anew for each demonstration."""

from __future__ import annotations

from datetime import date
from typing import Final

from counterfoil.basis import Entropy, Secret
from counterfoil.demo.circumstances import SUCCESSIONS, staff
from counterfoil.demo.shops import SHOPS
from counterfoil.people import NewMerchant, NewPerson, NewShop, NewTerminal, Role

MERCHANT_ID: Final = 1
STAND_IN: Final = "98"
OWNER: Final = "99"
MERCHANT_NAME: Final = "演示商户"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 3
_GROUP_LETTERS: Final = 4
_FAMILIES: Final = "李王张刘陈杨赵黄周吴徐孙朱马胡林郭何高罗梁宋"


def operator_number(shop: int, person: int) -> str:
    """The number of a shop's cashier: 01, 02 … in the first shop, 11, 12 … in the second."""
    return f"{shop * 10 + person + 1:02}"


def supervisor_number(shop: int) -> str:
    """The number of a shop's owner or manager: 00, 10, 20."""
    return f"{shop * 10:02}"


def terminal_number(shop: int, terminal: int) -> str:
    """The short number of a terminal: T01 to T12 over all shops."""
    return f"T{sum(len(each.terminals) for each in SHOPS[:shop]) + terminal + 1:02}"


def numbers() -> dict[str, tuple[Role, int]]:
    """Who works here today: number, with the role and the shop they belong to (administrators: the first)."""
    return _numbers(date.max, date.max)


def everybody() -> dict[str, tuple[Role, int]]:
    """The same, with those who left."""
    left = {operator_number(each.shop, each.person): (Role.CASHIER, each.shop) for each in SUCCESSIONS}
    return {**numbers(), **left}


def _numbers(day: date, today: date) -> dict[str, tuple[Role, int]]:
    known: dict[str, tuple[Role, int]] = {}
    for index in range(len(SHOPS)):
        known[supervisor_number(index)] = (Role.SUPERVISOR, index)
        known |= {operator_number(index, person): (Role.CASHIER, index) for person in staff(index, day, today)}
    return {**known, STAND_IN: (Role.ADMINISTRATOR, 0), OWNER: (Role.ADMINISTRATOR, 0)}


def name_of(number: str) -> str:
    """What somebody is called."""
    return f"{_FAMILIES[sorted(everybody()).index(number)]}某"


def email_of(number: str) -> str:
    """With what somebody who may into the office signs in there."""
    return f"{number}@example.com"


def new_password(entropy: Entropy) -> str:
    """A password easy to type: three groups of four letters or digits, 59 bits."""
    drawn = entropy.bytes(_GROUPS * _GROUP_LETTERS)
    letters = [_LETTERS[byte % len(_LETTERS)] for byte in drawn]
    return "-".join("".join(letters[at : at + _GROUP_LETTERS]) for at in range(0, len(letters), _GROUP_LETTERS))


def merchant(passwords: dict[str, str], opened: date, today: date) -> NewMerchant:
    """The merchant with its shops, terminals and who worked there at the opening; ``passwords`` by number."""
    persons = tuple(
        NewPerson(
            number=number,
            name=name_of(number),
            role=role,
            password=Secret(passwords[number]),
            email=email_of(number) if role is not Role.CASHIER else None,
            office_password=Secret(passwords[number]),
        )
        for number, (role, _) in _numbers(opened, today).items()
    )
    shops = tuple(
        NewShop(
            name=shop.name,
            terminals=tuple(
                NewTerminal(number=terminal_number(index, place), label=label)
                for place, label in enumerate(shop.terminals)
            ),
        )
        for index, shop in enumerate(SHOPS)
    )
    return NewMerchant(merchant_id=MERCHANT_ID, name=MERCHANT_NAME, shops=shops, persons=persons)
