"""What this area writes into the log. No names, no passwords: ids, numbers, roles, times."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

MERCHANT_OPENED: Final = fact_kind("merchant.opened", "zone", "currency")
SHOP_OPENED: Final = fact_kind("shop.opened", "zone", "day_ends_minute")
TERMINAL_OPENED: Final = fact_kind("terminal.opened", "shop", "number")
PERSON_ADDED: Final = fact_kind("person.added", "number", "role")
PERSON_NUMBERED: Final = fact_kind("person.numbered", "number")
PERSON_SIGNED_IN: Final = fact_kind("person.signed_in", "terminal")
PERSON_SIGNED_OUT: Final = fact_kind("person.signed_out", "terminal")
PERSON_TRIED: Final = fact_kind("person.tried", "terminal", "number", "code", "minute", "count")
PERSON_LOCKED: Final = fact_kind("person.locked", "terminal", "number", "until")
PERSON_LOCK_LIFTED: Final = fact_kind("person.lock_lifted", "terminal", "number", "pause")
# ``made``: the approver had made the payment it is about.
PERSON_APPROVED: Final = fact_kind("person.approved", "terminal", "approver", "permission", "request_sha256", "made")
PERSON_PASSWORD_RESET: Final = fact_kind("person.password_reset", "terminal")
PERSON_PASSWORD_CHANGED: Final = fact_kind("person.password_changed", "terminal")
PERSON_DISABLED: Final = fact_kind("person.disabled")
PERSON_ENABLED: Final = fact_kind("person.enabled")
TERMINAL_DISABLED: Final = fact_kind("terminal.disabled")
TERMINAL_ENABLED: Final = fact_kind("terminal.enabled")
SHOP_DISABLED: Final = fact_kind("shop.disabled")
SHOP_ENABLED: Final = fact_kind("shop.enabled")
PERSON_RENAMED: Final = fact_kind("person.renamed")
TERMINAL_RENAMED: Final = fact_kind("terminal.renamed")
SHOP_RENAMED: Final = fact_kind("shop.renamed")
SHOP_ROUNDING_SET: Final = fact_kind("shop.rounding_set", "rounding")
GRANT_MADE: Final = fact_kind("grant.made", "role", "shop")
GRANT_ENDED: Final = fact_kind("grant.ended", "role", "shop")
ROLE_MADE: Final = fact_kind("role.made", "permissions")
ROLE_ALTERED: Final = fact_kind("role.altered", "permissions")
ROLE_RETIRED: Final = fact_kind("role.retired")
LOGIN_CHANGED: Final = fact_kind("login.changed", "what")
LOGIN_RESET_BEGUN: Final = fact_kind("login.reset_begun", "until")
LOGIN_PASSWORD_SET: Final = fact_kind("login.password_set", "how")
STAFF_RULE_SET: Final = fact_kind(
    "staff.rule_set",
    *("number_least", "number_most", "supervisor_number", "administrator_number", "before", "words_changed"),
)
KEY_MADE: Final = fact_kind("key.made", "owner", "scopes", "shops", "networks", "until")
KEY_DISABLED: Final = fact_kind("key.disabled")
KEY_ENABLED: Final = fact_kind("key.enabled")
NETWORKS_TRIED: Final = fact_kind("networks.tried", "purpose", "networks")
NETWORKS_SET: Final = fact_kind("networks.set", "purpose", "networks")
NETWORKS_RESET: Final = fact_kind("networks.reset", "purpose")
ENROL_OPENED: Final = fact_kind("terminal.enrol_opened", "until")
ENROL_ENDED: Final = fact_kind("terminal.enrol_ended", "why")
TERMINAL_ENROLLED: Final = fact_kind("terminal.enrolled", "algorithm", "key_sha256")
TERMINAL_REVOKED: Final = fact_kind("terminal.revoked", "key_sha256")
KEY_FORKED: Final = fact_kind("terminal.forked", "key_sha256", "counter")
TILL_RULE_SET: Final = fact_kind("tills.rule_set", "only_enrolled")
POLICY_SET: Final = fact_kind("policy.set", "act", "persons", "from_minor", "roles", "approver")
ACT_REFUSED: Final = fact_kind("act.refused", "act", "code", "minute", "count")

KINDS: Final = (
    MERCHANT_OPENED,
    SHOP_OPENED,
    TERMINAL_OPENED,
    PERSON_ADDED,
    PERSON_NUMBERED,
    PERSON_SIGNED_IN,
    PERSON_SIGNED_OUT,
    PERSON_TRIED,
    PERSON_LOCKED,
    PERSON_LOCK_LIFTED,
    PERSON_APPROVED,
    PERSON_PASSWORD_RESET,
    PERSON_PASSWORD_CHANGED,
    PERSON_DISABLED,
    PERSON_ENABLED,
    TERMINAL_DISABLED,
    TERMINAL_ENABLED,
    SHOP_DISABLED,
    SHOP_ENABLED,
    PERSON_RENAMED,
    TERMINAL_RENAMED,
    SHOP_RENAMED,
    SHOP_ROUNDING_SET,
    GRANT_MADE,
    GRANT_ENDED,
    ROLE_MADE,
    ROLE_ALTERED,
    ROLE_RETIRED,
    LOGIN_CHANGED,
    LOGIN_RESET_BEGUN,
    LOGIN_PASSWORD_SET,
    STAFF_RULE_SET,
    KEY_MADE,
    KEY_DISABLED,
    KEY_ENABLED,
    NETWORKS_TRIED,
    NETWORKS_SET,
    NETWORKS_RESET,
    ENROL_OPENED,
    ENROL_ENDED,
    TERMINAL_ENROLLED,
    TERMINAL_REVOKED,
    KEY_FORKED,
    TILL_RULE_SET,
    POLICY_SET,
    ACT_REFUSED,
)
