"""A scanner is a keyboard that types fast. It works wherever the focus is; a person's typing is not taken for it."""

from tests.doors.till.steps import WECHAT, Till
from tests.keys import SLOW_SCANNER


def test_a_scan_charges_with_the_focus_nowhere(till: Till):
    till.start()
    till.ask("42.01")
    till.page.evaluate("document.activeElement.blur()")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    till.turns("good")


def test_a_scan_on_the_keypad_charges_the_amount_keyed(till: Till, served):
    till.start()
    till.go("/till/take")
    till.key("42.02")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    assert served.payment(till.payment_id).amount_minor == 4202


def test_a_scan_before_any_amount_charges_nothing_and_asks_for_it(till: Till):
    till.start()
    till.go("/till/take")
    till.scan()
    assert not till.sent()
    assert till.page.url.endswith("/till/take")
    assert till.page.input_value("#amount") == ""
    assert till.page.evaluate("document.activeElement.id") == "amount"  # the browser says there what is missing


def test_digits_typed_by_hand_with_pauses_are_no_scan(till: Till):
    till.start()
    till.ask("42.03")
    till.page.evaluate("document.activeElement.blur()")
    till.key(WECHAT, "Enter")
    assert not till.sent()
    assert "/till/take/" in till.page.url


def test_a_slow_scanner_is_a_scanner(till: Till):
    till.start()
    till.ask("42.04")
    till.page.evaluate("document.activeElement.blur()")
    till.scan(apart=SLOW_SCANNER)
    till.page.wait_for_url("**/till/payments/*")
    till.turns("good")


def test_the_amount_is_read_as_people_write_it(till: Till):
    till.start()
    for typed, read in (
        ("38", "38.00"),
        ("38.5", "38.50"),
        ("３８", "38.00"),
        ("38元", "38.00"),
        ("¥1,038", "1038.00"),
    ):
        till.go("/till/take")
        till.page.fill("#amount", typed)
        till.submit(".key.go")
        assert till.page.url.endswith(f"?amount={read}"), typed


def test_what_is_no_amount_is_refused_with_the_keypad_still_there(till: Till):
    till.start()
    for typed, code in (
        ("0", "CF-3101"),
        ("-5", "CF-1801"),
        ("1.005", "CF-1801"),
        ("10000001", "CF-3101"),
        ("abc", "CF-1801"),
        ("$5", "CF-1801"),
    ):
        till.go("/till/take")
        till.page.fill("#amount", typed)
        till.submit(".key.go")
        assert code in till.page.inner_text(".note.bad"), typed
        assert till.page.input_value("#amount") == typed
