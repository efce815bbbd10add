"""Second factors (第二重验证), and step-up bound to one act: who it is, proven at the moment it matters.

The story
    Somebody whose role can do what matters most sets up a passkey (``offer_passkey``, ``add_passkey``) or a code app
    (``offer_code_app``, ``add_code_app``) before anything else, and is shown ten recovery codes once. Then a sign-in
    has two steps (``second_step``), or one with a passkey alone (``sign_in_with_passkey``). Before a dangerous act the
    door makes a ``Deed``, shows exactly what it says, asks (``ask``) and believes the answer (``confirm``): the actor
    that comes out may carry out that deed, once. ``export_approval`` writes the evidence of it into a file that
    ``tools/verify_approval.py`` checks without us.

The face of a step-up
    ``question = await ask(means, site, session, actor, deed=deed, form=form)`` puts it: whoever is to confirm, the
    requester or a second person in a session of their own, is asked for the same ``Deed``, whose ``by`` stays the
    requester. ``confirmed = await confirm(means, site, session, actor, question_id=…, deed=…, given=…)`` answers with
    ``confirmed.actor``, ``confirmed.token`` (the session goes on under it) and ``confirmed.approval_id``.

Rules
- The challenge a passkey signs is SHA-256(nonce ‖ canonical bytes of the deed); where a code and the password stand in
  its place, the row of the question binds them to it. A question counts once, for 120 seconds, in its own session.
- What happens is what was shown: a deed that changed meanwhile is refused.
- A passkey answers for our own site only and only after its device verified the person; one whose count goes back is
  locked. A code counts once: the last step that was taken is stored, one step either side of now is accepted.
- Five wrong codes or passwords pause codes for half an hour; passkeys go on.
- The last factor of somebody who must have one stays. Who lost all of them begins anew with a code that an
  administrator hands over, or that is made on the machine itself; either is a fact.
- Secrets are sealed; recovery and reset codes are kept as SHA-256 of 136 random bits; nothing of it is in a fact.
- A session has another token after each of these steps.
"""

from counterfoil.factors.add_code_app import CodeOffer, add_code_app, offer_code_app, same_offer
from counterfoil.factors.add_passkey import Offer, add_passkey, offer_passkey
from counterfoil.factors.asked_for import ask_first, ask_second, options_of
from counterfoil.factors.code import code_at, step_at
from counterfoil.factors.code_now import code_now
from counterfoil.factors.confirm import Confirmed, Pending, Question, ask, challenge_of, confirm, pending
from counterfoil.factors.drop_over import drop_over
from counterfoil.factors.enrolling import Enrolled
from counterfoil.factors.export_approval import export_approval
from counterfoil.factors.facts import KINDS
from counterfoil.factors.faults import (
    APPROVAL_UNKNOWN,
    CONFIRMATION_OVER,
    DEED_CHANGED,
    FAULTS,
    SECOND_FACTOR_NEEDED,
    SECOND_FACTOR_TO_SET_UP,
)
from counterfoil.factors.holdings import HOLDINGS
from counterfoil.factors.means import Means
from counterfoil.factors.reading import Approval, Factors, Passkey, approval, approvals, factors_of
from counterfoil.factors.recovery import make_recovery_codes
from counterfoil.factors.remove_factor import CODE_APP, remove_factor
from counterfoil.factors.reseal import resealing
from counterfoil.factors.reset import begin_reset, begin_reset_at_machine, use_reset
from counterfoil.factors.second_step import (
    RESET,
    Coming,
    demand_second_factor,
    is_proven,
    second_step,
    sign_in_with_passkey,
)
from counterfoil.factors.show import CodeShown, PasskeyShown, RecoveryShown, Shown
from counterfoil.factors.site import Site, site_of
from counterfoil.factors.tables import code_app

__all__ = [
    "APPROVAL_UNKNOWN",
    "CODE_APP",
    "CONFIRMATION_OVER",
    "DEED_CHANGED",
    "FAULTS",
    "HOLDINGS",
    "KINDS",
    "RESET",
    "SECOND_FACTOR_NEEDED",
    "SECOND_FACTOR_TO_SET_UP",
    "Approval",
    "CodeOffer",
    "CodeShown",
    "Coming",
    "Confirmed",
    "Enrolled",
    "Factors",
    "Means",
    "Offer",
    "Passkey",
    "PasskeyShown",
    "Pending",
    "Question",
    "RecoveryShown",
    "Shown",
    "Site",
    "add_code_app",
    "add_passkey",
    "approval",
    "approvals",
    "ask",
    "ask_first",
    "ask_second",
    "begin_reset",
    "begin_reset_at_machine",
    "challenge_of",
    "code_app",
    "code_at",
    "code_now",
    "confirm",
    "demand_second_factor",
    "drop_over",
    "export_approval",
    "factors_of",
    "is_proven",
    "make_recovery_codes",
    "offer_code_app",
    "offer_passkey",
    "options_of",
    "pending",
    "remove_factor",
    "resealing",
    "same_offer",
    "second_step",
    "sign_in_with_passkey",
    "site_of",
    "step_at",
    "use_reset",
]
