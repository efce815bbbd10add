"""A provider made from the template, in a package of its own: one folder, found by itself, held to conduct at once."""

import sys

import pytest

from counterfoil.basis import Both, Money, Refused
from counterfoil.providers import DeclineReason, fault_of, scan
from counterfoil.testing.conduct import Misconduct, cases_of, new_provider, try_case

# What a newcomer writes from the provider's documents: the table of codes.
CODES = """CODES: Final[Mapping[str, Said | DeclineReason]] = {
    "OK": Said.OK,
    "PENDING": Said.PENDING,
    "NOT_FOUND": Said.NOT_FOUND,
    "NOTHING_TO_UNDO": Said.NOTHING_TO_UNDO,
    "NO_FUNDS": DeclineReason.BALANCE,
    "CLOSED": DeclineReason.CLOSED,
    "NOT_ALLOWED": DeclineReason.NOT_PERMITTED,
    "USED": DeclineReason.NOT_PERMITTED,
}
"""
EMPTY = "CODES: Final[Mapping[str, Said | DeclineReason]] = {}\n"


class Toy:
    """The package ``toy_pay`` in a folder of its own, as if it were installed there."""

    def __init__(self, site):
        self.site = site
        self.home = site / "toy_pay"
        new_provider(self.home, package="toy_pay", provider="toy")
        metadata = site / "toy_pay-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-pay\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text("[counterfoil.providers]\ntoy = toy_pay\n")

    def edit(self, name, old, new):
        path = self.home / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    async def tried(self, half=None, name=None):
        """What became of each rule: "" where it was kept, else what was said."""
        _forget()
        manifest = scan()["toy"]
        found = {}
        for case in cases_of(manifest):
            if half in {None, case.half} and name in {None, case.name}:
                try:
                    await try_case(manifest, case, self.site / "run")
                except Misconduct as told:
                    found[case.name] = str(told)
                else:
                    found[case.name] = ""
        return found


def _forget():
    for name in [name for name in sys.modules if name.partition(".")[0] == "toy_pay"]:
        del sys.modules[name]


