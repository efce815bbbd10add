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
- A connector is given keys as PEM text, wherever they are kept. A live account reaches no loopback address.
"""

from counterfoil.providers.accounts import Accounts, Heard
from counterfoil.providers.auth_code import wallet_of
from counterfoil.providers.channel_faults import (
    ACTIVATION_NOT_SENT,
    ACTIVATION_REFUSED,
    ACTIVATION_UNKNOWN,
    ROUTE_WRONG,
)
from counterfoil.providers.check import Checked, Looked, Part, check
from counterfoil.providers.connector import Activates, Answered, Charge, Connector, Leg, Means, Post, Query, Renewing
from counterfoil.providers.facts import KINDS
from counterfoil.providers.faults import (
    ACCOUNT_MOVED,
    ACCOUNT_UNKNOWN,
    FAULTS,
    NO_INTERNET,
    NOT_READ,
    fault_of,
    field_wrong,
    notice_fault,
    settings_wrong,
)
from counterfoil.providers.manifest import PEM, Ability, Limits, Manifest, Schedule, Setting, Texts
from counterfoil.providers.notice import Notice, NoticeReply, NotOurs, NotOursWhy, ReadsNotices, notice_path
from counterfoil.providers.open_account import OpenAccount, open_account
from counterfoil.providers.outage import Outage
from counterfoil.providers.outcome import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why
from counterfoil.providers.probe import Probe, Reach, probe
from counterfoil.providers.pulse import Beat, End, Health, Line, Pulse, Pulses, health_of
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
from counterfoil.providers.route import Because, Routed, Skip, accounts_in, order_of, routing
from counterfoil.providers.sandbox import PACE, Booked, ByAmount, Pace, Sandbox, SandboxFolder, Trick, sandbox_of
from counterfoil.providers.scan import scan
from counterfoil.providers.sealed_settings import Shown, pasted, resealing, sealing, shown
from counterfoil.providers.serving import Cut, serving
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.switch_account import switching
from counterfoil.providers.tables import provider_account, provider_route
from counterfoil.providers.transport import Answer, NoAnswer, NotSent, Transport, is_loopback

__all__ = [
    "ACCOUNT_MOVED",
    "ACCOUNT_UNKNOWN",
    "ACTIVATION_NOT_SENT",
    "ACTIVATION_REFUSED",
    "ACTIVATION_UNKNOWN",
    "FAULTS",
    "KINDS",
    "NOT_READ",
    "NO_INTERNET",
    "PACE",
    "PEM",
    "ROUTE_WRONG",
    "Ability",
    "Accounts",
    "Activates",
    "Answer",
    "Answered",
    "Approved",
    "Beat",
    "Because",
    "Booked",
    "ByAmount",
    "Charge",
    "Checked",
    "Connector",
    "Cut",
    "DeclineReason",
    "Declined",
    "End",
    "Exchange",
    "Health",
    "Heard",
    "Leg",
    "Limits",
    "Line",
    "Looked",
    "Manifest",
    "Means",
    "NoAnswer",
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
    "Sandbox",
    "SandboxFolder",
    "Schedule",
    "Setting",
    "Shown",
    "Skip",
    "Spool",
    "Texts",
    "Transport",
    "Trick",
    "Unknown",
    "Why",
    "account_by_id",
    "account_by_name",
    "accounts",
    "accounts_in",
    "accounts_of_provider",
    "active_accounts",
    "check",
    "fault_of",
    "field_wrong",
    "health_of",
    "is_loopback",
    "notice_fault",
    "notice_path",
    "open_account",
    "order_of",
    "pasted",
    "probe",
    "provider_account",
    "provider_route",
    "read_settings",
    "renewed",
    "resealing",
    "routes",
    "routing",
    "sandbox_of",
    "scan",
    "sealing",
    "serving",
    "settings_wrong",
    "shown",
    "switching",
    "wallet_of",
]
