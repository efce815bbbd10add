"""Which acts need a second person, from which amount, who that may be, and how many of them: a merchant's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.permission import Actor, Role
from counterfoil.people.policy_faults import SECOND_PERSON_NEEDED
from counterfoil.people.tables import second_person_rule
from counterfoil.store import Row, Store, by_key

PERSONS: Final = (0, 1, 2)


class Act(StrEnum):
    """What a rule can be about. The value stands in facts, requests and deeds, and is never given another sense."""

    VOID = "void"
    REFUND = "refund"
    SWITCH_ACCOUNT = "switch_account"
    CONFIGURE_ACCOUNT = "configure_account"
    ACTIVATE_ACCOUNT = "activate_account"
    GRANT_ROLE = "grant_role"
    END_GRANT = "end_grant"
    MAKE_ROLE = "make_role"
    ALTER_ROLE = "alter_role"
    SET_POLICY = "set_policy"
    RETIRE_ROLE = "retire_role"
    ADD_OPERATOR = "add_operator"
    SWITCH_OPERATOR = "switch_operator"
    CHANGE_LOGIN = "change_login"
    RESET_FACTORS = "reset_factors"
    OPEN_ACCOUNT = "open_account"
    SET_ROUTE = "set_route"
    DECIDE_NOTICE = "decide_notice"
    MAKE_KEY = "make_key"
    ENABLE_KEY = "enable_key"
    SET_NETWORKS = "set_networks"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of an act
    LIFT_PAUSE = "lift_pause"
    RESOLVE_PAYMENT = "resolve_payment"


# Those that move money: only these have an amount from which they need somebody.
WITH_AMOUNT: Final = frozenset({Act.VOID, Act.REFUND, Act.DECIDE_NOTICE})
# Those that always take another person: the table itself, and money that moves by what somebody says.
ALWAYS: Final = frozenset({Act.SET_POLICY, Act.RESOLVE_PAYMENT})
# Those that may answer with a code or key with which somebody gets in: whoever asked does them once they are approved,
# and nobody but them is shown it. Networks are tried by whoever asked, who has a minute to keep them.
WITH_CODE: Final = frozenset({Act.ADD_OPERATOR, Act.CHANGE_LOGIN, Act.RESET_FACTORS, Act.MAKE_KEY, Act.SET_NETWORKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``persons``: how many besides the requester, 0 to 2; ``from_minor``: from which amount on, None: from any.

    ``roles``: values of those that ship and ids of own ones; whoever has one of them may be the second person.
    """

    act: Act
    persons: int = 0
    from_minor: int | None = None
    roles: tuple[str, ...] = ()

    def needed(self, amount_minor: int | None = None) -> int:
        """How many are needed for the act, of that amount where it has one."""
        small = self.from_minor is not None and amount_minor is not None and amount_minor < self.from_minor
        return 0 if small else max(self.persons, int(self.act in ALWAYS))


_SENIOR: Final = (Role.SHOP_MANAGER.value, Role.ADMINISTRATOR.value)
_AT_SHOP: Final = (Role.SUPERVISOR.value, *_SENIOR)
_BOOKS: Final = (Role.SHOP_MANAGER.value, Role.ACCOUNTANT.value, Role.ADMINISTRATOR.value)
_WHOLE: Final = (Role.ADMINISTRATOR.value, Role.COMPLIANCE.value)

