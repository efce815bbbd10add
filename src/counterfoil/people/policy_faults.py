"""The faults of acts that need another person, CF-2150 to CF-2153."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

SECOND_PERSON_NEEDED: Final = refused(
    "CF-2150",
    403,
    zh=Words(
        "这一步需要另一个人批准",
        "没有执行；款项没有变化",
        "请在收银台由主管当场输入操作员号和密码，或点「请别人批准」；后台的操作会变成一份申请，等另一个人批准",
    ),
    en=Words(
        "This needs somebody else's approval",
        "It was not carried out; no money has moved",
        "At the till, have a supervisor enter their number and password, or press Ask somebody; in the office it "
        "becomes a request that another person approves",
    ),
)
POLICY_WRONG: Final = refused(
    "CF-2151",
    422,
    zh=Words(
        "这条规则不完整，或有不能用的内容",
        "规则没有改动；款项没有变化",
        "人数为 0 到 2，金额大于 0，至少选一个角色；「修改批准规则」和「按对账单了结收款」至少要一个人批准",
    ),
    en=Words(
        "The rule is incomplete, or says something that cannot be",
        "The rules are unchanged; no money has moved",
        "0 to 2 persons, an amount above 0, and at least one role; changing these rules, and settling a payment by the "
        "statement, need at least one person",
    ),
)
SAME_PERSON: Final = refused(
    "CF-2152",
    403,
    zh=Words(
        "批准的人和申请的人是同一个人",
        "没有执行；款项没有变化",
        "请另一个人批准；同一个人的操作员号、后台登录和密钥都算本人",
    ),
    en=Words(
        "Whoever approves is whoever asked",
        "It was not carried out; no money has moved",
        "Ask another person; someone's till number, office login and passkeys all count as the same person",
    ),
)
MAY_NOT_APPROVE: Final = refused(
    "CF-2153",
    403,
    zh=Words(
        "您不能批准这一项",
        "没有执行；款项没有变化",
        "请由批准规则里列出的角色批准；规则见后台「批准规则」",
    ),
    en=Words(
        "You may not approve this",
        "It was not carried out; no money has moved",
        "Someone with one of the roles in the approval rules has to; see Approval rules in the office",
    ),
)

POLICY_FAULTS: Final = (SECOND_PERSON_NEEDED, POLICY_WRONG, SAME_PERSON, MAY_NOT_APPROVE)
