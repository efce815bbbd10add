"""Payments: take, void, refund, withdraw, resolve; and the states they move through.

The story
    ``take`` commits the intent, calls the provider with nothing locked, commits the outcome, answers. Whatever is
    lost between intent and outcome (a timeout, a crash) is Unknown, and ``resolve`` finishes it with the same code
    after a restart as after a timeout: ask the provider; if it never happened or cannot be known in time, reverse;
    then a person.

Rules
- Ids are the caller's. Same id and content: the answer of the record as it is now. Other content: refused.
- One driver a payment: whoever holds ``driver_until`` calls; the row's version is the fence.
- After the call the answer is kept and decided again until it is stored; the call is never repeated for that.
- A refund reserves on the payment's row, and goes back the way the money came. Where the account does not cover it, it
  is queued under the same number, its amount still reserved, and tried again for a week.
- A provider's notice is kept, answered, then heeded; it leads where the answer to a question leads, and moves nothing
  that its amount, currency and merchant do not fit. What fits nothing waits for a person, who books it at a shop or
  puts it aside for a reason; its raw bytes leave 90 days after its end.
- What no answer ended in three days, or what was paid after it was undone, a person ends by the line of the provider's
  statement, with another person (``resolve_manually``); until then it is in no sum, and afterwards in each once.
- Every move stands in ``states``; what is not listed is refused.
- ``…_change`` is the Change an act commits, out of what it would have read: for a past that is written at once.
"""

from counterfoil.payments.as_committed import as_committed
from counterfoil.payments.ask_now import ask_now
from counterfoil.payments.ask_of_notice import ask_of_notice
from counterfoil.payments.book_notice import book_notice, check_booking
from counterfoil.payments.cancel_refund import cancel_refund, cancel_sha256
from counterfoil.payments.clear_notices import CLEARED_AFTER_DAYS, clear_notices
from counterfoil.payments.close_notice import CLOSE_REASONS, check_closing, close_notice
from counterfoil.payments.day_totals_fold import DayTotalsFold
from counterfoil.payments.doubts import SAME_SECONDS, Doubts, doubts_of
from counterfoil.payments.drive import answer_change, send_change, turn_of
from counterfoil.payments.facts import KINDS
from counterfoil.payments.faults import (
    AMOUNT_OUT_OF_RANGE,
    BEING_DRIVEN,
    CUSTOMER_CONFIRMING,
    FAULTS,
    ID_REUSED,
    METHOD_NOT_OFFERED,
    MOVE_NOT_LEGAL,
    NOT_A_PAYMENT_CODE,
    NOTICE_DECIDED,
    NOTICE_MONEY_KNOWN,
    NOTICE_NO_PAYMENT,
    NOTICE_NOT_PRINTED,
    NOTICE_REASON,
    NOTICE_SHOP,
    NOTICE_UNKNOWN,
    OUTCOME_UNKNOWN,
    PAYMENT_NOT_FOUND,
    REFUND_NOT_QUEUED,
    REFUND_TOO_LARGE,
)
from counterfoil.payments.heed_notice import heed_notices
from counterfoil.payments.holdings import HOLDINGS
from counterfoil.payments.keep_notice import keep_notice
from counterfoil.payments.means import Drives, Means, Watch
from counterfoil.payments.notice import (
    KeptNotice,
    NoticeState,
    count_for_a_person,
    kept_notice,
    notice_for,
    notices_for_a_person,
)
from counterfoil.payments.outcome import FUNDS_NOT_IN_TIME
from counterfoil.payments.payment import (
    AT_CARD_TERMINAL,
    REASONS,
    SHOWN_CODE,
    Payment,
    PaymentLeg,
    RefundAsk,
    TakeAsk,
    VoidAsk,
    WithdrawAsk,
)
from counterfoil.payments.place import (
    Place,
    Route,
    code_wallets,
    place_of,
    place_was,
    route_for,
    route_of,
    routes_for,
    takes_cards,
)
from counterfoil.payments.printed import looks_like_ours, printed_code_paid, trade_known
from counterfoil.payments.queue import hasten_queued, still_needed
from counterfoil.payments.reading import due, left_open, load, payments_query, waiting, with_legs
from counterfoil.payments.reason import check_reason
from counterfoil.payments.refund import refund, refund_change
from counterfoil.payments.refund_fee import fee_is_told, refund_fee
from counterfoil.payments.request import asked_sha256
from counterfoil.payments.resolution import (
    LINE_MAX,
    NUMBER_MAX,
    Finding,
    Resolution,
    ResolveAsk,
    Statement,
    numbers_of,
    resolution_resealing,
    resolutions_of,
    statement_of,
)
from counterfoil.payments.resolution_faults import STATEMENT_AMOUNT, STATEMENT_INCOMPLETE
from counterfoil.payments.resolve import resolve, resolve_due, resolve_left_open
from counterfoil.payments.resolve_manually import check_resolving, resolve_manually
from counterfoil.payments.resolved import LEG_UNKNOWN_SECONDS, findings_for, leg_is_lost
from counterfoil.payments.reverse import reversal_change
from counterfoil.payments.rounding import rounded_down
from counterfoil.payments.search_keys import FACETS, amount_band, facet_filter, search_keys
from counterfoil.payments.settle import WAIT_SECONDS_MAX, news_of, payment_for
from counterfoil.payments.sight import in_sight
from counterfoil.payments.states import Dispute, LegState, Machine, MoneyState, Settlement, Visibility
from counterfoil.payments.static_code import StaticCodePaid, paid_time, static_code_change
from counterfoil.payments.tables import payment_resolution
from counterfoil.payments.take import AMOUNT_MINOR_MAX, take, take_change
from counterfoil.payments.told import no_code_to_show, told_of, told_of_leg
from counterfoil.payments.touch import touch_part
from counterfoil.payments.usual import refresh_usual
from counterfoil.payments.void import void, void_change
from counterfoil.payments.way_back import WayBack, WhyThisWay, way_back
from counterfoil.payments.withdraw import withdraw, withdraw_change
from counterfoil.payments.words import state_words

