"""Each act that a rule can be about: asked for by one, approved by another, done once; codes are for whoever asked."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest

from counterfoil import factors, people
from counterfoil.basis import MICROS, Refused, Secret, address_of
from counterfoil.channels import NewChannel, open_channel, set_route
from counterfoil.evidence import timeline
from counterfoil.payments import MoneyState, WithdrawAsk, book_notice, load, resolutions_of, take, withdraw
from counterfoil.people import Act, NewPerson, Permission, Role, Rule
from counterfoil.providers import account_by_name, accounts_in
from counterfoil.providers import routes as routes_of
from counterfoil.second_person import OFFICE_LIFE_MICROS, RequestState, expire, inbox, request_by_id
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, PASSWORD, open_house, sandbox_section
from tests.channels.stage import keys_of
from tests.doors.confirming import Sitter, sitting_at
from tests.payments.post import Post

NEW = (
    *(Act.RETIRE_ROLE, Act.ADD_OPERATOR, Act.SWITCH_OPERATOR, Act.CHANGE_LOGIN, Act.RESET_FACTORS),
    *(Act.OPEN_ACCOUNT, Act.SET_ROUTE, Act.MAKE_KEY, Act.ENABLE_KEY, Act.SET_NETWORKS),
    *(Act.RESET_PASSWORD, Act.LIFT_PAUSE),
)


RESET = "password_reset"


@dataclass
class Room:
    """A house with two administrators at their desks, each with a passkey."""

    house: Any
    asker: Sitter
    other: Sitter

    @property
    def boss(self) -> Any:
        return self.house.actor(Role.ADMINISTRATOR)

    async def needs(self, act: Act) -> None:
        rule = Rule(act=act, persons=1, roles=(Role.ADMINISTRATOR.value,))
        await people.set_policy(self.house.app.people, replace(self.boss, approvals=1), rule)

    async def asks(self, path: str, **form: str) -> str:
        """Up to the page of the request; its path."""
        page, answer = await self.asker.confirm(path, **form)
        assert "第二个人" in page or "另一个人" in page
        assert answer.url.path.startswith("/office/requests/"), answer.text
        return answer.url.path

    async def approves(self, request: str) -> str:
        """What the other one sees after approving."""
        return (await self.other.confirm(f"{request}/approve"))[1].text

    async def stands(self, request: str) -> RequestState:
        found = await request_by_id(self.house.app.store, MERCHANT, request.rsplit("/", 1)[1])
        assert found is not None
        return found.state


async def room_in(house: Any, stack: AsyncExitStack) -> Room:
    """A second administrator, and both of them at their desks."""
    boss = house.person_ids[Role.ADMINISTRATOR]
    new = NewPerson(number="98", name="某", role=Role.ADMINISTRATOR, password=Secret(PASSWORD), email="98@example.com")
    made = await people.add_operator(house.app.people, house.actor(Role.ADMINISTRATOR), new)
    sitting = [await stack.enter_async_context(sitting_at(house)) for _ in range(2)]
    for sitter, person_id in zip(sitting, (boss, made.id), strict=True):
        await sitter.come_in(house, person_id)
    return Room(house, *sitting)


@pytest.fixture
async def room(tmp_path):
    async with AsyncExitStack() as stack:
        yield await room_in(await stack.enter_async_context(open_house(tmp_path)), stack)


async def refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as told:
        await act
    assert told.value.kind.code == code


async def test_nothing_changes_for_whoever_sets_no_rule(room):
    for act in NEW:
        rule = await people.rule_for(room.house.app.store, MERCHANT, act)
        assert (rule.persons, rule.roles) == (0, ("administrator", "compliance"))
    page = unescape(await room.asker.sees("/office/policy"))
    for word in (
        "停用角色",
        "添加人员",
        "停用或启用人员",
        "修改后台登录",
        "新增收款通道",
        "修改收款路由",
        "解除登录暂停",
    ):
        assert word in page
    assert all(f"/office/policy/{act.value}" in page for act in NEW)


async def test_no_act_of_the_table_is_done_by_one_person_where_it_needs_two(room):
    app, boss = room.house.app, room.boss
    role = await people.make_role(app.people, boss, "夜班", frozenset({Permission.READ}))
    for act in NEW:
        await room.needs(act)
    cashier = room.house.person_ids[Role.CASHIER]
    new = NewPerson(number="55", name="某", role=None, password=Secret(PASSWORD))
    channel = NewChannel(id=app.ids.uuid(), provider="lakala", name="x", environment="sandbox", told={})
    for done in (
        people.retire_role(app.people, boss, role.id),
        people.add_operator(app.people, boss, new),
        people.switch_operator(app.people, boss, cashier, on=False),
        people.open_login(app.people, boss, cashier, "01@example.com"),
        people.change_email(app.people, boss, room.house.person_ids[Role.SUPERVISOR], "00@example.org"),
        people.close_login(app.people, boss, room.house.person_ids[Role.SUPERVISOR]),
        people.begin_reset(app.people, boss, room.house.person_ids[Role.SUPERVISOR]),
        factors.begin_reset(app.factors, boss, await number_98(room)),
        open_channel(app.people, app.accounts, boss, channel),
        set_route(app.people, app.accounts, boss, "merchant", "qr", ()),
        people.make_key(app.people, boss, label="x", owner_id=boss.person_id),
        people.switch_key(app.people, boss, app.ids.uuid(), on=True),
        people.try_networks(app.people, boss, people.DANGER, people.read_networks(""), address_of("127.0.0.1")),
        people.reset_confirmed(app.people, boss, "01", Secret("another one, and long")),
        people.lift_pause(app.people, boss, cashier, app.ids.uuid()),
    ):
        await refused("CF-2150", done)


async def number_98(room: Room) -> str:
    return next(one.id for one in await people.persons(room.house.app.store, MERCHANT) if one.number == "98")


async def test_a_route_is_set_once_another_person_approved_it(room):
    app = room.house.app
    await room.needs(Act.SET_ROUTE)
    account = (await account_by_name(app.store, MERCHANT, "lakala"))["id"]
    request = await room.asks("/office/routes", do="add", scope="merchant", method="qr", account=account)
    assert await routes_of(app.store, MERCHANT) == []
    assert "lakala" in await room.other.sees(request)
    assert "已批准并执行" in await room.approves(request)
    (row,) = await routes_of(app.store, MERCHANT)
    assert accounts_in(row) == (account,)
    assert await room.stands(request) is RequestState.DONE


async def test_what_became_another_order_meanwhile_is_not_approved(room):
    app = room.house.app
    account = (await account_by_name(app.store, MERCHANT, "lakala"))["id"]
    await room.asker.confirm("/office/routes", do="add", scope="merchant", method="qr", account=account)
    await room.needs(Act.SET_ROUTE)
    form = {"do": "remove", "scope": "merchant", "method": "qr", "account": account}
    first, second = await room.asks("/office/routes", **form), await room.asks("/office/routes", **form)
    assert "已批准并执行" in await room.approves(first)
    assert "CF-2157" in (await room.other.post(f"{second}/approve")).text


async def test_a_channel_is_opened_once_another_person_approved_it_and_no_page_shows_its_key(room):
    house = room.house
    await room.needs(Act.OPEN_ACCOUNT)
    keys = keys_of(house)
    typed = sandbox_section(keys.folder, house.sandbox_url)
    typed |= {"private_key": keys.merchant_key.read_text(), "platform_certs": keys.platform_cert.read_text()}
    typed |= {"channel_name": "second shop", "channel_environment": "sandbox", "id": house.app.ids.uuid()}
    request = await room.asks("/office/accounts/add/lakala", **typed)
    assert await account_by_name(house.app.store, MERCHANT, "second shop") is None
    seen = await room.other.sees(request)
    assert "second shop" in seen
    shown = seen + await room.approves(request)
    assert "已批准并执行" in shown
    assert typed["private_key"].splitlines()[2] not in shown
    opened = await account_by_name(house.app.store, MERCHANT, "second shop")
    assert (opened["id"], opened["state"]) == (typed["id"], "active")


async def test_a_role_is_retired_and_a_person_disabled_once_another_person_approved_it(room):
    app = room.house.app
    role = await people.make_role(app.people, room.boss, "夜班", frozenset({Permission.READ}))
    await room.needs(Act.RETIRE_ROLE)
    request = await room.asks(f"/office/roles/{role.id}/retire")
    assert "夜班" in await room.other.sees(request)
    assert "已批准并执行" in await room.approves(request)
    assert (await people.own_role_by_id(app.store, MERCHANT, role.id)).state == "disabled"
    await room.needs(Act.SWITCH_OPERATOR)
    cashier = room.house.person_ids[Role.CASHIER]
    request = await room.asks(f"/office/operators/{cashier}/switch", on="no")
    assert (await people.person(app.store, MERCHANT, cashier)).state == "active"
    assert "已批准并执行" in await room.approves(request)
    assert (await people.person(app.store, MERCHANT, cashier)).state == "disabled"


async def approved_and_left_to_the_asker(room: Room, request: str) -> str:
    """The other one approves, is shown no code and cannot carry it out; whoever asked does, and sees the page of it."""
    page, answer = await room.other.confirm(f"{request}/approve")
    assert "批准，由申请人执行" in page
    assert "等申请人来执行" in answer.text
    listed = await room.asker.sees("/office/requests")
    assert request in listed.partition('id="to-carry-out"')[2].partition("</section>")[0]
    assert await room.stands(request) is RequestState.APPROVED
    assert "CF-2156" in (await room.other.post(f"{request}/do")).text
    assert await room.stands(request) is RequestState.APPROVED
    waits = await room.asker.sees(request)
    assert "请您执行" in waits
    assert "不再保留" not in waits
    shown = await room.asker.post(f"{request}/do")
    assert await room.stands(request) is RequestState.DONE
    assert "CF-2156" in (await room.asker.post(f"{request}/do")).text
    return shown.text


async def test_the_code_of_a_login_is_shown_to_whoever_asked_and_never_to_whoever_approved(room):
    app = room.house.app
    await room.needs(Act.CHANGE_LOGIN)
    supervisor = room.house.person_ids[Role.SUPERVISOR]
    request = await room.asks(f"/office/operators/{supervisor}/login", act="reset")
    shown = await approved_and_left_to_the_asker(room, request)
    code = re.search(r"<dd><code>([^<]+)</code></dd>", shown)[1]
    assert code not in await room.asker.sees(request)
    login = await people.login_of(app.store, MERCHANT, supervisor)
    await people.finish_reset(
        app.people, merchant_id=MERCHANT, email=login.email, code=code, new=Secret("another one, and long")
    )


async def test_a_person_with_an_address_is_added_by_whoever_asked(room):
    app = room.house.app
    await room.needs(Act.ADD_OPERATOR)
    form = {"name": "某某", "email": "77@example.com", "role": "accountant"}
    request = await room.asks("/office/operators/add", **form)
    assert "77@example.com" in await room.other.sees(request)
    assert len([one for one in await people.persons(app.store, MERCHANT) if one.name == "某某"]) == 0
    shown = await approved_and_left_to_the_asker(room, request)
    assert re.search(r"<dd><code>([^<]+)</code></dd>", shown)
    assert len([one for one in await people.persons(app.store, MERCHANT) if one.name == "某某"]) == 1


async def test_where_logins_need_another_person_somebody_added_gets_no_code_yet(room):
    await room.needs(Act.CHANGE_LOGIN)
    form = {"name": "某某", "email": "77@example.com", "role": "accountant"}
    _, answer = await room.asker.confirm("/office/operators/add", **form)
    assert "已添加" in answer.text
    assert answer.url.path.startswith("/office/operators/")


async def test_the_code_that_resets_factors_is_shown_to_whoever_asked(room):
    await room.needs(Act.RESET_FACTORS)
    whose = await number_98(room)
    request = await room.asks(f"/office/operators/{whose}/sign-in/reset")
    shown = await approved_and_left_to_the_asker(room, request)
    assert "一次" in shown


async def test_what_was_approved_and_left_undone_for_a_day_is_over_and_nothing_of_it_stays(room):
    app = room.house.app
    await room.needs(Act.CHANGE_LOGIN)
    supervisor = room.house.person_ids[Role.SUPERVISOR]
    request = await room.asks(f"/office/operators/{supervisor}/login", act="reset")
    await room.approves(request)
    for past, state in ((-60, RequestState.APPROVED), (60, RequestState.FAILED)):
        clock = ManualClock(app.clock.now() + 2 * OFFICE_LIFE_MICROS + past * MICROS)
        await expire(replace(app.factors, people=replace(app.factors.people, clock=clock)))
        assert await room.stands(request) is state
    found = await request_by_id(app.store, MERCHANT, request.rsplit("/", 1)[1])
    assert (found.state, found.why, found.row["sealed"]) == (RequestState.FAILED, "CF-2160", None)


async def inbox_of(sitter: Sitter, request: str) -> tuple[str | None, list[str]]:
    """The count in the menu, and in which groups of the inbox the request stands."""
    page = await sitter.sees("/office/requests")
    counted = re.search(r'href="/office/requests"[^>]*>.*?<span class="chip[^>]*>(\d+)</span></span></a>', page)
    groups = re.findall(r'<section class="stack close" aria-labelledby="([a-z-]+)">(.*?)</section>', page, re.DOTALL)
    return counted and counted[1], [name for name, said in groups if request in said]


async def test_the_inbox_tells_apart_who_decides_who_carries_out_and_who_waits_for_others(room):
    await room.needs(Act.CHANGE_LOGIN)
    supervisor = room.house.person_ids[Role.SUPERVISOR]
    request = await room.asks(f"/office/operators/{supervisor}/login", act="reset")
    assert await inbox_of(room.asker, request) == (None, ["asked", "all"])
    assert await inbox_of(room.other, request) == ("1", ["for-you", "all"])
    await room.approves(request)
    assert await inbox_of(room.asker, request) == ("1", ["to-carry-out", "all"])
    assert await inbox_of(room.other, request) == (None, ["all"])
    page = unescape(await room.asker.sees("/office/requests"))
    assert "已批准，等您执行" in page
    assert "请逐份打开，点「现在执行」" in page
    # The count stands on every page of the office.
    assert re.search(r'aria-label="1 份申请等您处理">1</span>', await room.asker.sees("/office/home"))
    await room.asker.post(f"{request}/do")
    assert await inbox_of(room.asker, request) == (None, ["all"])


async def test_what_was_approved_and_left_until_it_was_void_waits_for_nobody(room):
    app = room.house.app
    await room.needs(Act.RESET_FACTORS)
    request = await room.asks(f"/office/operators/{await number_98(room)}/sign-in/reset")
    await room.approves(request)
    found = await request_by_id(app.store, MERCHANT, request.rsplit("/", 1)[1])
    for past, many in ((-60, 1), (60, 0)):
        clock = ManualClock(found.left_at + past * MICROS)
        means = replace(app.factors, people=replace(app.factors.people, clock=clock))
        assert len((await inbox(means, room.boss)).to_carry_out) == many
        assert (await inbox(means, room.boss)).count == many


async def test_an_api_key_is_shown_to_whoever_asked_and_never_to_whoever_approved(room):
    app = room.house.app
    await room.needs(Act.MAKE_KEY)
    request = await room.asks("/office/api-keys/add", label="erp", scope_pay="yes")
    assert await people.keys(app.store, MERCHANT) == []
    assert "erp" in await room.other.sees(request)
    shown = await approved_and_left_to_the_asker(room, request)
    (made,) = await people.keys(app.store, MERCHANT)
    secret = re.search(r"cf_1_[A-Za-z0-9_-]+", shown)[0]
    assert (await people.authenticate_key(app.people, secret, None)).person_id == made.owner_id
    assert secret not in await room.asker.sees(request)


async def test_a_key_is_enabled_once_another_person_approved_it_and_disabled_by_one(room):
    app = room.house.app
    made, _ = await people.make_key(app.people, room.boss, label="erp", owner_id=room.boss.person_id)
    await room.needs(Act.ENABLE_KEY)
    await people.switch_key(app.people, room.boss, made.id, on=False)
    request = await room.asks(f"/office/api-keys/{made.id}/on")
    assert (await people.key_by_id(app.store, MERCHANT, made.id)).state == "disabled"
    assert "已批准并执行" in await room.approves(request)
    assert (await people.key_by_id(app.store, MERCHANT, made.id)).state == "active"


async def test_networks_are_tried_by_whoever_asked_once_another_person_approved_them(room):
    app = room.house.app
    await room.needs(Act.SET_NETWORKS)
    request = await room.asks("/office/networks/office/try", networks="127.0.0.0/8")
    await room.other.confirm(f"{request}/approve")
    now = app.clock.now()
    assert not (await people.trusted(app.store, MERCHANT, people.OFFICE)).on_trial(now)
    tried = await room.asker.post(f"{request}/do")
    assert tried.url.path == "/office/networks"
    assert (await people.trusted(app.store, MERCHANT, people.OFFICE)).on_trial(now)
    assert await room.stands(request) is RequestState.DONE
    await room.asker.post("/office/networks/office/keep")
    kept = await people.trusted(app.store, MERCHANT, people.OFFICE)
    assert (list(kept.networks.texts()), kept.on_trial(now)) == (["127.0.0.0/8"], False)


async def test_a_till_password_is_set_once_another_person_approved_it_and_no_page_shows_it(room):
    app, cashier, new = room.house.app, room.house.person_ids[Role.CASHIER], "another one, and long"
    await room.needs(Act.RESET_PASSWORD)
    request = await room.asks(f"/office/operators/{cashier}/password", new=new)
    assert new not in await room.other.sees(request)
    assert "已批准并执行" in await room.approves(request)
    told = [body["actor"] for _, body in await timeline(app.store, MERCHANT, cashier) if RESET in body["type"]]
    assert told == [room.boss.person_id]


async def test_a_pause_is_lifted_once_another_person_approved_it(room):
    app, cashier = room.house.app, room.house.person_ids[Role.CASHIER]
    for _ in range(5):
        with pytest.raises(Refused):
            await people.sign_in(
                app.people,
                merchant_id=MERCHANT,
                terminal_id=room.house.terminal_ids[0],
                number="01",
                password=Secret("not this one at all"),
            )
    (pause,) = await people.pauses_of(app.people, MERCHANT, cashier)
    await room.needs(Act.LIFT_PAUSE)
    request = await room.asks(f"/office/operators/{cashier}/sign-in/pause", pause=pause.id)
    assert await people.pauses_of(app.people, MERCHANT, cashier) == [pause]
    assert "已批准并执行" in await room.approves(request)
    assert await people.pauses_of(app.people, MERCHANT, cashier) == []


async def test_a_notice_is_booked_by_two_from_an_amount_on_and_put_aside_by_one(tmp_path):
    clock = ManualClock(1_800_000_000 * MICROS)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(tmp_path, clock=clock))
        large, small, aside = [
            await Post(house).left_to_a_person(clock, minor, str(digit) * 24)
            for minor, digit in ((5_000_00, 3), (4_999_99, 4), (6_000_00, 5))
        ]
        room, path = await room_in(house, stack), "/office/waiting/notices"
        await refused("CF-2150", book_notice(house.app.payments, room.boss, large.id, house.shop_id))
        request = await room.asks(f"{path}/{large.id}", do="book", shop=house.shop_id)
        assert await load(house.app.store, MERCHANT, large.id) is None
        assert "¥5,000.00" in await room.other.sees(request)
        assert "已批准并执行" in await room.approves(request)
        assert (await load(house.app.store, MERCHANT, large.id)).amount.minor == 5_000_00
        _, booked = await room.asker.confirm(f"{path}/{small.id}", do="book", shop=house.shop_id)
        assert booked.url.path == f"{path}/{small.id}"
        _, closed = await room.asker.confirm(f"{path}/{aside.id}", do="close", reason="TEST")
        assert closed.url.path == f"{path}/{aside.id}"
        assert await load(house.app.store, MERCHANT, aside.id) is None


async def test_a_payment_is_settled_by_the_statement_once_another_has_approved_it(room):
    house = room.house
    ask = house.shown_payment(6622, wait_seconds=20)
    await take(house.app.payments, house.actor(), ask)
    back = WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=20)
    payment = await withdraw(house.app.payments, house.actor(), back)
    assert payment.money is MoneyState.MANUAL
    line = {"finding": "kept", "number": "T-1", "day": payment.business_day, "amount": "66.22", "line": "T-1 张三"}
    request = await room.asks(f"/office/waiting/{payment.id}/statement", **line)
    assert (await load(house.app.store, MERCHANT, payment.id)).money is MoneyState.MANUAL
    assert "T-1 张三" in unescape(await room.other.sees(request))
    await room.approves(request)
    assert await room.stands(request) is RequestState.DONE
    ended = await load(house.app.store, MERCHANT, payment.id)
    assert ended.money is MoneyState.CAPTURED
    (kept,) = await resolutions_of(house.app.store, house.app.payments.vault, MERCHANT, payment.id)
    assert (kept.actor_id, kept.holds) == (house.person_ids[Role.ADMINISTRATOR], True)
    assert kept.approver_id not in (None, kept.actor_id)
    page = unescape(await room.asker.sees(f"/office/records/{payment.id}"))
    for word in ("T-1 张三", "钱已收到，算收款", kept.statement_sha256):
        assert word in page
