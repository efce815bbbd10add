"""Who and where: merchants, shops, terminals as places, persons, and how they prove who they are.

The story
    ``open_merchant`` sets up a merchant with its shops, terminals and first persons. At a terminal a person gives an
    operator number and a password (``sign_in``) and gets a session, whose token each later request shows
    (``authenticate_session``). A machine shows an API key (``authenticate_key``); the key's owner stands as the actor.
    Where the actor may not do something alone, a supervisor's number and password allow that one act (``approve``).

Rules
- Deny by default: an ``Actor`` may only what its permissions name; the table of roles stands in ``permission.py``.
- Five wrong tries of an operator number at a terminal lock that number there for 30 minutes; a supervisor can lift it
  there, an administrator anywhere. A number nobody has behaves the same, costs the same time and is told in the same
  words.
- Passwords have 12 to 128 characters and are kept as argon2id; tokens and keys only as their SHA-256.
- In the office, which has no terminal, only supervisors and administrators sign in; wrong tries count there apart.
- A name or label may be changed, a number is given once and never changed: what was written under it keeps its meaning.
- How many digits a new number has, which one is the supervisor's and which the terminal administrator's, and what each
  kind is called is a rule of the merchant (``set_number_rule``). It names numbers; what somebody may, their roles say.
- Who or what is disabled signs in no more, and the sessions end; nobody disables themselves.
- A session ends 12 hours after the sign-in, or after 30 minutes without use. A foreign, wrong or ended one all get the
  same answer.
- An API key may end on a day and be bound to networks of its own; who has a right key is told which of them it was.
- Every token and key begins with its merchant, so no look-up is without one.
- A forgotten password is set anew at a terminal: a cashier's by a supervisor, anybody's by an administrator. Whoever
  was signed in with the old one is signed out. One's own is changed by showing the present one (``change_password``).
- Which acts need a second person, and who that may be, is a table of the merchant; changing it is such an act too.
  Whoever asked is never the second: it goes by persons, not by numbers, logins or devices.
- A terminal may be enrolled: then it takes only forms signed by its own device, and a cashier's till password may have
  4 to 8 digits there (``enrolment``).
- Office, API and dangerous acts may each be bound to networks; where nothing is named, dangerous acts are for private
  ones only. A new list is tried for a minute before it is kept.
- Sessions go a day after their end, counted tries a day after the last.
- What is refused becomes a fact only once it is known who asked (``Refusals``); wrong tries to sign in are counted by
  what was tried, whether or not anybody has it (``WrongTries``).
"""

