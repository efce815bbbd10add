"""Payment providers (支付服务商): the seam, the way out, and one folder each.

The story
    ``payments`` asks ``Accounts`` for the connector of an account and calls it with nothing locked. The connector
    speaks its provider's words over ``Transport``, the only way out of the house, and answers with one of four
    outcomes: Approved, Declined, Pending, Unknown. What was said goes masked to the ``Spool``.

Rules
- Unknown is the default of every mapping. Only an explicit yes or no, verified on the raw bytes and about our own
  number, merchant and amount, is anything else.
- A connector keeps no state and never raises for what the network or the provider does.
- A folder is imported only when an account uses it; what it can do is read from its ``manifest.toml``.
- Its ``connector.py`` offers ``connector(means: Means) -> Connector`` and imports this face and basis only.
- A connector is given keys as PEM text, wherever they are kept.
- Public addresses alone are called, whatever a name resolves to; this machine only for a sandbox, where the server's
  settings allow it.
"""

from counterfoil.providers import sandbox_page
from counterfoil.providers.accounts import Accounts, Heard
from counterfoil.providers.activating import NO_ANSWER, NOT_SENT, REFUSED, activation_begun, activation_ended
from counterfoil.providers.address import is_loopback, is_public
from counterfoil.providers.auth_code import wallet_of
from counterfoil.providers.channel_faults import (
    ACTIVATION_LOST,
    ACTIVATION_NOT_SENT,
    ACTIVATION_REFUSED,
    ACTIVATION_UNKNOWN,
    ROUTE_WRONG,
)
from counterfoil.providers.check import Checked, Looked, Part, check
from counterfoil.providers.connector import (
    Activates,
    Answered,
    Charge,
    Checks,
    Connector,
    Leg,
    Means,
    Post,
    Query,
    Renewing,
    TellsRefundFee,
    TellsWhatItKnows,
)
from counterfoil.providers.distrust import Doubt
from counterfoil.providers.facts import KINDS
from counterfoil.providers.faults import (
    ACCOUNT_MOVED,
    ACCOUNT_NAME_TAKEN,
    ACCOUNT_UNKNOWN,
    FAULTS,
    NO_INTERNET,
    NOT_READ,
    fault_of,
    field_wrong,
    notice_fault,
    settings_wrong,
)
from counterfoil.providers.held_faults import ACCOUNT_NAME_WRONG
from counterfoil.providers.keep_pulses import drop_old_pulses, keep_pulses, tallies_of
from counterfoil.providers.known_of import known_of
from counterfoil.providers.manifest import (
    AT_TERMINAL,
    PEM,
    Ability,
    Limits,
    Manifest,
    Meaning,
    Named,
    Schedule,
    Setting,
    Texts,
)
from counterfoil.providers.notice import Notice, NoticeReply, NotOurs, NotOursWhy, ReadsNotices, notice_path
from counterfoil.providers.open_account import ENVIRONMENTS, OpenAccount, open_account
from counterfoil.providers.open_sealed import NAME_MAX, Given, hold_same, merchant_no_of, opening_sealed
from counterfoil.providers.outage import Outage
from counterfoil.providers.outcome import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why, followed
from counterfoil.providers.probe import Probe, Reach, probe
from counterfoil.providers.pulse import SLOT, Beat, End, Health, Line, Pulse, Pulses, Tally, health_of
from counterfoil.providers.read_out import SaidField, answered_to, read_out
from counterfoil.providers.read_settings import read_settings
from counterfoil.providers.reading import (
    account_by_id,
    account_by_name,
    accounts,
    accounts_of_provider,
    active_accounts,
    routes,
)
from counterfoil.providers.renew import renewed
from counterfoil.providers.route import MERCHANT_WIDE, Because, Routed, Skip, accounts_in, order_of, routing
from counterfoil.providers.sandbox import PACE, Booked, ByAmount, Pace, Sandbox, SandboxFolder, Trick, sandbox_of
from counterfoil.providers.scan import scan
from counterfoil.providers.sealed_settings import By, Shown, pasted, resealing, sealing, shown
from counterfoil.providers.serving import Cut, serving, tls_front
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.switch_account import switching
from counterfoil.providers.tables import account_pulse, provider_account, provider_route
from counterfoil.providers.transport import Answer, NoAnswer, NotCertified, NotSent, Transport

__all__ = [
    "ACCOUNT_MOVED",
    "ACCOUNT_NAME_TAKEN",
    "ACCOUNT_NAME_WRONG",
    "ACCOUNT_UNKNOWN",
    "ACTIVATION_LOST",
    "ACTIVATION_NOT_SENT",
    "ACTIVATION_REFUSED",
    "ACTIVATION_UNKNOWN",
    "AT_TERMINAL",
    "ENVIRONMENTS",
    "FAULTS",
    "KINDS",
    "MERCHANT_WIDE",
    "NAME_MAX",
    "NOT_READ",
    "NOT_SENT",
    "NO_ANSWER",
    "NO_INTERNET",
    "PACE",
    "PEM",
    "REFUSED",
    "ROUTE_WRONG",
    "SLOT",
    "Ability",
    "Accounts",
    "Activates",
    "Answer",
    "Answered",
    "Approved",
    "Beat",
    "Because",
    "Booked",
    "By",
    "ByAmount",
    "Charge",
    "Checked",
    "Checks",
    "Connector",
    "Cut",
    "DeclineReason",
    "Declined",
    "Doubt",
    "End",
    "Exchange",
    "Given",
    "Health",
    "Heard",
    "Leg",
    "Limits",
    "Line",
    "Looked",
    "Manifest",
    "Meaning",
    "Means",
    "Named",
    "NoAnswer",
    "NotCertified",
    "NotOurs",
    "NotOursWhy",
    "NotSent",
    "Notice",
    "NoticeReply",
    "OpenAccount",
    "Outage",
    "Outcome",
    "Pace",
    "Part",
    "Pending",
    "Post",
    "Probe",
    "Pulse",
    "Pulses",
    "Query",
    "Reach",
    "ReadsNotices",
    "Renewing",
    "Routed",
    "SaidField",
    "Sandbox",
    "SandboxFolder",
    "Schedule",
    "Setting",
    "Shown",
    "Skip",
    "Spool",
    "Tally",
    "TellsRefundFee",
    "TellsWhatItKnows",
    "Texts",
    "Transport",
    "Trick",
    "Unknown",
    "Why",
    "account_by_id",
    "account_by_name",
    "account_pulse",
    "accounts",
    "accounts_in",
    "accounts_of_provider",
    "activation_begun",
    "activation_ended",
    "active_accounts",
    "answered_to",
    "check",
    "drop_old_pulses",
    "fault_of",
    "field_wrong",
    "followed",
    "health_of",
    "hold_same",
    "is_loopback",
    "is_public",
    "keep_pulses",
    "known_of",
    "merchant_no_of",
    "notice_fault",
    "notice_path",
    "open_account",
    "opening_sealed",
    "order_of",
    "pasted",
    "probe",
    "provider_account",
    "provider_route",
    "read_out",
    "read_settings",
    "renewed",
    "resealing",
    "routes",
    "routing",
    "sandbox_of",
    "sandbox_page",
    "scan",
    "sealing",
    "serving",
    "settings_wrong",
    "shown",
    "switching",
    "tallies_of",
    "tls_front",
    "wallet_of",
]
