"""Who and where: merchants, shops, terminals as places, persons, and what they sign in with."""

from typing import Final

from sqlalchemy import Index

from counterfoil.store import (
    Id,
    Line,
    Whole,
    belongs_to,
    by_merchant,
    erasable,
    everywhere,
    evidenced,
    versioned,
    working,
)

merchant: Final = everywhere(
    "merchant",
    evidenced("merchant_id", Whole),
    evidenced("name", Line),
    evidenced("zone", Line),
    evidenced("currency", Line),
    evidenced("made_at", Whole),
    *versioned(),
    key=("merchant_id",),
    root=True,
)

shop: Final = by_merchant(
    "shop",
    evidenced("id", Id),
    evidenced("name", Line),
    evidenced("zone", Line),
    evidenced("day_ends_minute", Whole),
    evidenced("rounding", Line, default="none"),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    *versioned(),
    key=("id",),
    root=True,
)

terminal: Final = by_merchant(
    "terminal",
    evidenced("id", Id),
    evidenced("shop_id", Id),
    evidenced("number", Line),
    evidenced("label", Line),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    *versioned(),
    belongs_to("shop", "shop_id", key=("id",)),
    Index("terminal_by_number", "merchant_id", "number", unique=True),
    key=("id",),
    root=True,
)

# ``number`` and ``password_hash`` are what a till knows; both are missing where somebody works in the office only.
# ``gone_at``, here and below: since when a row that ended has; whoever could approve things counts for days after.
person: Final = by_merchant(
    "person",
    evidenced("id", Id),
    evidenced("number", Line, null=True),
    *erasable("name"),
    evidenced("state", Line),
    working("password_hash", Line, null=True),
    working("password_state", Line, default="own"),
    evidenced("made_at", Whole),
    evidenced("gone_at", Whole, null=True),
    *versioned(),
    Index("person_by_number", "merchant_id", "number", unique=True),
    key=("id",),
    root=True,
)

# One row a merchant: the rule of its operator numbers; an empty special number is nobody's, an empty word is our own.
# Whatever gives or takes rights guards it, so that two of them at once pass one after the other and the last
# administrator is counted right.
staff: Final = by_merchant(
    "staff",
    evidenced("number_least", Whole),
    evidenced("number_most", Whole),
    evidenced("supervisor_number", Line),
    evidenced("administrator_number", Line),
    evidenced("supervisor_word", Line),
    evidenced("administrator_word", Line),
    evidenced("cashier_word", Line),
    *versioned(),
    key=(),
    root=True,
)

# A way into the office, at most one a person. The address is personal; it is found by a digest under a key that does
# not lie in the database.
login: Final = by_merchant(
    "login",
    evidenced("person_id", Id),
    *erasable("email"),
    working("email_digest", Line, null=True),
    evidenced("state", Line),
    working("password_hash", Line, null=True),
    working("reset_sha256", Line, null=True),
    working("reset_until", Whole, null=True),
    evidenced("made_at", Whole),
    evidenced("gone_at", Whole, null=True),
    *versioned(),
    belongs_to("person", "person_id", key=("id",)),
    Index("login_by_email", "merchant_id", "email_digest", unique=True),
    key=("person_id",),
    root=True,
)

own_role: Final = by_merchant(
    "own_role",
    evidenced("id", Id),
    evidenced("name", Line),
    evidenced("permissions", Line),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    *versioned(),
    key=("id",),
    root=True,
)

# A role somebody has, in one shop or (no shop) in all: one that ships, by its name, or an own one, by its id.
role_grant: Final = by_merchant(
    "role_grant",
    evidenced("id", Id),
    evidenced("person_id", Id),
    evidenced("role", Line, null=True),
    evidenced("own_role_id", Id, null=True),
    evidenced("shop_id", Id, null=True),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    evidenced("gone_at", Whole, null=True),
    *versioned(),
    belongs_to("person", "person_id", key=("id",)),
    belongs_to("own_role", "own_role_id", key=("id",)),
    Index("role_grant_by_person", "merchant_id", "person_id"),
    key=("id",),
    root=True,
)

