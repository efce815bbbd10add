"""What the switches put in place: each takes what is there and gives what a mistake would have made of it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

from msgspec import structs

from counterfoil.basis import Money
from counterfoil.providers import Answered, Approved, Charge, Declined, DeclineReason, Line, Notice, Unknown, Why
from counterfoil.store import Committed, Repeated, Stale

_charging: Final[ContextVar[Any]] = ContextVar("_charging", default=None)


def seen_change(change: Any) -> Any:
    """Remember what is being taken, for ``charge_first``."""

    def wrong(means: Any, intent: Any) -> Any:
        _charging.set(intent.ask)
        return change(means, intent)

    return wrong


def charge_first(commit_intent: Any) -> Any:
    """Call the provider, then write the intent."""

    async def wrong(means: Any, change: Any) -> Any:
        row, ask = change.inserts[0].row, _charging.get()
        if row["provider"] != "cash" and ask.auth_code is not None:
            accounts = await means.store.fetch(_accounts(), {"merchant_id": row["merchant_id"]})
            account = next(each for each in accounts if each["id"] == row["account_id"])
            call = Charge(
                order_no=row["order_no"],
                amount=ask.amount,
                entry=row["entry"],
                auth_code=ask.auth_code,
                subject=row["order_no"],
                asked_at=row["taken_at"],
            )
            await means.accounts.connector(account).charge(call)
        return await commit_intent(means, change)

    return wrong


def _accounts() -> Any:
    place = import_module("counterfoil.payments.place")

    return place._ACCOUNTS  # noqa: SLF001 - as above


def no_answer_means_no(call: Any) -> Any:
    """A time-out is a refusal."""

    async def wrong(self: Any, asked: Any) -> Any:
        said = await call(self, asked)
        if isinstance(said.outcome, Unknown):
            return Answered(Declined(reason=DeclineReason.OTHER, code="timeout"))
        return said

    return wrong


def no_answer_means_yes(call: Any) -> Any:
    """A time-out is an approval."""

    async def wrong(self: Any, asked: Any) -> Any:
        said = await call(self, asked)
        return Answered(Approved()) if isinstance(said.outcome, Unknown) else said

    return wrong


def not_found_means_no(query: Any) -> Any:
    """What is not there yet never comes."""

    async def wrong(self: Any, asked: Any) -> Any:
        said = await query(self, asked)
        if isinstance(said.outcome, Unknown) and said.outcome.why is Why.NOT_FOUND:
            return Answered(Declined(reason=DeclineReason.OTHER, code="not found"))
        return said

    return wrong


def yes_unasked(_call: Any) -> Any:
    """It will have worked."""

    async def wrong(_self: Any, _asked: Any) -> Any:
        return Answered(Approved())

    return wrong


def not_found_unasked(_call: Any) -> Any:
    """It will not be there."""

    async def wrong(_self: Any, _asked: Any) -> Any:
        return Answered(Unknown(Why.NOT_FOUND))

    return wrong


def another_number(leg_call: Any) -> Any:
    """Each time it is sent, a refund has another number."""
    sent: dict[str, int] = {}

    def wrong(payment: Any, leg: Any) -> Any:
        call = leg_call(payment, leg)
        sent[leg.id] = times = sent.get(leg.id, 0) + 1
        if leg.kind != "refund" or times == 1:
            return call
        return replace(call, order_no=f"{int(call.order_no) + times - 1:024}")

    return wrong


def reserved_counts_nothing(_refundable: Any) -> Any:
    """What may be refunded is what was not refunded yet."""

    def wrong(payment: Any) -> Any:
        open_ = payment.money.value in ("captured", "part_refunded")
        return type(payment.amount)(payment.amount_minor - payment.refunded_minor if open_ else 0, payment.currency)

    return property(wrong)


def no_insisting(_insist: Any) -> Any:
    """Nothing is insisted on."""
    return does_nothing(None)


def does_nothing(_function: Any) -> Any:
    """Whatever it is called with, it lets it pass."""

    def wrong(*_given: Any, **_named: Any) -> None:
        return None

    return wrong


def any_version(guard_text: Any) -> Any:
    """The row is written whatever its version is."""

    def wrong(shape: Any, sets: Any, count: int) -> str:
        made = str(guard_text(shape, sets, count))
        begin, _, _ = made.rpartition(' AND row."version" = ')
        return begin

    return wrong


def all_held(_guard: Any) -> Any:
    """No version is looked at."""

    async def wrong(self: Any, shape: Any, sets: Any, rows: Any) -> Any:
        sqlite_writing = import_module("counterfoil.store.engines.sqlite_writing")

        for part in sqlite_writing._parts(rows):  # noqa: SLF001 - as above
            text = sqlite_writing._guard_text(shape, sets, len(part))  # noqa: SLF001 - as above
            self._connection.execute(text, sqlite_writing._flat(part))  # noqa: SLF001 - as above
        return [tuple(row[len(sets) : -1]) for row in rows]

    return wrong


def nothing_found(_query: Any) -> Any:
    """Nothing is ever open."""

    async def wrong(*_given: Any) -> list[Any]:
        return []

    return wrong


def paid(_pending: Any) -> Any:
    """Who is still typing has paid."""

    def wrong(_expected: Any) -> Any:
        return Approved()

    return wrong


def always(_question: Any) -> Any:
    """Yes."""

    def wrong(*_given: Any) -> bool:
        return True

    return wrong


def reversed_all_the_same(late_success: Any) -> Any:
    """Money that came late is not noticed: the reversal counts as done."""

    def wrong(payment: Any, leg: Any, turn: Any, why: str, approved: Any) -> Any:
        outcome = import_module("counterfoil.payments.outcome")

        if leg is None or leg.state.value in ("done", "failed"):
            return late_success(payment, leg, turn, why, approved)
        return outcome._reversed(payment, leg, turn, "done", None)  # noqa: SLF001 - as above

    return wrong


def row_of_another_id(row: Any) -> Any:
    """Each request gets an id of its own."""

    def wrong(means: Any, intent: Any) -> Any:
        return {**row(means, intent), "id": means.ids.uuid()}

    return wrong


def decided_before(_store_answer: Any) -> Any:
    """Who loses a race reads the row again, and writes what was decided on the old one."""

    async def wrong(means: Any, route: Any, payment: Any, decide: Any) -> Any:
        drive = import_module("counterfoil.payments.drive")
        load = import_module("counterfoil.payments.reading").load

        decision, now = decide(payment, drive.turn_of(means, route)), payment
        while decision is not None:
            # Only the payment's row is looked at anew: that is the mistake.
            with_row = structs.replace(payment, row=now.row)
            leg = None if decision.leg is None else drive.leg_of(now, decision.leg.id)
            change = drive.decided_change(means, with_row, structs.replace(decision, leg=leg))
            try:
                await means.store.commit(change)
            except Stale:
                now = await load(means.store, payment.merchant_id, payment.id)
                continue
            means.drives.changed(drive.key_of(payment))
            return await load(means.store, payment.merchant_id, payment.id)
        return payment

    return wrong


def answered_first(commit: Any) -> Any:
    """Answer at once, and write when there is time; what a payment's outcome is, not the intent."""

    async def wrong(self: Any, change: Any) -> Any:
        outcome = change.guards and not change.inserts and not change.draws
        if not outcome or change.guards[0].table.name != "payment":
            return await commit(self, change)
        task = asyncio.create_task(_later(commit, self, change))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Committed(change.change_id, tuple(range(len(change.facts))))

    return wrong


