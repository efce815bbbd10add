"""Add a person: with a till number, an office login, or both, and the role they begin with."""

from __future__ import annotations

from counterfoil.basis import Broken, Secret
from counterfoil.evidence import SYSTEM, committed
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_ADDED
from counterfoil.people.faults import NUMBER_TAKEN
from counterfoil.people.faults_of_rights import EMAIL_TAKEN, NO_WAY_IN, NUMBER_RULE
from counterfoil.people.logins.email import digest_of, find_login
from counterfoil.people.logins.login_part import opened_part
from counterfoil.people.logins.strength import office_password
from counterfoil.people.means import Means
from counterfoil.people.number_rule import NumberRule
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, SET_BY_OTHER, SET_BY_SELF, NewPerson, Person
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import person_by_number
from counterfoil.people.roles.grant import gives, granted_part, new_grant
from counterfoil.people.roles.reading import number_rule_of
from counterfoil.people.roles.rights import change_rights, demand_covers
from counterfoil.people.shapes import SALT_BYTES, operator_number, text
from counterfoil.people.tables import person as person_table
from counterfoil.people.till_password import till_password
from counterfoil.store import ChangePart, Insert


async def add_operator(means: Means, actor: Actor, new: NewPerson) -> Person:
    """The person, who may sign in at once; a till password that the actor typed does so once, to set their own.

    Raises Refused CF-2021 (may not), CF-2035 (a role that gives what the actor lacks), CF-2005 and CF-2042 (password),
    CF-2006 (number taken), CF-2007 and CF-2040 (number), CF-2014 (name), CF-2031 and CF-2033 (e-mail), CF-2037 (role),
    CF-2041 (no way to sign in), CF-2150 (nobody else approved it); Trouble CF-2010.
    """
    # 1 may this person do it; the person is made once, so that a second round writes the same
    demand(actor, Permission.MANAGE_PEOPLE)
    await demand_second(means.store, actor, Act.ADD_OPERATOR)
    await _free(means, actor.merchant_id, new)
    person, added_part = await added(means, actor.merchant_id, new, by=actor.person_id)

    # 2 the number and address are free, and nobody gives what they lack
    async def part(now: Actor) -> tuple[ChangePart, Person]:
        demand(now, Permission.MANAGE_PEOPLE)
        if new.role is not None:
            demand(now, Permission.GRANT_ROLES, new.shop_id)
            demand_covers(now, await gives(means, actor.merchant_id, new.role, new.shop_id))
        return added_part, person

    # 3 commit the person and the facts
    try:
        return await change_rights(means, actor, part)
    except Broken:
        # Where two add the same number at once, the unique index decides and the store calls the loser broken.
        await _free(means, actor.merchant_id, new)
        raise


async def added(
    means: Means, merchant_id: int, new: NewPerson, *, by: str = SYSTEM, rule: NumberRule | None = None
) -> tuple[Person, ChangePart]:
    """The new person and the part of a Change that adds them; their passwords are hashed here.

    ``by``: nobody but the system itself where the password is the person's own, as at the first start.
    ``rule``: the rule of operator numbers, read where None. Raises Refused for what has not the right shape.
    """
    made = Person(
        merchant_id=merchant_id,
        id=means.ids.uuid(),
        number=None if new.number is None else await ruled_number(means, merchant_id, new.number, rule),
        name=text(new.name, "name"),
        state=ACTIVE,
        made_at=means.clock.now(),
        version=1,
        password_state=SET_BY_SELF if by == SYSTEM or new.number is None else SET_BY_OTHER,
    )
    if made.number is None and new.email is None:
        raise NO_WAY_IN(field="number")
    row = {
        "merchant_id": merchant_id,
        "id": made.id,
        "number": made.number,
        **committed("name", made.name or "", means.entropy.bytes(SALT_BYTES)),
        "state": made.state,
        "password_hash": await means.hasher.hash(_till_password(new, made)) if made.number else None,
        "password_state": made.password_state,
        "made_at": made.made_at,
    }
    role = None if new.role is None else str(new.role)
    fact = PERSON_ADDED.fact(at=made.made_at, actor=by, subject=made.id, number=made.number, role=role)
    first = ChangePart(inserts=(Insert(person_table, row),), facts=(fact,))
    return made, _joined(first, *await _more(means, made, new, by))


def _till_password(new: NewPerson, made: Person) -> Secret[str]:
    return till_password(new.password or Secret(""), made.number or "", made.name or "", enrolled=False)


async def _more(means: Means, made: Person, new: NewPerson, by: str) -> list[ChangePart]:
    parts: list[ChangePart] = []
    if new.role is not None:
        grant = new_grant(means, made.merchant_id, made.id, str(new.role), new.shop_id)
        parts.append(granted_part(grant, by=by))
    if new.email is not None:
        hashed = None
        if new.office_password is not None:
            hashed = await means.hasher.hash(office_password(new.office_password, new.email, new.name))
        parts.append(opened_part(means, made, new.email, password_hash=hashed, by=by))
    return parts


async def ruled_number(means: Means, merchant_id: int, typed: str, rule: NumberRule | None = None) -> str:
    """The till number, of as many digits as this merchant's have. Raises Refused CF-2007, CF-2040."""
    plain = operator_number(typed)
    rule = rule or await number_rule_of(means.store, merchant_id)
    if not rule.fits(plain):
        raise NUMBER_RULE(field="number", least=rule.number_least, most=rule.number_most)
    return plain


async def number_free(means: Means, merchant_id: int, typed: str) -> None:
    """Go on only if the till number is nobody's. Raises Refused CF-2006, CF-2007."""
    number = operator_number(typed)
    if await person_by_number(means.store, merchant_id, number):
        raise NUMBER_TAKEN(field="number", number=number)


async def _free(means: Means, merchant_id: int, new: NewPerson) -> None:
    """Go on only if the number and the address are nobody's. Raises Refused CF-2006, CF-2007, CF-2033."""
    if new.number is not None:
        await number_free(means, merchant_id, new.number)
    if new.email is not None and await find_login(means.store, merchant_id, digest_of(means, merchant_id, new.email)):
        raise EMAIL_TAKEN(field="email")


def _joined(*parts: ChangePart) -> ChangePart:
    return ChangePart(
        inserts=tuple(insert for part in parts for insert in part.inserts),
        guards=tuple(guard for part in parts for guard in part.guards),
        facts=tuple(fact for part in parts for fact in part.facts),
    )
