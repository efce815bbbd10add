"""Whatever a hurried hand does, a customer is charged once."""

from tests.doors.till.steps import ALIPAY, Till


def test_a_form_sent_twice_charges_once(till: Till, served):
    till.start()
    till.ask("41.01")
    till.page.fill("#code", ALIPAY)
    with till.page.expect_navigation(url="**/till/payments/*"):
        till.page.evaluate("const form = document.querySelector('form[data-scan]'); form.submit(); form.submit()")
    till.turns("good")
    assert served.count(4101) == 1


def test_the_same_form_from_two_connections_charges_once(till: Till, served):
    till.start()
    till.ask("41.02")
    send = """async () => {
      const form = document.querySelector("form[data-scan]");
      form.querySelector("#code").value = "134567890123456789";
      const body = () => new URLSearchParams(new FormData(form));
      const answers = await Promise.all([1, 2, 3].map(() => fetch(form.action, {method: "POST", body: body()})));
      return answers.map((answer) => answer.url);
    }"""
    assert len(set(till.page.evaluate(send))) == 1
    assert served.count(4102) == 1


def test_back_and_reload_show_the_result_and_charge_nothing(till: Till, served):
    till.start()
    paid = till.take("41.03")
    till.page.reload()
    till.page.go_back()
    till.page.wait_for_url(f"**/till/payments/{paid}")
    till.turns("good")
    assert served.count(4103) == 1


def test_a_second_tab_with_the_same_page_is_shown_the_first_ones_result(till: Till, served):
    till.start()
    till.ask("41.04")
    other = till.tab()
    other.page.goto(till.page.url)
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    other.scan(ALIPAY)
    other.page.wait_for_selector("section.result")
    other.submit("a.primary")
    assert other.payment_id == till.payment_id
    assert served.count(4104) == 1


def test_two_tabs_take_two_payments(till: Till, served):
    till.start()
    other = till.tab()
    till.ask("41.05")
    other.ask("41.05")
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    other.scan(ALIPAY)
    other.page.wait_for_url("**/till/payments/*")
    assert served.count(4105) == 2


def test_a_void_sent_twice_is_one_void(till: Till, served):
    till.start("00")
    paid = till.take("41.06")
    till.go(f"/till/records/{paid}")
    till.submit("a[href*='/back/']")
    till.submit("button[value=TEST]")
    with till.page.expect_navigation(url="**/back/*"):
        till.page.evaluate("const form = document.querySelector('main form'); form.submit(); form.submit()")
    till.page.wait_for_selector("section.result.good")
    assert [leg.kind for leg in served.payment(paid).legs] == ["void"]