async def _later(commit: Any, committer: Any, change: Any, seconds: float = 0.5) -> None:
    await asyncio.sleep(seconds)
    try:
        await commit(committer, change)
    except (Stale, Repeated):
        return


def first_row_only(row_digests: Any) -> Any:
    """One row is enough."""

    def wrong(touched: Any) -> Any:
        return row_digests(touched)[:1]

    return wrong


def without_sums(decided_change: Any) -> Any:
    """The rows and facts, without the sums."""

    def wrong(means: Any, payment: Any, decision: Any) -> Any:
        return structs_or_dataclass(decided_change(means, payment, decision), totals=())

    return wrong


def structs_or_dataclass(record: Any, **changed: Any) -> Any:
    """The record with other fields, whichever kind it is."""
    return structs.replace(record, **changed) if hasattr(record, "__struct_fields__") else replace(record, **changed)


def still_reserved(refund_failed: Any) -> Any:
    """The reservation is not given back."""

    def wrong(payment: Any, leg: Any, turn: Any, reason: str, code: str) -> Any:
        decision = refund_failed(payment, leg, turn, reason, code)
        kept = {**decision.payment, "refund_reserved_minor": payment.refund_reserved_minor}
        return structs_or_dataclass(decision, payment=kept)

    return wrong


def never_carried_out(_asked: Any) -> Any:
    """Nobody asks."""

    async def wrong(*_given: Any) -> Any:
        return Unknown(Why.NOT_FOUND)

    return wrong


