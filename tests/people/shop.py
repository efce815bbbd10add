"""The small merchant these tests play with."""

from dataclasses import dataclass
from itertools import count

from sqlalchemy import bindparam, select

from counterfoil.basis import Secret
from counterfoil.people import (
    Means,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    Role,
    Shop,
    Terminal,
    approve,
    at_terminal,
    finish_password,
    lift_lock,
    nothing_more,
    open_merchant,
    reset_password,
    sign_in,
    sign_in_office,
    terminals,
)
from counterfoil.store.tables import evidence_leaf

PASSWORDS = {"01": "cashier's long one", "02": "another cashier's", "80": "supervisor's own", "99": "administrator's"}
ROLES = {"01": Role.CASHIER, "02": Role.CASHIER, "80": Role.SUPERVISOR, "99": Role.ADMINISTRATOR}
WRONG = "wrong but long enough"
LEAVES = (
    select(evidence_leaf)
    .where(evidence_leaf.c.merchant_id == bindparam("merchant_id"))
    .order_by(evidence_leaf.c.position)
)


def email_of(number):
    return f"{number}@example.com"


def a_merchant(merchant_id=1, numbers=("01", "02", "80", "99")):
    return NewMerchant(
        merchant_id=merchant_id,
        name="江南小馆",
        shops=(
            NewShop(
                name="一店", terminals=(NewTerminal(number="1", label="前台"), NewTerminal(number="2", label="吧台"))
            ),
            NewShop(name="二店", zone="Asia/Tokyo", terminals=(NewTerminal(number="3", label="前台"),)),
        ),
        persons=tuple(
            NewPerson(
                number=number,
                name=f"店员{number}",
                role=ROLES[number],
                password=Secret(PASSWORDS[number]),
                email=email_of(number),
                office_password=Secret(PASSWORDS[number]),
            )
            for number in numbers
        ),
    )


@dataclass
class Place:
    """A merchant that is open, and short ways to do things at its terminals."""

    means: Means
    merchant_id: int
    terminals: list[tuple[Terminal, Shop]]

    def at(self, number):
        return next(terminal.id for terminal, _ in self.terminals if terminal.number == number)

    async def sign_in(self, number="01", password=None, at="1", **more):
        password = Secret(PASSWORDS.get(number, WRONG) if password is None else password)
        return await sign_in(
            self.means,
            merchant_id=self.merchant_id,
            terminal_id=self.at(at),
            number=number,
            password=password,
            **more,
        )

    async def settle(self, number, given, own="one that only they know"):
        """They sign in with the password they were given and set their own, which is the answer."""
        made = await self.sign_in(number, given)
        await finish_password(self.means, made.session, Secret(own))
        return own

    async def lift(self, locked, by, password=None, at="1"):
        return await lift_lock(
            self.means,
            merchant_id=self.merchant_id,
            terminal_id=self.at(at),
            locked_number=locked,
            number=by,
            password=Secret(password or PASSWORDS[by]),
        )

    async def reset(self, whose, by, new="a new one, and long", password=None, at="1"):
        shown = Secret(password or PASSWORDS[by])
        proof = await at_terminal(self.means, self.merchant_id, self.at(at), number=by, password=shown)
        return await reset_password(self.means, proof, whose, Secret(new))

    async def office(self, number="99", password=None, email=None, **more):
        """Sign in to the office by the e-mail address that goes with the number."""
        return await sign_in_office(
            self.means,
            merchant_id=self.merchant_id,
            email=email or email_of(number),
            password=Secret(PASSWORDS.get(number, WRONG) if password is None else password),
            ask_more=nothing_more,
            **more,
        )

    async def approve(self, actor, by, permission, password=None, request_sha256="0" * 64, **more):
        shown = Secret(password or PASSWORDS[by])
        return await approve(self.means, actor, by, shown, permission, request_sha256=request_sha256, **more)

    async def leaves(self):
        rows = await self.means.store.fetch(LEAVES, {"merchant_id": self.merchant_id})
        return [bytes(row["entry"]).decode() for row in rows]


_MERCHANT_IDS = count(1)


async def opened(means, numbers=("01", "02", "80", "99")):
    merchant_id = next(_MERCHANT_IDS)
    await open_merchant(means, a_merchant(merchant_id, numbers))
    return Place(means, merchant_id, await terminals(means.store, merchant_id))