@pytest.fixture
def toy(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield Toy(tmp_path)
    _forget()


def test_an_installed_package_is_found_without_being_imported(toy):
    (toy.home / "__init__.py").write_text("raise RuntimeError('imported')")
    found = scan()
    assert (found["toy"].package, found["toy"].name_zh) == ("toy_pay", "样板")
    assert {"cash", "lakala"} < set(found)
    assert "toy_pay" not in sys.modules


async def test_the_template_passes_the_first_half_and_not_the_second(toy):
    assert set((await toy.tried(half=1)).values()) == {""}
    assert (await toy.tried(name="takes_money_once"))["takes_money_once"].startswith("a payment that went well is")


async def test_a_toy_with_its_table_of_codes_behaves(toy):
    toy.edit("messages.py", EMPTY, CODES)
    said = await toy.tried()
    assert {name: told for name, told in said.items() if told} == {}
    assert len(said) > 25


SAYS_NO = 'return Declined(reason=DeclineReason.OTHER, code="silence")'
CHARGED = '"order": call.order_no,\n            "amount"'
# What is wrong: the file, what stands there, what stands there instead, and the rule that finds it.
MISTAKES = {
    "a silence is a no": (
        "connector.py",
        "return Unknown(Why.NO_ANSWER, str(error))",
        SAYS_NO,
        "says_when_no_answer_came",
    ),
    "a refused connection may have arrived": (
        "connector.py",
        "return Unknown(Why.NOT_SENT, str(error))",
        "return Unknown(Why.NO_ANSWER, str(error))",
        "says_when_nothing_was_sent",
    ),
    "the signature is not checked": (
        "signing.py",
        "if not hmac",
        "if len(body) < 0 and not hmac",
        "believes_no_flipped_bit",
    ),
    "the status is not looked at": ("connector.py", "status != _OK", "status < 0", "believes_no_altered_answer"),
    "the number is not compared": (
        "messages.py",
        '"order": expected.order_no, ',
        "",
        "believes_no_altered_answer",
    ),
    "the amount is not compared": (
        "messages.py",
        '"amount": expected.amount_minor,',
        "",
        "finds_what_was_done_and_not_said",
    ),
    "the currency is not compared": ("messages.py", '"currency": "CNY",', "", "finds_what_was_done_and_not_said"),
    "any code is a yes": (
        "messages.py",
        "CODES.get(code)",
        "CODES.get(code, Said.OK)",
        "finds_what_was_done_and_not_said",
    ),
    "limits are not looked at": (
        "connector.py",
        "call.auth_code is None or not self._limits.allows(call.amount)",
        "call.auth_code is None",
        "sends_nothing_over_its_limits",
    ),
    "each try has a number of its own": (
        "connector.py",
        CHARGED,
        CHARGED.replace(",", " + self._means.entropy.bytes(2).hex(),"),
        "takes_money_once",
    ),
    "what is not found was refused": (
        "messages.py",
        "CODES.get(code)",
        'CODES.get("OK" if code == "NOT_FOUND" else code)',
        "finds_what_was_not_done",
    ),
    "a refund is sent under the payment's number": (
        "connector.py",
        '{"order": call.order_no, "origin": call.origin_order_no, "amount": call.amount.minor}',
        '{"order": call.origin_order_no, "amount": call.amount.minor}',
        "refunds_once",
    ),
    "a silence is raised": ("connector.py", "except NoAnswer as", "except KeyError as", "says_when_no_answer_came"),
    "the README says nothing": ("README.md", "Documented", "Told", "has_its_files"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_the_kit_finds_a_mistake(toy, mistake):
    name, right, wrong, rule = MISTAKES[mistake]
    toy.edit("messages.py", EMPTY, CODES)
    toy.edit(name, right, wrong)
    assert (await toy.tried(name=rule))[rule]


def test_a_payment_code_may_not_be_declared_showable(toy):
    toy.edit("manifest.toml", '"order", "origin"', '"order", "auth_code"')
    with pytest.raises(Refused) as refused:
        scan()
    assert refused.value.kind.code == "CF-4220"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_provider_says_a_no_in_its_own_words(toy, language):
    texts = scan()["toy"].texts
    kind = fault_of(DeclineReason.FUNDS_SHORT, texts)
    own = kind(provider=Both("样板", "Template"), amount=Money(100)).tell(language)
    ours = fault_of(DeclineReason.FUNDS_SHORT)(provider=Both("样板", "Template"), amount=Money(100)).tell(language)
    assert own.code == ours.code
    assert own.do != ours.do
    assert "{" not in own.what + own.money + own.do
    assert fault_of(DeclineReason.BALANCE, texts) is fault_of(DeclineReason.BALANCE)


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("[funds_short]", "[no_such_reason]", "no_such_reason"),
        ('do_en = "', 'do_en = ""  # "', "texts.funds_short.do_en"),
        ('what_en = "The {provider}', 'what_en = "The {customer}', "texts.funds_short.what_en"),
        ('what_en = "The {provider}', 'other = "', "other"),
        ("[funds_short]", "[funds_short", "texts.toml"),
        ('en = "the payer has', 'en = ""  # "', "texts.toml"),
        ('en = "the payer has', 'en = "{provider} has', "codes.E1001.en"),
        ("E1001 =", '"E 1001" =', "codes.E 1001"),
        ('zh = "付款方余额不足", ', "", "texts.toml"),
    ],
)
def test_a_wrong_text_is_named(toy, right, wrong, named):
    toy.edit("texts.toml", right, wrong)
    with pytest.raises(Refused) as refused:
        scan()
    told = refused.value.tell("en").what
    assert "texts.toml" in told
    assert named in told


def test_two_packages_of_one_name_are_refused(toy):
    (toy.site / "toy_pay-1.0.dist-info" / "entry_points.txt").write_text("[counterfoil.providers]\ncash = toy_pay\n")
    toy.edit("manifest.toml", 'id = "toy"', 'id = "cash"')
    with pytest.raises(Refused) as refused:
        scan()
    assert refused.value.kind.code == "CF-4221"


def test_an_entry_point_that_leads_nowhere_is_refused_by_name(toy):
    (toy.site / "toy_pay-1.0.dist-info" / "entry_points.txt").write_text("[counterfoil.providers]\ntoy = no_such_toy\n")
    with pytest.raises(Refused) as refused:
        scan()
    assert "no_such_toy" in refused.value.tell("en").what
