"""More people than the small merchant has."""

from typing import Any

from counterfoil.basis import Secret
from counterfoil.factors import Means
from counterfoil.people import NewPerson, Role, add_operator, begin_reset, finish_reset
from tests.factors.desk import Desk
from tests.people.shop import PASSWORDS, email_of


async def another_administrator(desk: Desk, factors: Means, place: Any, number: str = "98") -> Desk:
    """Somebody else with every right, who has a code app."""
    PASSWORDS[number] = PASSWORDS["99"]
    new = NewPerson(
        number=number, name="某", role=Role.ADMINISTRATOR, password=Secret(PASSWORDS[number]), email=email_of(number)
    )
    added = await add_operator(factors.people, desk.actor, new)
    code = await begin_reset(factors.people, desk.actor, added.id)
    told = {"merchant_id": place.merchant_id, "email": email_of(number), "code": code.reveal()}
    await finish_reset(factors.people, **told, new=Secret(PASSWORDS[number]))
    made = await Desk.open(factors, place, number)
    await made.enrol_app()
    return made