def for_any_merchant(read_notice: Any) -> Any:
    """Whose it is, it says itself."""

    def wrong(headers: Any, body: bytes, keys: Any, merchant_no: str) -> Any:
        with suppress(ValueError, KeyError, TypeError):
            merchant_no = json.loads(body)["merchant_no"]
        return read_notice(headers, body, keys, merchant_no)

    return wrong


def a_hint_is_a_yes(notice: Any) -> Any:
    """Why else would they tell us."""

    def wrong(*given: Any, **_named: Any) -> Any:
        return notice(*given, paid=True)

    return wrong


def booked_again(about_charge: Any) -> Any:
    """What was received is received once more."""

    async def wrong(means: Any, kept: Any, payment_id: str) -> Any:
        heed_notice = import_module("counterfoil.payments.heed_notice")
        states = import_module("counterfoil.payments.states")

        payment = await heed_notice.load(means.store, kept.merchant_id, payment_id)
        if payment is None or payment.money.value != "captured" or kept.said.outcome is None:
            return await about_charge(means, kept, payment_id)
        as_if_open = structs.replace(payment, money=states.MoneyState.SENT)
        await heed_notice._apply(means, as_if_open, kept.said.outcome)  # noqa: SLF001 - as above
        return await heed_notice._end(means, kept, "applied", payment.id)  # noqa: SLF001 - as above

    return wrong


def put_aside(_unknown: Any) -> Any:
    """It will be nothing."""

    async def wrong(means: Any, kept: Any) -> Any:
        heed_notice = import_module("counterfoil.payments.heed_notice")

        return await heed_notice._end(means, kept, "known", None)  # noqa: SLF001 - as above

    return wrong


def notice_answered_first(commit: Any) -> Any:
    """Answer at once, and write the notice when there is time."""

    async def wrong(self: Any, change: Any) -> Any:
        if not change.inserts or change.inserts[0].table.name != "provider_notice":
            return await commit(self, change)
        task = asyncio.create_task(_later(commit, self, change, 60.0))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Committed(change.change_id, tuple(range(len(change.facts))))

    return wrong


def a_weak_hint_is_a_yes(read_notice: Any) -> Any:
    """It says that it was paid, does it not."""

    def wrong(headers: Any, body: bytes, *more: Any) -> Any:
        hint = read_notice(headers, body, *more)
        if isinstance(hint, Notice) and (said := json.loads(body)).get("order_status") == "PAID":
            return replace(hint, amount=Money(int(said["total_amount"])), outcome=Approved())
        return hint

    return wrong


def unknown_never_left(_never_left: Any) -> Any:
    """Nothing was heard of it, so nothing happened."""

    def wrong(outcome: Any) -> bool:
        return isinstance(outcome, Unknown)

    return wrong


def not_rerouted(_reroute: Any) -> Any:
    """The record is left as it is."""

    async def wrong(_means: Any, payment: Any, _route: Any) -> Any:
        return payment

    return wrong


def open_for_ever(line: Any) -> Any:
    """No call tries whether it goes again."""

    def wrong(self: Any, now: int) -> Any:
        stands = line(self, now)
        return stands if stands is Line.CLOSED else Line.OPEN

    return wrong


def newest_key_alone(renewed: Any) -> Any:
    """The old key has served."""

    def wrong(self: Any, *given: Any) -> Any:
        return structs.replace(renewed(self, *given), previous=None)

    return wrong


def due_by_the_day(_renewal_due: Any) -> Any:
    """A key is for a day."""

    def wrong(self: Any) -> Any:
        return self._terminal.due(self._means.clock.now())

    return wrong


def without_its_charge(leg_query: Any) -> Any:
    """A refund has a number."""

    def wrong(payment: Any, leg: Any) -> Any:
        return replace(leg_query(payment, leg), origin_order_no=None, origin_amount=None)

    return wrong
