"""What can go wrong with a payment, in words. Codes CF-3xxx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused, trouble
from counterfoil.payments.resolution_faults import RESOLUTION_FAULTS

AMOUNT_OUT_OF_RANGE: Final = refused(
    "CF-3101",
    422,
    zh=Words("金额不对", "没有扣款", "请输入 ¥0.01 到 {most} 之间的金额"),
    en=Words("That amount cannot be taken", "Nothing was taken", "Enter an amount from ¥0.01 to {most}"),
)
CURRENCY_NOT_TAKEN: Final = refused(
    "CF-3102",
    422,
    zh=Words("这个币种不能收", "没有扣款", "请用 {currency} 收款"),
    en=Words("This currency is not taken here", "Nothing was taken", "Take the payment in {currency}"),
)
NOT_A_PAYMENT_CODE: Final = refused(
    "CF-3103",
    422,
    zh=Words(
        "扫到的不是付款码",
        "没有扣款",
        "请顾客打开微信或支付宝的「收付款」里的付款码（不是收款码、会员码）",
    ),
    en=Words(
        "That is not a payment code",
        "Nothing was taken",
        'Ask for the code under "Pay" in the wallet (not a receiving or member code)',
    ),
)
REFUND_TOO_LARGE: Final = refused(
    "CF-3104",
    409,
    zh=Words(
        "退款金额超过可退金额",
        "没有退款。原收 {captured}，已退 {refunded}，正在退 {reserved}，最多还可退 {left}",
        "请改为 {left} 或更少；要看前几次退款请看这笔记录的退款",
    ),
    en=Words(
        "More than can still be refunded",
        "Nothing refunded. Received {captured}, refunded {refunded}, under way {reserved}; at most {left} is left",
        "Enter {left} or less; the record shows the earlier refunds",
    ),
)
PAST_THE_CUT: Final = refused(
    "CF-3105",
    409,
    zh=Words(
        "已过撤销时间（{cut} 日切）",
        "{amount} 仍是已收款，没有变化",
        "请改为退款 {amount}，原路退回；零钱一般很快，银行卡约 1–7 个工作日",
    ),
    en=Words(
        "Too late to void (cut at {cut})",
        "{amount} stays received; nothing changed",
        "Refund {amount} instead. It goes back the way it came; bank cards take about 1–7 working days",
    ),
)
VOID_NOT_OFFERED: Final = refused(
    "CF-3106",
    409,
    zh=Words("这笔不能撤销，只能退款", "{amount} 仍是已收款，没有变化", "请改为退款 {amount}，原路退回"),
    en=Words(
        "This payment can be refunded, not voided",
        "{amount} stays received; nothing changed",
        "Refund {amount} instead; it goes back the way it came",
    ),
)
MOVE_NOT_LEGAL: Final = refused(
    "CF-3107",
    409,
    zh=Words("这笔现在是「{state}」，不能这样操作", "款项没有变化", "请先看这笔记录的当前状态，再决定"),
    en=Words(
        "This payment is now “{state}”; that cannot be done with it",
        "No money has moved",
        "Look at the record's state before going on",
    ),
)
ID_REUSED: Final = refused(
    "CF-3108",
    409,
    zh=Words(
        "这个编号已用过，内容不同（{differs}）", "这次没有扣款，也没有退款", "同一笔请原样重发；新的一笔请换新编号"
    ),
    en=Words(
        "This id was used before with other content ({differs})",
        "Nothing was taken or returned this time",
        "Send the same request again unchanged, or use a new id for a new act",
    ),
)
PAYMENT_NOT_FOUND: Final = refused(
    "CF-3109",
    404,
    zh=Words("没有找到这笔交易", "款项没有变化", "请核对单号；顾客说已付款时，用单号或金额再查一次"),
    en=Words(
        "There is no such payment",
        "No money has moved",
        "Check the number; if the customer says it is paid, search again by number or amount",
    ),
)
METHOD_NOT_OFFERED: Final = refused(
    "CF-3110",
    422,
    zh=Words("本店没有开通这种收款方式", "没有扣款", "请换一种方式收款；要开通请找管理员"),
    en=Words(
        "This way of paying is not set up here",
        "Nothing was taken",
        "Take the payment another way; ask the administrator to set this one up",
    ),
)
PROVIDER_DEACTIVATED: Final = refused(
    "CF-3111",
    409,
    zh=Words(
        "{provider}已停用，不能用它收新款",
        "没有扣款。以前收的钱不受影响，仍可查单和退款",
        "请换一种方式收款，并收起{provider}的台卡；疑问请找管理员",
    ),
    en=Words(
        "{provider} is deactivated for new payments",
        "Nothing was taken. Earlier payments are untouched and can still be checked and refunded",
        "Take the payment another way and put the {provider} counter code away; ask the administrator if unsure",
    ),
)
TERMINAL_UNKNOWN: Final = refused(
    "CF-3112",
    422,
    zh=Words("没有这台终端，或它不在这家门店", "没有扣款", "请核对终端和门店编号"),
    en=Words("There is no such terminal in that shop", "Nothing was taken", "Check the numbers of terminal and shop"),
)
TENDERED_TOO_LITTLE: Final = refused(
    "CF-3113",
    422,
    zh=Words("收到的现金不够", "没有入账。应收 {amount}", "请输入实际收到的现金，不少于 {amount}"),
    en=Words(
        "The cash is less than the amount due",
        "Nothing was recorded. {amount} is due",
        "Enter the cash received, at least {amount}",
    ),
)
REASON_UNKNOWN: Final = refused(
    "CF-3115",
    422,
    zh=Words("请选一个原因", "款项没有变化", "从列出的原因里选；选「其他」时写明原因（200 字以内）"),
    en=Words(
        "A reason is needed",
        "No money has moved",
        'Choose one of the listed reasons; with "other", say which (at most 200 characters)',
    ),
)
BEING_DRIVEN: Final = trouble(
    "CF-3116",
    409,
    zh=Words("这笔正在向服务商查询", "还不知道有没有收到，请勿重复收款", "请等几秒再试，结果会自动显示"),
    en=Words(
        "This payment is being asked about right now",
        "It is not known yet whether it was paid; do not charge again",
        "Wait a few seconds and try again; the result appears by itself",
    ),
    retry_after_seconds=5,
)
OUTCOME_UNKNOWN: Final = trouble(
    "CF-3117",
    202,
    zh=Words(
        "这笔还不知道有没有收到",
        "{amount} 可能已扣，也可能没有",
        "先不要重复收款。正在向{provider}查询，结果会显示在这里。队伍等着请按「先收下一位」；"
        "顾客要换方式付，请按「撤回这笔再收」",
    ),
    en=Words(
        "We do not know yet whether this was paid",
        "{amount} may or may not have been taken",
        'Do not charge again. {provider} is being asked; the result will appear here. Press "Next customer" to go on; '
        'press "Withdraw and take again" to pay another way',
    ),
    retry_after_seconds=5,
)
CUSTOMER_CONFIRMING: Final = trouble(
    "CF-3118",
    202,
    zh=Words(
        "顾客正在手机上确认",
        "还没有收到钱",
        "请顾客输完密码，不要再扫。这里会自动显示结果；顾客不付了请按「取消这笔」",
    ),
    en=Words(
        "The customer is confirming on the phone",
        "Nothing received yet",
        'Let the customer finish; do not scan again. The result appears here. If they will not pay, press "Cancel this '
        'payment"',
    ),
    retry_after_seconds=5,
)
TEXT_NOT_TAKEN: Final = refused(
    "CF-3119",
    422,
    zh=Words("这一栏的内容不能用（{why}）", "款项没有变化", "请改短或去掉特殊字符后再试"),
    en=Words(
        "That text cannot be used ({why})",
        "No money has moved",
        "Shorten it or leave out special characters and try again",
    ),
)
INTENT_UNKNOWN: Final = trouble(
    "CF-3120",
    503,
    zh=Words(
        "记录这一步时数据库断开，不知道有没有记上",
        "这一步没有向服务商发出任何请求",
        "请等几秒，用同一编号再问一次，结果以记录为准",
    ),
    en=Words(
        "The database broke off while this step was being recorded; it may or may not be",
        "Nothing was sent to the provider for it",
        "Wait a few seconds and ask again with the same id; what the record then says holds",
    ),
    retry_after_seconds=5,
)
TOO_MANY_AT_ONCE: Final = trouble(
    "CF-3121",
    409,
    zh=Words("有别人同时在操作，这一步没有记录", "这一步没有动款项", "请等 1 秒，用同一编号再试"),
    en=Words(
        "Others are working on this at the same moment, so this step was not recorded",
        "This step moved no money",
        "Wait a second and try again with the same id",
    ),
    retry_after_seconds=1,
)
REFUND_NOT_QUEUED: Final = refused(
    "CF-3130",
    409,
    zh=Words("这笔退款现在不在排队，不能取消", "退款以记录为准，没有因此改变", "请先看这笔退款的结果，再决定"),
    en=Words(
        "This refund is not in the queue now, so it cannot be cancelled",
        "What the record says of the refund holds; nothing was changed",
        "Look at the refund's result before going on",
    ),
)
REFUND_NOT_ASKED: Final = trouble(
    "CF-3135",
    503,
    zh=Words(
        "现在问不到{provider}：这笔退款可能刚刚已经退出，没有取消",
        "{amount} 仍在排队，没有因此改变",
        "请等 1 分钟再取消。先不要改用其他方式退",
    ),
    en=Words(
        "{provider} cannot be asked now whether this refund has just been carried out, so it was not cancelled",
        "{amount} is still in the queue; nothing was changed",
        "Wait a minute and cancel again. Do not give it back in another way before",
    ),
    retry_after_seconds=60,
)
REFUND_QUEUED: Final = trouble(
    "CF-3131",
    202,
    zh=Words(
        "{provider}账户可退余额不足",
        "{amount} 没有退给顾客，原收款仍有效",
        "已排队，{when}自动再试（同一退款单号）；急用请店长在{provider}充值。不要改用现金退",
    ),
    en=Words(
        "Not enough in the {provider} account to refund",
        "{amount} was not returned; the payment stands",
        "Queued and tried again {when} (same refund number); the manager can top up at {provider}. "
        "Do not refund in cash",
    ),
    retry_after_seconds=600,
)
REFUND_GIVEN_UP: Final = refused(
    "CF-3132",
    409,
    zh=Words(
        "排队一周，{provider}账户可退余额一直不足",
        "{amount} 没有退给顾客，原收款仍有效",
        "请店长在{provider}充值后重新退款，或联系顾客说明。不要改用现金退",
    ),
    en=Words(
        "The {provider} account did not cover the refund for a week",
        "{amount} was not returned; the payment stands",
        "Ask the manager to top up at {provider}, then refund again, or tell the customer. Do not refund in cash",
    ),
)
REFUND_CANCELLED: Final = refused(
    "CF-3133",
    409,
    zh=Words("排队的退款已取消", "{amount} 没有退给顾客，原收款仍有效", "还要退给顾客的，请重新退款"),
    en=Words(
        "The queued refund was cancelled",
        "{amount} was not returned; the payment stands",
        "If it is to go back after all, refund it again",
    ),
)
ROUNDING_NOT_ALLOWED: Final = refused(
    "CF-3134",
    422,
    zh=Words("抹零与本店的设置不符", "没有入账", "请刷新页面按新的应收金额收款；抹零方式由店长在后台设置"),
    en=Words(
        "The rounding does not match this shop's setting",
        "Nothing was recorded",
        "Reload the page and take the amount it then shows; the manager sets the rounding in the office",
    ),
)
WALLET_NOT_NAMED: Final = refused(
    "CF-3141",
    422,
    zh=Words("没有说明顾客用哪个钱包", "没有扣款", "请选好钱包，再出示收款码"),
    en=Words("The customer's wallet was not named", "Nothing was taken", "Name the wallet, then show the code"),
)
CARD_AWAITED: Final = trouble(
    "CF-3145",
    202,
    zh=Words(
        "等顾客在银行卡终端上付款",
        "{amount} 还没有收到",
        "请顾客在{provider}的终端上刷卡、插卡或挥卡；付好后自动显示结果，不付了请撤回这笔",
    ),
    en=Words(
        "Waiting for the customer at the card terminal",
        "{amount} has not been received yet",
        "The customer swipes, inserts or taps a card at {provider}'s terminal; the result comes by itself. "
        "If the customer will not pay, withdraw the payment",
    ),
    retry_after_seconds=5,
)
CARD_NOT_TAKEN: Final = refused(
    "CF-3146",
    402,
    zh=Words("银行卡终端上没有人付款，已关单", "没有收到钱", "还要付款，请重新收银行卡，或换一种方式"),
    en=Words(
        "Nobody paid at the card terminal; the bill is closed",
        "Nothing was received",
        "To pay after all, take the card anew, or take the payment another way",
    ),
)
NO_CODE_FOR_WALLET: Final = refused(
    "CF-3142",
    422,
    zh=Words(
        "{provider}不能为这个钱包（如微信）出示收款码",
        "没有扣款",
        "请扫顾客手机上的付款码；支付宝、云闪付可以出示收款码",
    ),
    en=Words(
        "{provider} makes no code to show for this wallet (WeChat, for one)",
        "Nothing was taken",
        "Scan the customer's payment code; for Alipay and UnionPay a code can be shown",
    ),
)
CODE_SHOWN: Final = trouble(
    "CF-3143",
    202,
    zh=Words(
        "等顾客扫码付款",
        "还没有收到钱",
        "请顾客用手机扫屏幕上的收款码，这里会自动显示结果；顾客不付了请按「关单」",
    ),
    en=Words(
        "Waiting for the customer to scan the code",
        "Nothing received yet",
        'Let the customer scan the code shown; the result appears here. If they will not pay, press "Close the code"',
    ),
    retry_after_seconds=5,
)
NO_CODE_TO_SHOW: Final = trouble(
    "CF-3144",
    202,
    zh=Words(
        "没有拿到收款码",
        "顾客没有码可扫，没有收到钱",
        "请按「关单」后重新出示，或改扫顾客的付款码",
    ),
    en=Words(
        "No code came back to show",
        "There was nothing to scan, so nothing was received",
        'Press "Close the code" and show another one, or scan the customer\'s payment code',
    ),
    retry_after_seconds=5,
)
NOTICE_UNKNOWN: Final = refused(
    "CF-3160",
    404,
    zh=Words("没有这条通知", "没有任何变化", "请回到「待处理」，从列表里打开"),
    en=Words("There is no such notice", "Nothing changed", "Go back to Waiting and open it from the list"),
)
NOTICE_DECIDED: Final = refused(
    "CF-3161",
    409,
    zh=Words("这条通知已经处理过了", "没有再记账", "请刷新页面，看是谁、怎么处理的"),
    en=Words(
        "This notice has been dealt with already",
        "Nothing more was recorded",
        "Reload the page; it shows by whom and how",
    ),
)
NOTICE_NOT_PRINTED: Final = refused(
    "CF-3162",
    409,
    zh=Words(
        "这条通知不能记成台卡收款",
        "没有记账，原来的记录没有变化",
        "它说的是本系统已有的一笔，或没有说清金额和钱包：请对照支付机构的对账单，再选择不入账的原因",
    ),
    en=Words(
        "This notice cannot be recorded as a payment by the printed code",
        "Nothing was recorded, and the existing record did not change",
        "It is about a payment that is here already, or does not name its amount and wallet: compare it with the "
        "provider's statement, then put it aside with a reason",
    ),
)
NOTICE_MONEY_KNOWN: Final = refused(
    "CF-3163",
    409,
    zh=Words(
        "这笔钱已经有记录",
        "没有重复记账",
        "请用通知里的单号或支付机构流水号搜索交易记录，核对后按「已有记录」结束这条通知",
    ),
    en=Words(
        "This money is recorded already",
        "It was not recorded twice",
        "Search the records by the notice's order or trade number, compare, then end the notice as already recorded",
    ),
)
NOTICE_SHOP: Final = refused(
    "CF-3164",
    422,
    zh=Words("这家门店没有在用的终端", "没有记账", "请选别的门店，或先在「终端」里启用一台"),
    en=Words(
        "That shop has no terminal in use",
        "Nothing was recorded",
        "Choose another shop, or enable a terminal of it under Terminals first",
    ),
)
NOTICE_NO_PAYMENT: Final = refused(
    "CF-3165",
    409,
    zh=Words(
        "这条通知说的单号，本系统没有，问不了",
        "没有任何变化",
        "请在支付机构的商户后台按单号查，再选择记成台卡收款或不入账",
    ),
    en=Words(
        "The order this notice names is not here, so there is nothing to ask about",
        "Nothing changed",
        "Look the number up in the provider's own merchant site, then record the notice or put it aside",
    ),
)
NOTICE_REASON: Final = refused(
    "CF-3166",
    422,
    zh=Words("请选一个不入账的原因", "没有任何变化", "从列出的原因里选一个"),
    en=Words("A reason for putting it aside is needed", "Nothing changed", "Choose one of the listed reasons"),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    *RESOLUTION_FAULTS,
    *(NOTICE_REASON, NOTICE_UNKNOWN, NOTICE_DECIDED, NOTICE_NOT_PRINTED),
    *(NOTICE_MONEY_KNOWN, NOTICE_SHOP, NOTICE_NO_PAYMENT, WALLET_NOT_NAMED, CARD_AWAITED, CARD_NOT_TAKEN),
    NO_CODE_FOR_WALLET,
    CODE_SHOWN,
    NO_CODE_TO_SHOW,
    AMOUNT_OUT_OF_RANGE,
    CURRENCY_NOT_TAKEN,
    NOT_A_PAYMENT_CODE,
    REFUND_TOO_LARGE,
    PAST_THE_CUT,
    VOID_NOT_OFFERED,
    MOVE_NOT_LEGAL,
    ID_REUSED,
    PAYMENT_NOT_FOUND,
    METHOD_NOT_OFFERED,
    PROVIDER_DEACTIVATED,
    TERMINAL_UNKNOWN,
    TENDERED_TOO_LITTLE,
    REASON_UNKNOWN,
    BEING_DRIVEN,
    OUTCOME_UNKNOWN,
    CUSTOMER_CONFIRMING,
    TEXT_NOT_TAKEN,
    INTENT_UNKNOWN,
    TOO_MANY_AT_ONCE,
    REFUND_NOT_QUEUED,
    REFUND_NOT_ASKED,
    REFUND_QUEUED,
    REFUND_GIVEN_UP,
    REFUND_CANCELLED,
    ROUNDING_NOT_ALLOWED,
)