__all__ = [
    "AMOUNT_MINOR_MAX",
    "AMOUNT_OUT_OF_RANGE",
    "AT_CARD_TERMINAL",
    "BEING_DRIVEN",
    "CLEARED_AFTER_DAYS",
    "CLOSE_REASONS",
    "CUSTOMER_CONFIRMING",
    "FACETS",
    "FAULTS",
    "FUNDS_NOT_IN_TIME",
    "HOLDINGS",
    "ID_REUSED",
    "KINDS",
    "LEG_UNKNOWN_SECONDS",
    "LINE_MAX",
    "METHOD_NOT_OFFERED",
    "MOVE_NOT_LEGAL",
    "NOTICE_DECIDED",
    "NOTICE_MONEY_KNOWN",
    "NOTICE_NOT_PRINTED",
    "NOTICE_NO_PAYMENT",
    "NOTICE_REASON",
    "NOTICE_SHOP",
    "NOTICE_UNKNOWN",
    "NOT_A_PAYMENT_CODE",
    "NUMBER_MAX",
    "OUTCOME_UNKNOWN",
    "PAYMENT_NOT_FOUND",
    "REASONS",
    "REFUND_NOT_QUEUED",
    "REFUND_TOO_LARGE",
    "SAME_SECONDS",
    "SHOWN_CODE",
    "STATEMENT_AMOUNT",
    "STATEMENT_INCOMPLETE",
    "WAIT_SECONDS_MAX",
    "DayTotalsFold",
    "Dispute",
    "Doubts",
    "Drives",
    "Finding",
    "KeptNotice",
    "LegState",
    "Machine",
    "Means",
    "MoneyState",
    "NoticeState",
    "Payment",
    "PaymentLeg",
    "Place",
    "RefundAsk",
    "Resolution",
    "ResolveAsk",
    "Route",
    "Settlement",
    "Statement",
    "StaticCodePaid",
    "TakeAsk",
    "Visibility",
    "VoidAsk",
    "Watch",
    "WayBack",
    "WhyThisWay",
    "WithdrawAsk",
    "amount_band",
    "answer_change",
    "as_committed",
    "ask_now",
    "ask_of_notice",
    "asked_sha256",
    "book_notice",
    "cancel_refund",
    "cancel_sha256",
    "check_booking",
    "check_closing",
    "check_reason",
    "check_resolving",
    "clear_notices",
    "close_notice",
    "code_wallets",
    "count_for_a_person",
    "doubts_of",
    "due",
    "facet_filter",
    "fee_is_told",
    "findings_for",
    "hasten_queued",
    "heed_notices",
    "in_sight",
    "keep_notice",
    "kept_notice",
    "left_open",
    "leg_is_lost",
    "load",
    "looks_like_ours",
    "news_of",
    "no_code_to_show",
    "notice_for",
    "notices_for_a_person",
    "numbers_of",
    "paid_time",
    "payment_for",
    "payment_resolution",
    "payments_query",
    "place_of",
    "place_was",
    "printed_code_paid",
    "refresh_usual",
    "refund",
    "refund_change",
    "refund_fee",
    "resolution_resealing",
    "resolutions_of",
    "resolve",
    "resolve_due",
    "resolve_left_open",
    "resolve_manually",
    "reversal_change",
    "rounded_down",
    "route_for",
    "route_of",
    "routes_for",
    "search_keys",
    "send_change",
    "state_words",
    "statement_of",
    "static_code_change",
    "still_needed",
    "take",
    "take_change",
    "takes_cards",
    "told_of",
    "told_of_leg",
    "touch_part",
    "trade_known",
    "turn_of",
    "void",
    "void_change",
    "waiting",
    "way_back",
    "with_legs",
    "withdraw",
    "withdraw_change",
]