from counterfoil.people.add_number import add_number
from counterfoil.people.add_operator import add_operator
from counterfoil.people.add_shop import add_shop
from counterfoil.people.add_terminal import add_terminal
from counterfoil.people.alter import in_service
from counterfoil.people.approve import approve, has_role
from counterfoil.people.approvers import Approver, approvers
from counterfoil.people.authenticate import authenticate_key, authenticate_session
from counterfoil.people.begin_session import IN_OFFICE, At, SignedIn, actor_of, begin_session
from counterfoil.people.card_numbers import CARD_NUMBER, without_card
from counterfoil.people.change_password import change_password
from counterfoil.people.deed import Deed
from counterfoil.people.demand import demand, demand_deed, demand_somewhere, demand_there
from counterfoil.people.drop_stale import drop_stale
from counterfoil.people.end_session import end_session
from counterfoil.people.enrol_faults import (
    CODE_WRONG,
    COUNTER_USED,
    NO_WINDOW,
    NOT_SIGNED,
    NOTHING_TO_CONFIRM,
    ONLY_ENROLLED,
    TERMINAL_FORKED,
    TERMINAL_REVOKED,
)
from counterfoil.people.enrolment.admit import Signed, admit
from counterfoil.people.enrolment.device_key import ED25519, P256, DeviceKey, device_key
from counterfoil.people.enrolment.reading import (
    ENROLLED,
    FORKED,
    REVOKED,
    Enrolment,
    Window,
    enrolment_of,
    enrolments,
    only_enrolled,
    window_of,
)
from counterfoil.people.enrolment.trust import confirm_key, revoke_key, set_only_enrolled
from counterfoil.people.enrolment.window import Opened, close_window, hand_in, open_window
from counterfoil.people.enrolment.words import SixWords, six_words
from counterfoil.people.facts import KINDS
from counterfoil.people.faults import (
    FAULTS,
    KEY_WRONG,
    LOCK_NOT_THERE,
    MERCHANT_UNKNOWN,
    NO_PERMISSION,
    NOT_YOURSELF,
    NUMBER_SHAPE,
    NUMBER_TAKEN,
    OFFICE_CLOSED,
    OFFICE_LOCKED,
    OWNER_UNKNOWN,
    PASSWORD_LENGTH,
    PASSWORD_NOT_OWN,
    PERSON_UNKNOWN,
    SCOPE_UNKNOWN,
    SESSION_ENDED,
    SETTING_WRONG,
    SHOP_NOT_ALLOWED,
    SHOP_TAKEN,
    SHOP_UNKNOWN,
    SIGN_IN_BUSY,
    SIGN_IN_LOCKED,
    SIGN_IN_WRONG,
    TERMINAL_TAKEN,
    TERMINAL_UNKNOWN,
    TEXT_SHAPE,
)
from counterfoil.people.faults_of_rights import (
    ADDRESS_LOCKED,
    EMAIL_SHAPE,
    EMAIL_TAKEN,
    GRANT_TOO_MUCH,
    LAST_ADMINISTRATOR,
    LOGIN_NOT_THERE,
    NO_WAY_IN,
    NUMBER_KEPT,
    NUMBER_RULE,
    OFFICE_WRONG,
    PASSWORD_WEAK,
    PAUSE_OVER,
    RESET_WRONG,
    ROLE_EMPTY,
    ROLE_TAKEN,
    ROLE_UNKNOWN,
    SETUP_CLOSED,
    SETUP_WRONG,
)
from counterfoil.people.finish_password import finish_password
from counterfoil.people.hasher import Hasher
from counterfoil.people.holdings import HOLDINGS, Holding
from counterfoil.people.key_faults import KEY_UNKNOWN, KEY_UNTIL
from counterfoil.people.lift_lock import lift_lock
from counterfoil.people.lift_pause import lift_pause, pauses_of
from counterfoil.people.logins.change_login import change_email, close_login, open_login
from counterfoil.people.logins.email import EMAIL_CHARACTERS_MAX, email_of
from counterfoil.people.logins.password_fits import password_fits
from counterfoil.people.logins.reading import login_of, logins
from counterfoil.people.logins.reset import begin_reset, finish_reset
from counterfoil.people.logins.sign_in_office import AskMore, nothing_more, sign_in_office
from counterfoil.people.make_key import SCOPES, SCOPES_DEFAULT, make_key
from counterfoil.people.means import Means
from counterfoil.people.network_faults import DANGER_ELSEWHERE
from counterfoil.people.networks import API, DANGER, DEFAULTS, OFFICE, PURPOSES, Trusted, all_trusted, trusted
from counterfoil.people.number_faults import NUMBER_LENGTHS, NUMBER_WORD, SPECIAL_NUMBER
from counterfoil.people.number_rule import DIGITS, WORD_CHARACTERS_MAX, NumberKind, NumberRule
from counterfoil.people.open_merchant import open_merchant
from counterfoil.people.permission import (
    ALLOWED,
    DANGEROUS,
    ONLY_LOOKS,
    PLACED,
    WHOLE_MERCHANT,
    Actor,
    Held,
    Permission,
    Role,
)
from counterfoil.people.person import (
    ACTIVE,
    DISABLED,
    NO_ROUNDING,
    ROUNDINGS,
    ApiKey,
    Grant,
    Lock,
    Login,
    Merchant,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    OwnRole,
    Person,
    Session,
    Shop,
    Terminal,
)
from counterfoil.people.policy import (
    ALWAYS,
    DEFAULT_RULES,
    PERSONS,
    WITH_AMOUNT,
    WITH_CODE,
    Act,
    Rule,
    demand_second,
    rule_for,
    rules_of,
)
from counterfoil.people.policy_faults import MAY_NOT_APPROVE, POLICY_WRONG, SAME_PERSON, SECOND_PERSON_NEEDED
from counterfoil.people.prove import Proof, at_office, at_terminal, own_password, prove
from counterfoil.people.reading import (
    key_by_id,
    keys,
    locks,
    merchant,
    merchants,
    person,
    person_by_number,
    persons,
    shop,
    shops,
    terminal,
    terminal_by_number,
    terminals,
)
from counterfoil.people.refusals import Refusals, write_refusals
from counterfoil.people.rename import rename_operator, rename_shop, rename_terminal
from counterfoil.people.reset_password import check_reset, reset_confirmed, reset_password
from counterfoil.people.roles.grant import end_grant, gives, grant_role
from counterfoil.people.roles.held import held_by, held_now
from counterfoil.people.roles.own_role import alter_role, make_role, retire_role
from counterfoil.people.roles.reading import grants, grants_of, number_rule_of, own_role_by_id, own_roles
from counterfoil.people.roles.rights import administrators, as_now, change_rights, demand_covers
from counterfoil.people.session import living_sessions, session_guard
from counterfoil.people.set_language import set_language
from counterfoil.people.set_networks import (
    check_networks,
    drop_trial,
    keep_networks,
    read_networks,
    reset_networks,
    try_networks,
)
from counterfoil.people.set_number_rule import checked_rule, set_number_rule
from counterfoil.people.set_policy import check_rule, set_policy
from counterfoil.people.set_rounding import set_rounding
from counterfoil.people.set_up import FirstMerchant, set_up, setup_code, setup_open
from counterfoil.people.shapes import digest as token_digest
from counterfoil.people.shapes import new_token
from counterfoil.people.sign_in import sign_in
from counterfoil.people.sign_out import sign_out
from counterfoil.people.switch import switch_operator, switch_shop, switch_terminal
from counterfoil.people.switch_key import switch_key
from counterfoil.people.write_wrong_tries import write_wrong_tries
from counterfoil.people.wrong_tries import WrongTry

