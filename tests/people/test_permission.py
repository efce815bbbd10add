"""The whole table: every role against every permission."""

import pytest

from counterfoil.basis import Refused
from counterfoil.people import ALLOWED, NO_PERMISSION, Actor, Permission, Role, demand, demand_shop

TABLE = {
    #                         cashier supervisor administrator
    Permission.TAKE: (True, True, True),
    Permission.READ: (True, True, True),
    Permission.WITHDRAW: (True, True, True),
    Permission.VOID: (False, True, True),
    Permission.REFUND: (False, True, True),
    Permission.DECIDE_NOTICE: (False, True, True),
    Permission.LIFT_LOCK: (False, True, True),
    Permission.RESET_PASSWORD: (False, True, True),
    Permission.OFFICE: (False, True, True),
    Permission.MANAGE_PLACES: (False, False, True),
    Permission.MANAGE_PEOPLE: (False, False, True),
    Permission.MANAGE_KEYS: (False, False, True),
    Permission.MANAGE_ACCOUNTS: (False, False, True),
    Permission.HOLD: (False, False, True),
}
PAIRS = [
    pytest.param(role, permission, may, id=f"{role}-{permission}")
    for permission, row in TABLE.items()
    for role, may in zip((Role.CASHIER, Role.SUPERVISOR, Role.ADMINISTRATOR), row, strict=True)
]


def _actor(permissions, shop_ids=None):
    return Actor(merchant_id=1, person_id="p", permissions=permissions, auth="key", shop_ids=shop_ids)


def test_the_table_names_every_role_and_permission():
    assert set(TABLE) == set(Permission)
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize(("role", "permission", "may"), PAIRS)
def test_a_role_may_exactly_what_the_table_says(role, permission, may):
    actor = _actor(ALLOWED[role])
    assert actor.may(permission) is may
    if may:
        demand(actor, permission)
        return
    with pytest.raises(Refused) as told:
        demand(actor, permission)
    assert told.value.kind is NO_PERMISSION
    assert told.value.tell("zh-CN").what.startswith("没有「")
    assert told.value.tell("en").what.startswith("No permission to ")


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
    actor = _actor(frozenset(), shop_ids=frozenset({"a"}))
    demand_shop(actor, "a")
    demand_shop(_actor(frozenset()), "b")
    with pytest.raises(Refused) as told:
        demand_shop(actor, "b")
    assert told.value.kind.code == "CF-2012"
