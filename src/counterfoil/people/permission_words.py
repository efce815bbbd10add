"""How each permission is called in a refusal, and whom to ask for it: the first role that has it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from counterfoil.basis import Both
from counterfoil.people.permission import ALLOWED, Permission, Role

CALLED: Final = MappingProxyType(
    {
        Permission.TAKE: Both("收款", "take payments"),
        Permission.READ: Both("查看交易记录", "see records"),
        Permission.WITHDRAW: Both("撤回待确认的收款", "withdraw a payment being checked"),
        Permission.VOID: Both("撤销", "void"),
        Permission.REFUND: Both("退款", "refund"),
        Permission.DECIDE_NOTICE: Both("处理支付机构的通知", "decide on a provider's notice"),
        Permission.RESOLVE_PAYMENT: Both("按对账单了结收款", "settle a payment by the statement"),
        Permission.OFFICE: Both("使用后台", "use the office"),
        Permission.EXPORT: Both("导出记录", "export records"),
        Permission.READ_DAYS: Both("查看营业日汇总", "see business days"),
        Permission.CLOSE_DAY: Both("日结", "close a day"),
        Permission.RECONCILE: Both("对账", "reconcile"),
        Permission.APPROVE: Both("复核他人的申请", "approve what others ask for"),
        Permission.REMOVAL_ASK: Both("申请移出记录", "ask for a removal"),
        Permission.REMOVAL_APPROVE: Both("批准移出记录", "approve a removal"),
        Permission.REMOVAL_RESTORE: Both("恢复已移出的记录", "restore what was removed"),
        Permission.PURGE_ASK: Both("申请清除到期记录", "ask for a purge"),
        Permission.PURGE_APPROVE: Both("批准清除到期记录", "approve a purge"),
        Permission.HOLD: Both("设置保全锁定", "place holds"),
        Permission.RELEASE_HOLD: Both("解除保全锁定", "lift holds"),
        Permission.ERASE_PERSON: Both("删除个人信息", "erase personal data"),
        Permission.MANAGE_RETENTION: Both("设置保存期限", "set retention periods"),
        Permission.READ_CHANNELS: Both("查看收款通道", "see payment channels"),
        Permission.MANAGE_ACCOUNTS: Both("管理通道账户", "manage provider accounts"),
        Permission.SWITCH_ACCOUNT: Both("停用和恢复收款通道", "deactivate and reinstate channels"),
        Permission.MANAGE_ROUTES: Both("设置收款路由", "set payment routes"),
        Permission.RETIRE_PROVIDER: Both("下线收款通道", "retire a provider"),
        Permission.MANAGE_KEYS: Both("管理接口密钥", "manage API keys"),
        Permission.BACK_UP: Both("备份", "make backups"),
        Permission.RESTORE_BACKUP: Both("恢复备份", "restore a backup"),
        Permission.MANAGE_PLACES: Both("管理门店和终端", "manage shops and terminals"),
        Permission.ENROL_TERMINAL: Both("登记终端", "enrol terminals"),
        Permission.MANAGE_NETWORKS: Both("设置可信网络", "set trusted networks"),
        Permission.MANAGE_POLICY: Both("设置复核规则", "set the approval policy"),
        Permission.MANAGE_SETTINGS: Both("修改商户设置", "change the merchant's settings"),
        Permission.READ_PEOPLE: Both("查看人员", "see people"),
        Permission.MANAGE_PEOPLE: Both("管理人员", "manage people"),
        Permission.GRANT_ROLES: Both("授予和收回角色", "grant and take back roles"),
        Permission.MANAGE_ROLES: Both("管理自定义角色", "manage own roles"),
        Permission.RESET_PASSWORD: Both("重设他人密码", "reset a password"),
        Permission.RESET_FACTOR: Both("重设他人的第二重验证", "reset a second factor"),
        Permission.LIFT_LOCK: Both("解除登录暂停", "lift a pause"),
        Permission.END_SESSIONS: Both("结束他人的登录", "end others' sessions"),
        Permission.READ_EVIDENCE: Both("核验存证", "verify the evidence"),
        Permission.EXPORT_EVIDENCE: Both("导出存证", "export evidence"),
        Permission.READ_ACTIVITY: Both("查看操作记录", "see who did what"),
    }
)
ROLES: Final = MappingProxyType(
    {
        Role.CASHIER: Both("操作员", "an operator"),
        Role.SUPERVISOR: Both("主管", "a supervisor"),
        Role.SHOP_MANAGER: Both("店长", "a shop manager"),
        Role.ACCOUNTANT: Both("财务", "an accountant"),
        Role.ADMINISTRATOR: Both("管理员", "an administrator"),
        Role.AUDITOR: Both("审计员", "an auditor"),
        Role.COMPLIANCE: Both("合规人员", "a compliance officer"),
    }
)


def who_may(permission: Permission) -> Both:
    """The first role that has it, as a person to ask."""
    return next(called for role, called in ROLES.items() if permission in ALLOWED[role])
