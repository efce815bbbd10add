"""The second person (第二个人批准): an act that needs somebody else becomes a request, and another person decides it.

The story
    Where the merchant's table (``people.rule_for``) says that an act needs somebody else, the door keeps what was asked
    for as a request (``ask_somebody``): the ``Deed`` by its digest, the form sealed, who asked, until when. Whoever may
    approve sees it in their ``inbox`` and confirms the same deed with a second factor; ``approve_request``
    then lets it through. Whoever's press it was that made it whole carries it out as ``acting`` says: as the person
    who asked, with the approver's id. What may give a code with which somebody gets in waits for whoever asked.
    ``carried_out`` or ``failed`` end it. ``withdraw``, ``decline`` and the clock end it before that.

Rules
- Requester and approver are different persons, whatever number, login or device they come with. Two approvers are two.
- What is approved is what was asked for: a deed that reads otherwise by then is refused and nothing is written.
- A request of the office lasts 24 hours, one of a till ten minutes; over is over, also before its fact is there.
- Who made the payment may approve, and the fact says so: shops of two persons could not work otherwise.
- Where fewer others are there than the rule asks for, it takes 24 hours: then the one other approves where it asks for
  two; where nobody else may at all, whoever asked does, with another device than they asked with.
- Nobody makes themselves alone: whoever could approve counts for seven days after they were taken out, whoever did it.
- A rule that was raised after the request was asked for holds at the approval too: the stricter of both.
- Each move is a row written under its version: of two at once one wins, and the other is told what became of it.
- A code is shown to whoever asked and to nobody who approved. Left undone for a day after its end, it is over, too.
- What was asked for stays sealed, and goes when the request ends. It is shown to whom it concerns (``may_see``).
"""

from counterfoil.second_person.acting import acting
from counterfoil.second_person.approve_request import approve_request, demand_approvable
from counterfoil.second_person.ask_somebody import Asking, ask_somebody
from counterfoil.second_person.carry_out import carried_out, failed
from counterfoil.second_person.decline import REASON_MAX, decline, withdraw
from counterfoil.second_person.expire import expire
from counterfoil.second_person.facts import KINDS
from counterfoil.second_person.faults import (
    FAULTS,
    GONE_LATELY,
    NOBODY_TO_ASK,
    NOT_CARRIED_OUT,
    NOT_WITHDRAWABLE,
    OTHER_DEVICE,
    REQUEST_CHANGED,
    REQUEST_MOVED,
    REQUEST_OVER,
    REQUEST_UNKNOWN,
    RULE_STRICTER,
    TOO_EARLY,
    WHY_NOT,
)
from counterfoil.second_person.holdings import HOLDINGS
from counterfoil.second_person.may import demand_may_see, eligible, may_see
from counterfoil.second_person.reading import (
    Inbox,
    RequestPage,
    find_requests,
    inbox,
    opened,
    request_by_id,
    waiting_at,
)
from counterfoil.second_person.request import (
    COOLING_MICROS,
    GONE_MICROS,
    OFFICE_LIFE_MICROS,
    TILL_LIFE_MICROS,
    Kept,
    Request,
)
from counterfoil.second_person.reseal import resealing
from counterfoil.second_person.states import OPEN, REQUEST, RequestEvent, RequestState
from counterfoil.second_person.tables import second_request

__all__ = [
    "COOLING_MICROS",
    "FAULTS",
    "GONE_LATELY",
    "GONE_MICROS",
    "HOLDINGS",
    "KINDS",
    "NOBODY_TO_ASK",
    "NOT_CARRIED_OUT",
    "NOT_WITHDRAWABLE",
    "OFFICE_LIFE_MICROS",
    "OPEN",
    "OTHER_DEVICE",
    "REASON_MAX",
    "REQUEST",
    "REQUEST_CHANGED",
    "REQUEST_MOVED",
    "REQUEST_OVER",
    "REQUEST_UNKNOWN",
    "RULE_STRICTER",
    "TILL_LIFE_MICROS",
    "TOO_EARLY",
    "WHY_NOT",
    "Asking",
    "Inbox",
    "Kept",
    "Request",
    "RequestEvent",
    "RequestPage",
    "RequestState",
    "acting",
    "approve_request",
    "ask_somebody",
    "carried_out",
    "decline",
    "demand_approvable",
    "demand_may_see",
    "eligible",
    "expire",
    "failed",
    "find_requests",
    "inbox",
    "may_see",
    "opened",
    "request_by_id",
    "resealing",
    "second_request",
    "waiting_at",
    "withdraw",
]
