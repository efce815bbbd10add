"""The whole table: every role against every permission."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused
from counterfoil.people import (
    ALLOWED,
    DANGEROUS,
    NO_PERMISSION,
    ONLY_LOOKS,
    Actor,
    Held,
    Permission,
    Role,
    demand,
    demand_somewhere,
)

CASHIER = {Permission.TAKE, Permission.READ, Permission.WITHDRAW}
SUPERVISOR = CASHIER | {
    Permission.VOID,
    Permission.REFUND,
    Permission.LIFT_LOCK,
    Permission.RESET_PASSWORD,
    Permission.OFFICE,
    Permission.EXPORT,
    Permission.READ_DAYS,
    Permission.REMOVAL_ASK,
    Permission.READ_CHANNELS,
    Permission.READ_PEOPLE,
    Permission.READ_EVIDENCE,
    Permission.DECIDE_NOTICE,
}
LIMITS = {
    Role.CASHIER: CASHIER,
    Role.SUPERVISOR: SUPERVISOR,
    Role.SHOP_MANAGER: SUPERVISOR
    | {
        Permission.CLOSE_DAY,
        Permission.APPROVE,
        Permission.REMOVAL_APPROVE,
        Permission.ENROL_TERMINAL,
        Permission.READ_ACTIVITY,
        Permission.RESOLVE_PAYMENT,
    },
    Role.ACCOUNTANT: {
        Permission.READ,
        Permission.OFFICE,
        Permission.EXPORT,
        Permission.READ_DAYS,
        Permission.CLOSE_DAY,
        Permission.RECONCILE,
        Permission.RESOLVE_PAYMENT,
        Permission.REMOVAL_ASK,
        Permission.READ_CHANNELS,
        Permission.READ_EVIDENCE,
        Permission.EXPORT_EVIDENCE,
    },
    Role.ADMINISTRATOR: set(Permission),
    Role.AUDITOR: set(ONLY_LOOKS),
    Role.COMPLIANCE: ONLY_LOOKS
    | {
        Permission.APPROVE,
        Permission.REMOVAL_ASK,
        Permission.REMOVAL_APPROVE,
        Permission.REMOVAL_RESTORE,
        Permission.PURGE_ASK,
        Permission.PURGE_APPROVE,
        Permission.HOLD,
        Permission.RELEASE_HOLD,
        Permission.ERASE_PERSON,
        Permission.MANAGE_RETENTION,
    },
}
PAIRS = [pytest.param(role, permission, id=f"{role}-{permission}") for role in Role for permission in Permission]


def _actor(permissions, shop_ids=None):
    return Actor(merchant_id=1, person_id="p", permissions=permissions, auth="key", shop_ids=shop_ids)


@pytest.mark.parametrize(("role", "permission"), PAIRS)
def test_a_role_may_exactly_what_is_said_of_it(role, permission):
    actor = _actor(ALLOWED[role])
    may = permission in LIMITS[role]
    assert actor.may(permission) is may
    if may:
        demand(actor, permission)
        return
    with pytest.raises(Refused) as told:
        demand(actor, permission)
    assert told.value.kind is NO_PERMISSION
    assert told.value.tell("zh-CN").what.startswith("没有「")
    assert told.value.tell("en").what.startswith("No permission to ")


def test_what_only_looks_is_never_dangerous_but_for_taking_evidence_away():
    assert {Permission.EXPORT_EVIDENCE} == ONLY_LOOKS & DANGEROUS


def test_a_missing_permission_is_named_with_who_has_it():
    with pytest.raises(Refused) as told:
        demand(_actor(ALLOWED[Role.CASHIER]), Permission.REFUND)
    assert told.value.tell("zh-CN").what == "没有「退款」的权限"
    assert "主管" in told.value.tell("zh-CN").do
    assert "refund" in told.value.tell("en").what
    assert "supervisor" in told.value.tell("en").do


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_has_a_name_in_both_languages(permission):
    told = {demanded(permission, language).what for language in ("zh-CN", "en")}
    assert len(told) == 2
    assert permission.value not in told


def demanded(permission, language):
    with pytest.raises(Refused) as told:
        demand(_actor(frozenset()), permission)
    return told.value.tell(language)


def test_a_key_for_some_shops_is_refused_in_another():
    actor = _actor(frozenset({Permission.READ}), shop_ids=frozenset({"a"}))
    demand(actor, Permission.READ, "a")
    demand(_actor(frozenset({Permission.READ})), Permission.READ, "b")
    with pytest.raises(Refused) as told:
        demand(actor, Permission.READ, "b")
    assert told.value.kind.code == "CF-2012"
    assert actor.shops_for(Permission.READ) == {"a"}


def test_a_role_in_one_shop_counts_there_and_nowhere_else():
    there = Actor(
        merchant_id=1,
        person_id="p",
        permissions=frozenset({Permission.OFFICE}),
        in_shops={"a": frozenset({Permission.REFUND})},
        auth="pin",
    )
    assert there.may(Permission.REFUND, "a")
    assert not there.may(Permission.REFUND, "b")
    assert not there.may(Permission.REFUND)
    assert replace(there, here="a").may(Permission.REFUND)
    assert there.shops_for(Permission.REFUND) == {"a"}
    assert there.shops_for(Permission.VOID) == frozenset()
    assert there.shops_for(Permission.OFFICE) is None
    demand_somewhere(there, Permission.REFUND)
    with pytest.raises(Refused) as told:
        demand_somewhere(there, Permission.VOID)
    assert told.value.kind is NO_PERMISSION


SETS = st.frozensets(st.sampled_from(list(Permission)), max_size=6)
HELD = st.builds(Held, SETS, st.dictionaries(st.sampled_from("abc"), SETS, max_size=3))


@given(mine=HELD, theirs=HELD)
def test_who_covers_somebody_may_everything_they_may_and_wherever(mine, theirs):
    places = [None, "a", "b", "c", "d"]
    wider = all(mine.may(one, where) for one in Permission for where in places if theirs.may(one, where))
    assert mine.covers(theirs) is wider