# Wrong tries: of a number at a terminal or a login in the office, of a number anywhere, from a network address. All of
# it is working state: who tries has not yet proven who they are, and nobody may make the log grow before that. The
# pause itself, and its lifting, are facts.
sign_in_lock: Final = by_merchant(
    "sign_in_lock",
    working("id", Id),
    working("terminal_id", Id),
    working("number", Line),
    working("tries", Whole),
    working("tried_at", Whole),
    working("locked_until", Whole, null=True),
    *versioned(),
    Index("sign_in_lock_by_place", "merchant_id", "terminal_id", "number", unique=True),
    key=("id",),
    root=True,
)

session: Final = by_merchant(
    "session",
    working("id", Id),
    working("token_sha256", Line),
    working("csrf", Line),
    working("person_id", Id),
    working("terminal_id", Id, null=True),
    working("language", Line),
    working("auth", Line, default="pin"),
    working("came_from", Line, default=""),
    working("made_at", Whole),
    working("seen_at", Whole),
    working("ends_at", Whole),
    *versioned(),
    Index("session_by_token", "merchant_id", "token_sha256", unique=True),
    key=("id",),
    root=True,
)

api_key: Final = by_merchant(
    "api_key",
    evidenced("id", Id),
    evidenced("label", Line),
    working("secret_sha256", Line),
    evidenced("owner_id", Id),
    evidenced("scopes", Line),
    evidenced("shop_ids", Line),
    evidenced("networks", Line, default=""),
    evidenced("expires_at", Whole, null=True),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    working("used_at", Whole, null=True),
    *versioned(),
    belongs_to("person", "owner_id", key=("id",)),
    Index("api_key_by_secret", "merchant_id", "secret_sha256", unique=True),
    key=("id",),
    root=True,
)

# What a merchant said of one act; no row: the default.
second_person_rule: Final = by_merchant(
    "second_person_rule",
    evidenced("act", Line),
    evidenced("persons", Whole),
    evidenced("from_minor", Whole, null=True),
    evidenced("roles", Line),
    *versioned(),
    key=("act",),
    root=True,
)

# The key a terminal is known by; no row: it never had one. Only what verifies: the other half never leaves the device.
enrolment: Final = by_merchant(
    "enrolment",
    evidenced("terminal_id", Id),
    evidenced("algorithm", Line),
    evidenced("public_key", Line),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    *versioned(),
    belongs_to("terminal", "terminal_id", key=("id",)),
    key=("terminal_id",),
    root=True,
)

# A window in which a terminal may be enrolled: a code, then the key that was handed in for it.
enrol_window: Final = by_merchant(
    "enrol_window",
    working("terminal_id", Id),
    working("code_hmac", Line, null=True),
    working("nonce", Line),
    working("until_at", Whole),
    working("tries", Whole),
    working("algorithm", Line, null=True),
    working("public_key", Line, null=True),
    *versioned(),
    key=("terminal_id",),
    root=True,
)

# The last counter a terminal signed, apart from its key so that each form writes one short row. ``recent``: the last
# counters, each with the first half of a digest of what was signed under it.
signed_counter: Final = by_merchant(
    "signed_counter",
    working("terminal_id", Id),
    working("counter", Whole),
    working("recent", Line),
    *versioned(),
    key=("terminal_id",),
    root=True,
)

# One row a merchant that said so: whether people sign in at enrolled terminals only.
till_rule: Final = by_merchant(
    "till_rule",
    evidenced("only_enrolled", Whole),
    *versioned(),
    key=(),
    root=True,
)

# From where the office, the API and dangerous acts may be used; no row: the default. A list on trial is in force until
# its time is over, so that whoever is locked out by it need only wait.
trusted_network: Final = by_merchant(
    "trusted_network",
    evidenced("purpose", Line),
    evidenced("networks", Line),
    working("trial", Line, null=True),
    working("trial_until", Whole, null=True),
    *versioned(),
    key=("purpose",),
    root=True,
)
