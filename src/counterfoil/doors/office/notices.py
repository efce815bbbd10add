"""支付机构的通知: those that fit nothing here, one after the other, with what is known and what can be done about it.

Nobody types an amount: what is booked is what the notice says in the provider's own signature, at the shop one names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault, canonical_uuid
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.said import told
from counterfoil.doors.office.things import history_of, id_in
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import CHECKING, GOOD, QUIET, Mark, mark_of
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.payments import (
    CLEARED_AFTER_DAYS,
    CLOSE_REASONS,
    NOTICE_SHOP,
    NOTICE_UNKNOWN,
    KeptNotice,
    NoticeState,
    Payment,
    ask_of_notice,
    book_notice,
    check_booking,
    check_closing,
    close_notice,
    count_for_a_person,
    kept_notice,
    load,
    looks_like_ours,
    notice_for,
    notices_for_a_person,
    printed_code_paid,
    trade_known,
)
from counterfoil.people import ACTIVE, Deed, Permission, demand, terminals
from counterfoil.providers import account_by_id
from counterfoil.providers import accounts as accounts_of
from counterfoil.store import Row

PATH: Final = "/office/waiting/notices"
SHOWN: Final = 20
_BOOK, _CLOSE = "book", "close"
_DAY_MICROS: Final = 24 * 3600 * MICROS


@dataclass(frozen=True, slots=True)
class Listed:
    """The section of the queue: rows of a notice, whose it is and why nothing fits; ``more`` and ``first`` lead on."""

    rows: tuple[tuple[KeptNotice, str, str], ...]
    count: int
    more: str | None
    first: str | None


def routes(app: App) -> list[BaseRoute]:
    """One of them with its acts, and as it arrived."""
    return [
        at_desk(app, f"{PATH}/{{id}}", one, DECIDING),
        at_desk(app, f"{PATH}/{{id}}/ask", None, ask),
        at_desk(app, f"{PATH}/{{id}}/raw", raw),
    ]


async def listed(desk: Desk) -> Listed:
    """Those that wait, the oldest first; behind which of them it goes on stands in the address."""
    store, merchant_id = desk.app.store, desk.merchant_id
    after = await _after(desk)
    found = await notices_for_a_person(store, merchant_id, after=after, limit=SHOWN + 1)
    names = {row["id"]: _account(desk, row) for row in await accounts_of(store, merchant_id)} if found else {}
    rows = [(kept, names.get(kept.account_id, "—"), desk.t(f"office.notice.short.{kept.how}")) for kept in found]
    return Listed(
        rows=tuple(rows[:SHOWN]),
        count=await count_for_a_person(store, merchant_id),
        more=link("/office/waiting", notices=found[SHOWN - 1].id) if len(found) > SHOWN else None,
        first="/office/waiting" if after is not None else None,
    )


async def one(desk: Desk) -> Response:
    """What it says, why nothing fits, and the next steps; afterwards how it ended."""
    demand(desk.actor, Permission.READ)
    return await _page(desk)


async def decide(desk: Desk, form: Form) -> Response:
    """Book it at a shop, or put it aside."""
    means, notice_id = desk.app.payments, _id_in(desk)
    try:
        if form.get("do") == _BOOK:
            await book_notice(means, desk.actor, notice_id, _shop_in(form))
            return go(f"{PATH}/{notice_id}", done="booked")
        await close_notice(means, desk.actor, notice_id, form.get("reason", ""))
        return go(f"{PATH}/{notice_id}", done="closed")
    except Fault as fault:
        desk.note("decide_notice", fault)
        return await _page(desk, fault)


async def ask(desk: Desk, _: Form) -> Response:
    """Ask the provider about the payment of ours that it names."""
    demand(desk.actor, Permission.DECIDE_NOTICE)
    try:
        outcome = await ask_of_notice(desk.app.payments, desk.actor, _id_in(desk))
    except Fault as fault:
        desk.note("decide_notice", fault)
        return await _page(desk, fault)
    return await _page(desk, answer=told(desk, outcome))


async def _deciding(desk: Desk, form: Form) -> Told:
    """What the notice says, and where it is booked or why it is put aside. Raises what the act would refuse."""
    demand(desk.actor, Permission.DECIDE_NOTICE)
    means, notice_id, do = desk.app.payments, _id_in(desk), form.get("do", "")
    if do == _BOOK:
        shop_id, reason = _shop_in(form), ""
        kept = await check_booking(means, desk.actor, notice_id, shop_id)
        how = (desk.t("office.notice.shop"), dict(await _shops(desk)).get(shop_id, "—"))
    elif do == _CLOSE:
        shop_id, reason = "", form.get("reason", "")
        kept = await check_closing(means, desk.actor, notice_id, reason)
        how = (desk.t("office.switch.why"), desk.t(f"office.notice.reason.{reason}"))
    else:
        raise NO_SUCH_PAGE()
    account = await account_by_id(desk.app.store, desk.merchant_id, kept.account_id)
    amount = kept.said.amount
    what = {"notice": kept.id, "do": do, "shop": shop_id, "reason": reason, "state": kept.state.value}
    return Told(
        deed=Deed(
            act="decide_notice",
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what=what | {"amount_minor": amount.minor if amount else None},
        ),
        title=desk.t(f"office.notice.step.{do}"),
        lines=(
            (desk.t("office.account.provider"), _account(desk, account) if account else "—"),
            (desk.t("records.column.amount"), str(amount) if amount else desk.t("office.notice.unsaid")),
            (desk.t("record.order_no"), kept.said.order_no or "—"),
            how,
        ),
        means=desk.t(f"office.notice.step.{do}.means"),
        button=desk.t(f"office.notice.do.{do}", amount=amount or ""),
        back=f"{PATH}/{kept.id}",
        amount_minor=amount.minor if amount else None,
        shop_id=shop_id or None,
        # Putting one aside books no money.
        alone=do == _CLOSE,
    )


async def _not_decided(desk: Desk, _: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.DECIDE_NOTICE)
    return await _page(desk, fault)


async def raw(desk: Desk) -> Response:
    """The notice as it arrived, with its signature, as a file. Raises Refused CF-2021, CF-3160."""
    demand(desk.actor, Permission.DECIDE_NOTICE)
    kept = await notice_for(desk.app.store, desk.merchant_id, _id_in(desk))
    if kept.raw is None:
        raise NOTICE_UNKNOWN()
    named = {"Content-Disposition": f'attachment; filename="notice-{kept.id}.json"'}
    return Response(kept.raw, 200, named, "application/json")


async def _page(desk: Desk, fault: Fault | None = None, answer: str = "") -> Response:
    store, merchant_id = desk.app.store, desk.merchant_id
    kept = await notice_for(store, merchant_id, _id_in(desk))
    account = await account_by_id(store, merchant_id, kept.account_id)
    about = await _about(desk, kept)
    sort = _sort(kept, about)
    return render(
        desk,
        "notice.html",
        status_of(fault),
        kept=kept,
        provider=_account(desk, account) if account else "—",
        waits=kept.state is NoticeState.PERSON,
        mark=_mark(desk, kept),
        about=about,
        about_mark=mark_of(desk, about) if about else None,
        signature=Mark(GOOD, "tick", desk.t("office.notice.signature.holds")),
        sort=sort,
        steps=_steps(kept, sort) if desk.actor.may(Permission.DECIDE_NOTICE) else (),
        may=desk.actor.may(Permission.DECIDE_NOTICE),
        shops=await _shops(desk),
        reasons=CLOSE_REASONS,
        clears_at=(kept.ended_at or 0) + CLEARED_AFTER_DAYS * _DAY_MICROS,
        history=await history_of(desk, kept.id),
        answer=answer,
        **tell(desk, fault),
    )


async def _about(desk: Desk, kept: KeptNotice) -> Payment | None:
    """The payment of ours it has to do with: the one of its number, its record, or the one that has its money."""
    payment_id = kept.payment_id or await trade_known(desk.app.payments, kept)
    return None if payment_id is None else await load(desk.app.store, desk.merchant_id, payment_id)


def _sort(kept: KeptNotice, about: Payment | None) -> str:
    """Why nothing fits, as finely as it is told."""
    if kept.how != "unknown":
        return str(kept.how)
    if about is not None:
        return "recorded"
    if printed_code_paid(kept) is None:
        return "hint"
    return "ours" if looks_like_ours(kept.said.order_no) else "where"


def _steps(kept: KeptNotice, sort: str) -> tuple[str, ...]:
    if kept.state is not NoticeState.PERSON:
        return ()
    if kept.payment_id is not None:
        return ("ask", _CLOSE)
    return (_BOOK, _CLOSE) if sort in ("where", "ours") else (_CLOSE,)


def _mark(desk: Desk, kept: KeptNotice) -> Mark:
    match kept.state:
        case NoticeState.PERSON:
            return Mark(CHECKING, "person", desk.t("office.notice.waits"))
        case NoticeState.DONE if kept.reason is None:
            return Mark(GOOD, "tick", desk.t("office.notice.done"))
        case NoticeState.DONE:
            return Mark(QUIET, "cross", desk.t("office.notice.aside"))
    return Mark(CHECKING, "checking", desk.t("office.notice.parked"))


async def _shops(desk: Desk) -> list[tuple[str, str]]:
    """Shops with a terminal in use, by their age."""
    found = await terminals(desk.app.store, desk.merchant_id)
    return list({shop.id: (shop.id, shop.name) for one, shop in found if one.state == shop.state == ACTIVE}.values())


async def _after(desk: Desk) -> KeptNotice | None:
    try:
        last = canonical_uuid(desk.request.query_params.get("notices", ""))
    except ValueError:
        return None
    return await kept_notice(desk.app.store, desk.merchant_id, last)


def _account(desk: Desk, account: Row) -> str:
    """The provider in the desk's language; with the account's name where it says more."""
    manifest = desk.app.manifests[account["provider"]]
    name = manifest.name_zh if desk.language == "zh-CN" else manifest.name_en
    return name if account["name"] in (account["provider"], name) else f"{name} · {account['name']}"


def _id_in(desk: Desk) -> str:
    notice_id = id_in(desk)
    if not notice_id:
        raise NOTICE_UNKNOWN()
    return notice_id


def _shop_in(form: Form) -> str:
    try:
        return canonical_uuid(form.get("shop", ""))
    except ValueError:
        raise NOTICE_SHOP(field="shop_id") from None


DECIDING: Final = Danger(act="decide_notice", tell=_deciding, carry_out=decide, otherwise=_not_decided)
