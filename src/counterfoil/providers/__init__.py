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

from counterfoil.providers.accounts import Accounts
from counterfoil.providers.auth_code import wallet_of
from counterfoil.providers.connector import Answered, Charge, Connector, Leg, Means, Post, Query
from counterfoil.providers.facts import KINDS
from counterfoil.providers.faults import ACCOUNT_MOVED, ACCOUNT_UNKNOWN, FAULTS, NO_INTERNET, fault_of, settings_wrong
from counterfoil.providers.manifest import Ability, Limits, Manifest, Schedule, Setting
from counterfoil.providers.open_account import OpenAccount, open_account
from counterfoil.providers.outage import Outage
from counterfoil.providers.outcome import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why
from counterfoil.providers.probe import Probe, Reach, probe
from counterfoil.providers.read_settings import read_settings
from counterfoil.providers.reading import account_by_id, accounts, accounts_of_provider, active_accounts
from counterfoil.providers.scan import scan
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.switch_account import switching
from counterfoil.providers.tables import provider_account
from counterfoil.providers.transport import Answer, NoAnswer, NotSent, Transport, is_loopback

__all__ = [
    "ACCOUNT_MOVED",
    "ACCOUNT_UNKNOWN",
    "FAULTS",
    "KINDS",
    "NO_INTERNET",
    "Ability",
    "Accounts",
    "Answer",
    "Answered",
    "Approved",
    "Charge",
    "Connector",
    "DeclineReason",
    "Declined",
    "Exchange",
    "Leg",
    "Limits",
    "Manifest",
    "Means",
    "NoAnswer",
    "NotSent",
    "OpenAccount",
    "Outage",
    "Outcome",
    "Pending",
    "Post",
    "Probe",
    "Query",
    "Reach",
    "Schedule",
    "Setting",
    "Spool",
    "Transport",
    "Unknown",
    "Why",
    "account_by_id",
    "accounts",
    "accounts_of_provider",
    "active_accounts",
    "fault_of",
    "is_loopback",
    "open_account",
    "probe",
    "provider_account",
    "read_settings",
    "scan",
    "settings_wrong",
    "switching",
    "wallet_of",
]
