"""What a scanner with rules of one's own would look for, held here with the other rules of the house."""

from __future__ import annotations

import ast
import re

import pytest

from tests.rules.source import PACKAGE, ROOT, Source, package, planted

# One of these at the end of a name: what somebody shows to be believed, or is not to be told.
_SECRETS = re.compile(r"(^|_)(token|csrf|secret|password|signature|credential|api_key)$")
# Tables that are added to and never written over: what they hold is the evidence.
_EVIDENCE = ("evidence_leaf", "evidence_checkpoint", "evidence_tile", "approval")
_LOUD = ("debug", "info", "warning", "error", "exception", "critical")
# Written over or thinned by their own rules, each with its reason.
MAY_CHANGE = {
    "src/counterfoil/evidence/thin.py": "checkpoints between two that are kept go after 90 days",
    "src/counterfoil/evidence/signer.py": "how long a checkpoint is kept; the note itself stays",
}
# Compared with ``==``, each with its reason.
MAY_COMPARE = {
    "src/counterfoil/doors/screen/pages.py": "a guest's own cookie with itself, to send it once",
    "src/counterfoil/records/cursor.py": "the form of base64; the MAC beside it is compared in constant time",
}
# A text as it is, without escaping: where it was made by us.
RAW = {"src/counterfoil/doors/screen/qr_code.py"}


def secrets_compared(source: Source) -> list[str]:
    """``==`` on what is to be kept secret tells by its time how much of a guess was right."""
    if source.path in MAY_COMPARE:
        return []
    return [
        f"{source.path}: line {node.lineno}: use hmac.compare_digest"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and any(map(_is_secret, (node.left, *node.comparators)))
        and not any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
    ]


def _is_secret(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(_SECRETS.search(name))


def logged_as_text(source: Source) -> list[str]:
    """A message put together before it is logged passes by the list of what may be logged."""
    return [
        f"{source.path}: line {node.lineno}: log an event and its keys"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _LOUD
        and re.search(r"(^|_)log(ger)?$", source.full_name(node.func.value).split(".")[-1])
        and any(not isinstance(given, ast.Constant) for given in node.args)
    ]


def evidence_changed(source: Source) -> list[str]:
    """SQL, or a Drop or Guard of the store, that would change evidence or take it away."""
    if source.path in MAY_CHANGE:
        return []
    text = "|".join(_EVIDENCE)
    found = re.finditer(rf'(?i)(update|delete\s+from)\s+"?({text})\b', source.text)
    lines = [source.text.count("\n", 0, each.start()) + 1 for each in found]
    lines += [
        node.lineno
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and source.full_name(node.func).split(".")[-1] in ("Drop", "Guard", "update", "delete")
        and node.args
        and source.full_name(node.args[0]).split(".")[-1] in _EVIDENCE
    ]
    return [f"{source.path}: line {line}: evidence is added to, never changed" for line in lines]


def raw_in_templates(name: str, text: str) -> list[str]:
    return [
        f"{name}: {each}"
        for each in re.findall(r"\|\s*safe\b|autoescape\s+false|\bon[a-z]+=\"|<style|javascript:", text)
    ]


def markup(source: Source) -> list[str]:
    return [
        f"{source.path}: line {node.lineno}: a text goes into a page escaped"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and source.full_name(node.func).split(".")[-1] == "Markup"
        and source.path not in RAW
    ]


RULES = (secrets_compared, logged_as_text, evidence_changed, markup)


@pytest.mark.parametrize("rule", RULES)
def test_no_file_of_the_package_breaks_it(rule):
    assert [line for source in package() for line in rule(source)] == []


def test_no_template_lets_a_text_through_unescaped():
    templates = [path for path in (ROOT / PACKAGE).rglob("*.html") if "vendor" not in path.parts]
    assert len(templates) > 50
    assert [line for path in templates for line in raw_in_templates(path.name, path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (secrets_compared, "if form_csrf == session.csrf: pass"),
        (secrets_compared, "ok = token != kept_token"),
        (logged_as_text, "_log.info(f'token {token}')"),
        (logged_as_text, "self._log.error('x' + y)"),
        (evidence_changed, "SQL = 'DELETE FROM evidence_leaf WHERE merchant_id = 1'"),
        (evidence_changed, "Drop(evidence_checkpoint, row)"),
        (markup, "Markup(name)"),
    ],
)
def test_what_breaks_it_is_found(rule, text):
    assert rule(planted("src/counterfoil/x.py", text))


@pytest.mark.parametrize("text", ["{{ name|safe }}", "{% autoescape false %}", '<a onclick="x()">', "<style>"])
def test_a_template_that_lets_a_text_through_is_found(text):
    assert raw_in_templates("x.html", text)