# Large sums and this table itself need somebody else from the start. What a shop does while it is being set up, or
# must do at once when something is wrong, does not, until the merchant says so.
DEFAULT_RULES: Final[Mapping[Act, Rule]] = MappingProxyType(
    {
        Act.VOID: Rule(act=Act.VOID, persons=1, from_minor=5_000_00, roles=_AT_SHOP),
        Act.REFUND: Rule(act=Act.REFUND, persons=1, from_minor=5_000_00, roles=_AT_SHOP),
        Act.SWITCH_ACCOUNT: Rule(act=Act.SWITCH_ACCOUNT, roles=_WHOLE),
        Act.CONFIGURE_ACCOUNT: Rule(act=Act.CONFIGURE_ACCOUNT, roles=_WHOLE),
        Act.ACTIVATE_ACCOUNT: Rule(act=Act.ACTIVATE_ACCOUNT, roles=_WHOLE),
        Act.GRANT_ROLE: Rule(act=Act.GRANT_ROLE, roles=_WHOLE),
        Act.END_GRANT: Rule(act=Act.END_GRANT, roles=_WHOLE),
        Act.MAKE_ROLE: Rule(act=Act.MAKE_ROLE, roles=_WHOLE),
        Act.ALTER_ROLE: Rule(act=Act.ALTER_ROLE, roles=_WHOLE),
        Act.SET_POLICY: Rule(act=Act.SET_POLICY, persons=1, roles=_WHOLE),
        Act.RETIRE_ROLE: Rule(act=Act.RETIRE_ROLE, roles=_WHOLE),
        Act.ADD_OPERATOR: Rule(act=Act.ADD_OPERATOR, roles=_WHOLE),
        Act.SWITCH_OPERATOR: Rule(act=Act.SWITCH_OPERATOR, roles=_WHOLE),
        Act.CHANGE_LOGIN: Rule(act=Act.CHANGE_LOGIN, roles=_WHOLE),
        Act.RESET_FACTORS: Rule(act=Act.RESET_FACTORS, roles=_WHOLE),
        Act.OPEN_ACCOUNT: Rule(act=Act.OPEN_ACCOUNT, roles=_WHOLE),
        Act.SET_ROUTE: Rule(act=Act.SET_ROUTE, roles=_WHOLE),
        Act.DECIDE_NOTICE: Rule(act=Act.DECIDE_NOTICE, persons=1, from_minor=5_000_00, roles=_AT_SHOP),
        Act.MAKE_KEY: Rule(act=Act.MAKE_KEY, roles=_WHOLE),
        Act.ENABLE_KEY: Rule(act=Act.ENABLE_KEY, roles=_WHOLE),
        Act.SET_NETWORKS: Rule(act=Act.SET_NETWORKS, roles=_WHOLE),
        Act.RESET_PASSWORD: Rule(act=Act.RESET_PASSWORD, roles=_WHOLE),
        Act.LIFT_PAUSE: Rule(act=Act.LIFT_PAUSE, roles=_WHOLE),
        Act.RESOLVE_PAYMENT: Rule(act=Act.RESOLVE_PAYMENT, persons=1, roles=_BOOKS),
    }
)
_ROWS: Final = select(second_person_rule).where(second_person_rule.c.merchant_id == bindparam("merchant_id"))
_ROW: Final = by_key(_ROWS.where(second_person_rule.c.act == bindparam("act")))


async def rule_for(store: Store, merchant_id: int, act: Act) -> Rule:
    """The rule in force for one act."""
    row = await rule_row(store, merchant_id, act)
    return DEFAULT_RULES[act] if row is None else _as_rule(row)


async def rules_of(store: Store, merchant_id: int) -> list[Rule]:
    """The rules in force, in the order of ``Act``."""
    rows = {row["act"]: row for row in await store.fetch(_ROWS, {"merchant_id": merchant_id})}
    return [_as_rule(rows[act.value]) if act.value in rows else DEFAULT_RULES[act] for act in Act]


async def rule_row(store: Store, merchant_id: int, act: Act) -> Row | None:
    """The row as it is, for whoever changes it."""
    return await store.fetch_one(_ROW, {"merchant_id": merchant_id, "act": act.value})


async def demand_second(store: Store, actor: Actor, act: Act, amount_minor: int | None = None) -> None:
    """Go on only if as many others as the rule asks for have approved it. Raises Refused CF-2150."""
    rule = await rule_for(store, actor.merchant_id, act)
    if actor.approvals < rule.needed(amount_minor):
        raise SECOND_PERSON_NEEDED()


def _as_rule(row: Row) -> Rule:
    return Rule(
        act=Act(row["act"]),
        persons=row["persons"],
        from_minor=row["from_minor"],
        roles=tuple(row["roles"].split()),
    )
