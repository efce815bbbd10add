"""The switches: each bug's name, what it breaks, and what it puts in the place of what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import Any, Final, TypeAlias

from counterfoil.testing.planted import wrong

Make: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Bug:
    """``says``: the mistake in a sentence. ``places``: where it is made, as module:name, each with what makes it."""

    name: str
    says: str
    places: tuple[tuple[str, Make], ...]


_PAY: Final = "counterfoil.payments"
_LAKALA: Final = "counterfoil.providers.lakala"
_SHOUQIANBA: Final = "counterfoil.providers.shouqianba"

BUGS: Final = {
    bug.name: bug
    for bug in (
        Bug(
            "no_intent",
            "the provider is called before the intent is durable",
            ((f"{_PAY}.take:commit_intent", wrong.charge_first), (f"{_PAY}.take:_change", wrong.seen_change)),
        ),
        Bug(
            "timeout_is_no",
            "no answer to a charge is taken for a refusal",
            ((f"{_LAKALA}.connector:Lakala.charge", wrong.no_answer_means_no),),
        ),
        Bug(
            "timeout_is_yes",
            "no answer to a charge is taken for an approval",
            ((f"{_LAKALA}.connector:Lakala.charge", wrong.no_answer_means_yes),),
        ),
        Bug(
            "refund_timeout_is_no",
            "no answer to a refund is taken for a failure",
            ((f"{_LAKALA}.connector:Lakala.refund", wrong.no_answer_means_no),),
        ),
        Bug(
            "new_number_on_retry",
            "a refund that is sent again gets a number of its own",
            ((f"{_PAY}.drive:_leg_call", wrong.another_number),),
        ),
        Bug(
            "reservation_forgotten",
            "a refund is checked against what was refunded, not against what is under way",
            (
                (f"{_PAY}.payment:Payment.refundable", wrong.reserved_counts_nothing),
                (f"{_PAY}.refund:insist", wrong.no_insisting),
            ),
        ),
        Bug(
            "guard_forgotten",
            "a row is written whatever version it has by now",
            (
                ("counterfoil.store.engines.sqlite_writing:_guard_text", wrong.any_version),
                ("counterfoil.store.engines.sqlite_writing:SqliteTransaction.guard", wrong.all_held),
            ),
        ),
        Bug(
            "left_open_forgotten",
            "after a start nobody looks at what was open, nor later",
            ((f"{_PAY}.resolve:left_open", wrong.nothing_found), (f"{_PAY}.resolve:due", wrong.nothing_found)),
        ),
        Bug(
            "signature_not_checked",
            "an answer counts whatever its signature says",
            ((f"{_LAKALA}.gateway:verify_answer", wrong.does_nothing),),
        ),
        Bug(
            "pending_is_paid",
            "a customer who is still typing the password has paid",
            ((f"{_LAKALA}.answers:_pending", wrong.paid),),
        ),
        Bug(
            "not_found_is_no",
            "an order the provider does not know yet is taken for one it never will",
            ((f"{_LAKALA}.connector:Lakala.query", wrong.not_found_means_no),),
        ),
        Bug(
            "reversal_not_sent",
            "a reversal is recorded as done without asking the provider",
            ((f"{_LAKALA}.connector:Lakala.reverse", wrong.yes_unasked),),
        ),
        Bug(
            "reversed_unasked",
            "what the provider does not know is reversed at once, and never by the provider",
            (
                (f"{_PAY}.outcome:_never_seen", wrong.always),
                (f"{_LAKALA}.connector:Lakala.reverse", wrong.not_found_unasked),
            ),
        ),
        Bug(
            "late_success_ignored",
            "money that came after a refusal to reverse is not noticed",
            ((f"{_PAY}.outcome:_late_success", wrong.reversed_all_the_same),),
        ),
        Bug(
            "idempotency_by_chance",
            "the same request again is a new payment",
            ((f"{_PAY}.take:_row", wrong.row_of_another_id),),
        ),
        Bug(
            "stale_decision",
            "what was decided before a lost race is written after it all the same",
            ((f"{_PAY}.drive:store_answer", wrong.decided_before),),
        ),
        Bug(
            "answered_before_durable",
            "who waits is answered before the commit is durable",
            (("counterfoil.store.committer:Committer.commit", wrong.answered_first),),
        ),
        Bug(
            "digest_left_out",
            "a fact carries the digest of the first row it speaks of, and of no other",
            (("counterfoil.evidence.leaf:row_digests", wrong.first_row_only),),
        ),
        Bug(
            "sum_left_out",
            "what is refunded is not taken off the day",
            ((f"{_PAY}.drive:decided_change", wrong.without_sums),),
        ),
        Bug(
            "refund_not_released",
            "a refund that failed stays reserved",
            ((f"{_PAY}.outcome:_refund_failed", wrong.still_reserved),),
        ),
        Bug(
            "given_up_unasked",
            "a queued refund is given up without asking whether it was carried out",
            ((f"{_PAY}.cancel_refund:_asked", wrong.never_carried_out),),
        ),
        Bug(
            "notice_amount_ignored",
            "a notice is believed whatever amount it names",
            ((f"{_PAY}.heed_notice:fits", wrong.always),),
        ),
        Bug(
            "notice_of_another_merchant",
            "a notice is believed whichever merchant it is for",
            ((f"{_LAKALA}.connector:read_notice", wrong.for_any_merchant),),
        ),
        Bug(
            "notice_signature_not_checked",
            "a notice is believed whoever signed it",
            ((f"{_LAKALA}.notice:verify_notice", wrong.does_nothing),),
        ),
        Bug(
            "notice_hint_is_yes",
            "a notice that something happened is taken for one that it was paid",
            ((f"{_LAKALA}.notice:_notice", wrong.a_hint_is_a_yes),),
        ),
        Bug(
            "notice_heeded_twice",
            "a notice of what is booked already books it again",
            ((f"{_PAY}.heed_notice:_about_charge", wrong.booked_again),),
        ),
        Bug(
            "notice_of_unknown_dropped",
            "a notice of an order nobody here knows is put aside when its day is over",
            ((f"{_PAY}.heed_notice:_unknown", wrong.put_aside),),
        ),
        Bug(
            "notice_answered_unkept",
            "a notice is answered as kept before it is",
            (("counterfoil.store.committer:Committer.commit", wrong.notice_answered_first),),
        ),
        Bug(
            "weak_hint_is_yes",
            "a notice that is signed weakly is believed without a question",
            ((f"{_SHOUQIANBA}.connector:read_notice", wrong.a_weak_hint_is_a_yes),),
        ),
        Bug(
            "rerouted_after_a_call",
            "a charge that may have been carried out is sent to the second choice as well",
            ((f"{_PAY}.drive:never_left", wrong.unknown_never_left),),
        ),
        Bug(
            "reroute_unwritten",
            "the second choice is called before it stands in the record",
            ((f"{_PAY}.drive:reroute", wrong.not_rerouted),),
        ),
        Bug(
            "breaker_never_closes",
            "an account that could not be reached once is passed by for ever",
            (("counterfoil.providers.pulse:Pulse.line", wrong.open_for_ever),),
        ),
        Bug(
            "key_dropped_at_once",
            "the key of the day takes the place of the one before it the moment it is handed out",
            ((f"{_SHOUQIANBA}.terminal:Terminal.renewed", wrong.newest_key_alone),),
        ),
        Bug(
            "refused_key_kept",
            "a key of the day that is refused is kept until the day is over",
            ((f"{_SHOUQIANBA}.connector:Shouqianba.renewal_due", wrong.due_by_the_day),),
        ),
        Bug(
            "asked_without_its_charge",
            "a refund that is given up is asked about by its own number alone",
            ((f"{_PAY}.cancel_refund:leg_query", wrong.without_its_charge),),
        ),
    )
}


@contextmanager
def planted(*names: str) -> Iterator[None]:
    """The program is wrong in these ways while the block runs. Raises KeyError for a name that is none."""
    with ExitStack() as growing:
        for place, make in [each for name in names for each in BUGS[name].places]:
            module_name, _, path = place.partition(":")
            owner: Any = import_module(module_name)
            *inner, attribute = path.split(".")
            owner = attrgetter(".".join(inner))(owner) if inner else owner
            there = owner.__dict__[attribute]
            growing.callback(setattr, owner, attribute, there)
            setattr(owner, attribute, make(there))
        yield