__all__ = [
    "ACTIVE",
    "ADDRESS_LOCKED",
    "ALLOWED",
    "ALWAYS",
    "API",
    "CARD_NUMBER",
    "CODE_WRONG",
    "COUNTER_USED",
    "DANGER",
    "DANGEROUS",
    "DANGER_ELSEWHERE",
    "DEFAULTS",
    "DEFAULT_RULES",
    "DIGITS",
    "DISABLED",
    "ED25519",
    "EMAIL_CHARACTERS_MAX",
    "EMAIL_SHAPE",
    "EMAIL_TAKEN",
    "ENROLLED",
    "FAULTS",
    "FORKED",
    "GRANT_TOO_MUCH",
    "HOLDINGS",
    "IN_OFFICE",
    "KEY_UNKNOWN",
    "KEY_UNTIL",
    "KEY_WRONG",
    "KINDS",
    "LAST_ADMINISTRATOR",
    "LOCK_NOT_THERE",
    "LOGIN_NOT_THERE",
    "MAY_NOT_APPROVE",
    "MERCHANT_UNKNOWN",
    "NOTHING_TO_CONFIRM",
    "NOT_SIGNED",
    "NOT_YOURSELF",
    "NO_PERMISSION",
    "NO_ROUNDING",
    "NO_WAY_IN",
    "NO_WINDOW",
    "NUMBER_KEPT",
    "NUMBER_LENGTHS",
    "NUMBER_RULE",
    "NUMBER_SHAPE",
    "NUMBER_TAKEN",
    "NUMBER_WORD",
    "OFFICE",
    "OFFICE_CLOSED",
    "OFFICE_LOCKED",
    "OFFICE_WRONG",
    "ONLY_ENROLLED",
    "ONLY_LOOKS",
    "OWNER_UNKNOWN",
    "P256",
    "PASSWORD_LENGTH",
    "PASSWORD_NOT_OWN",
    "PASSWORD_WEAK",
    "PAUSE_OVER",
    "PERSONS",
    "PERSON_UNKNOWN",
    "PLACED",
    "POLICY_WRONG",
    "PURPOSES",
    "RESET_WRONG",
    "REVOKED",
    "ROLE_EMPTY",
    "ROLE_TAKEN",
    "ROLE_UNKNOWN",
    "ROUNDINGS",
    "SAME_PERSON",
    "SCOPES",
    "SCOPES_DEFAULT",
    "SCOPE_UNKNOWN",
    "SECOND_PERSON_NEEDED",
    "SESSION_ENDED",
    "SETTING_WRONG",
    "SETUP_CLOSED",
    "SETUP_WRONG",
    "SHOP_NOT_ALLOWED",
    "SHOP_TAKEN",
    "SHOP_UNKNOWN",
    "SIGN_IN_BUSY",
    "SIGN_IN_LOCKED",
    "SIGN_IN_WRONG",
    "SPECIAL_NUMBER",
    "TERMINAL_FORKED",
    "TERMINAL_REVOKED",
    "TERMINAL_TAKEN",
    "TERMINAL_UNKNOWN",
    "TEXT_SHAPE",
    "WHOLE_MERCHANT",
    "WITH_AMOUNT",
    "WITH_CODE",
    "WORD_CHARACTERS_MAX",
    "Act",
    "Actor",
    "ApiKey",
    "Approver",
    "AskMore",
    "At",
    "Deed",
    "DeviceKey",
    "Enrolment",
    "FirstMerchant",
    "Grant",
    "Hasher",
    "Held",
    "Holding",
    "Lock",
    "Login",
    "Means",
    "Merchant",
    "NewMerchant",
    "NewPerson",
    "NewShop",
    "NewTerminal",
    "NumberKind",
    "NumberRule",
    "Opened",
    "OwnRole",
    "Permission",
    "Person",
    "Proof",
    "Refusals",
    "Role",
    "Rule",
    "Session",
    "Shop",
    "Signed",
    "SignedIn",
    "SixWords",
    "Terminal",
    "Trusted",
    "Window",
    "WrongTry",
    "actor_of",
    "add_number",
    "add_operator",
    "add_shop",
    "add_terminal",
    "administrators",
    "admit",
    "all_trusted",
    "alter_role",
    "approve",
    "approvers",
    "as_now",
    "at_office",
    "at_terminal",
    "authenticate_key",
    "authenticate_session",
    "begin_reset",
    "begin_session",
    "change_email",
    "change_password",
    "change_rights",
    "check_networks",
    "check_reset",
    "check_rule",
    "checked_rule",
    "close_login",
    "close_window",
    "confirm_key",
    "demand",
    "demand_covers",
    "demand_deed",
    "demand_second",
    "demand_somewhere",
    "demand_there",
    "device_key",
    "drop_stale",
    "drop_trial",
    "email_of",
    "end_grant",
    "end_session",
    "enrolment_of",
    "enrolments",
    "finish_password",
    "finish_reset",
    "gives",
    "grant_role",
    "grants",
    "grants_of",
    "hand_in",
    "has_role",
    "held_by",
    "held_now",
    "in_service",
    "keep_networks",
    "key_by_id",
    "keys",
    "lift_lock",
    "lift_pause",
    "living_sessions",
    "locks",
    "login_of",
    "logins",
    "make_key",
    "make_role",
    "merchant",
    "merchants",
    "new_token",
    "nothing_more",
    "number_rule_of",
    "only_enrolled",
    "open_login",
    "open_merchant",
    "open_window",
    "own_password",
    "own_role_by_id",
    "own_roles",
    "password_fits",
    "pauses_of",
    "person",
    "person_by_number",
    "persons",
    "prove",
    "read_networks",
    "rename_operator",
    "rename_shop",
    "rename_terminal",
    "reset_confirmed",
    "reset_networks",
    "reset_password",
    "retire_role",
    "revoke_key",
    "rule_for",
    "rules_of",
    "session_guard",
    "set_language",
    "set_number_rule",
    "set_only_enrolled",
    "set_policy",
    "set_rounding",
    "set_up",
    "setup_code",
    "setup_open",
    "shop",
    "shops",
    "sign_in",
    "sign_in_office",
    "sign_out",
    "six_words",
    "switch_key",
    "switch_operator",
    "switch_shop",
    "switch_terminal",
    "terminal",
    "terminal_by_number",
    "terminals",
    "token_digest",
    "trusted",
    "try_networks",
    "window_of",
    "without_card",
    "write_refusals",
    "write_wrong_tries",
]
