"""Draw docs/guide/roles.md from the table of roles: ``python tools/draw_roles.py > docs/guide/roles.md``."""

from __future__ import annotations

import sys

from counterfoil.locale import translator
from counterfoil.people import ALLOWED, DANGEROUS, WHOLE_MERCHANT, Permission, Role

HEAD = """# Who may do what · 谁能做什么

Drawn from the table in `src/counterfoil/people/permission.py` by `tools/draw_roles.py`; a test holds this page against
it. What is not ticked is refused. A merchant can make roles of its own beside these, from the same permissions.

- A role is given in one shop or in all. What is marked *all* concerns the merchant as a whole: given in one shop it
  says nothing.
- Nobody gives, takes or makes what they do not hold themselves.
- What is marked *!* cannot be made good by the next person who looks, or opens the way to such a thing: in the office
  it needs a second factor.
- The name in the first column stands in the log and never changes its meaning. Some of these acts are not built yet.

角色可以只在一家门店生效，也可以在全部门店生效。标 *all* 的事项关系到整个商户，只在一家门店给了等于没给。谁也不能给出、
收回或放进角色里自己没有的权限。标 *!* 的事项在后台要第二重验证。

"""


def page() -> str:
    """The whole page."""
    zh, en = translator("zh-CN"), translator("en")
    names = [f"{zh(f'office.role.{role.value}')} {en(f'office.role.{role.value}')}" for role in Role]
    lines = [f"| | 事项 · what | | {' | '.join(names)} |", f"|---|---|---|{'---|' * len(names)}"]
    for permission in Permission:
        told = f"{zh(f'office.may.{permission.value}')} · {en(f'office.may.{permission.value}')}"
        marks = " ".join(mark for mark, some in (("!", DANGEROUS), ("all", WHOLE_MERCHANT)) if permission in some)
        may = " | ".join("✓" if permission in ALLOWED[role] else "" for role in Role)
        lines.append(f"| `{permission.value}` | {told} | {marks} | {may} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
