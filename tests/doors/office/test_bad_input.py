"""What no form would send, and what people type when they are in a hurry."""

from __future__ import annotations

import pytest

from counterfoil.testing.house import PASSWORD
from tests.doors.office.conftest import Office

LONG = "长" * 65
RIGHT_TO_LEFT = "店\u202e名"


@pytest.mark.parametrize("name", ["", "   ", LONG, RIGHT_TO_LEFT, "a\nb"])
def test_a_name_that_is_none_is_refused_with_the_form_kept(office: Office, name):
    office.start()
    office.go("/office/shops/add")
    answer = office.post("/office/shops/add", name=name, day_ends="60")
    assert "CF-2014" in answer
    assert '<option value="60" selected>' in answer


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": "", "password": PASSWORD}, "CF-2041"),
        ({"number": "12345678901", "password": PASSWORD}, "CF-2007"),
        ({"number": "01", "password": PASSWORD}, "CF-2006"),
        ({"number": "71", "password": "short"}, "CF-2005"),
        ({"number": "<b>1</b>", "password": PASSWORD}, "CF-2007"),
    ],
)
def test_an_operator_that_cannot_be_is_refused_and_no_password_comes_back(office: Office, fields, code):
    office.start()
    office.go("/office/operators/add")
    answer = office.post_and_confirm("/office/operators/add", name="某", role="emperor", **fields)
    assert code in answer
    assert PASSWORD not in answer
    assert "<b>" not in answer.split("<main", 1)[1]


def test_markup_and_emoji_in_a_name_are_shown_as_they_are(office: Office):
    office.start()
    office.go("/office/shops/add")
    office.page.fill("#name", "<i>店</i> 🧋")
    office.submit("form[action$='/add'] button.primary")
    assert office.page.inner_text("h1") == "<i>店</i> 🧋"


def test_the_longest_name_breaks_no_page(office: Office):
    office.start()
    office.page.set_viewport_size({"width": 390, "height": 844})
    office.go("/office/shops/add")
    office.page.fill("#name", "W" * 64)
    office.submit("form[action$='/add'] button.primary")
    assert office.wide() <= 0
    office.go("/office/shops")
    assert office.wide() <= 0
    office.go("/office/records")
    assert office.wide() <= 0


def test_an_end_of_day_that_was_not_offered_is_refused(office: Office):
    office.start()
    office.go("/office/shops/add")
    assert "CF-2017" in office.post("/office/shops/add", name="夜店", day_ends="999999999999999999999")


@pytest.mark.parametrize("position", ["", "-1", "abc", "9" * 40, "１２", "1e3", "999999"])
def test_a_position_that_is_none_is_refused(looking: Office, position):
    assert looking.page.goto(f"{looking.url}/office/evidence/entry?position={position}").status == 404
    assert "CF-1809" in looking.text()


@pytest.mark.parametrize(
    "query",
    [
        *("from=2026-13-01", "from=9999-12-31&to=9999-12-31", "min=38.505", "min=abc", "min=2&max=1"),
        *("status=nonsense", "wallet=x", "after=x", "since=x", "until=9999-12-31T00:00", "shop=x", "account=x"),
        *("provider=" + "x" * 65, "method=wechat"),
    ],
)
def test_a_filter_that_cannot_be_is_said_above_an_empty_list(looking: Office, query):
    assert 400 <= looking.page.goto(f"{looking.url}/office/records?{query}").status < 500
    assert looking.page.is_visible(".note.bad")
    assert looking.page.query_selector("tbody") is None


@pytest.mark.parametrize("one", ["records", "shops", "terminals", "operators"])
def test_an_address_with_no_id_in_it_leads_nowhere(looking: Office, one):
    for what in ("x", "00000000-0000-4000-8000-000000000000", "%00", "..%2f"):
        assert looking.page.goto(f"{looking.url}/office/{one}/{what}").status in (400, 404)


def test_a_form_sends_nobody_to_another_site(office: Office):
    office.start()
    office.go("/office/settings")
    for back in ("https://elsewhere.example", "//elsewhere.example", "/till/menu", "/office/\\elsewhere"):
        office.post("/office/theme", theme="dark", back=back)
        csrf = office.page.get_attribute("input[name=csrf]", "value") or ""
        answer = office.context.request.post(
            office.url + "/office/theme",
            form={"csrf": csrf, "theme": "purple", "back": back},
            headers={"Origin": office.url},
            max_redirects=0,
        )
        assert answer.headers["location"] == "/office/home"


@pytest.mark.parametrize("name", ["", " ", LONG, RIGHT_TO_LEFT, "a\nb", "\u0000"])
@pytest.mark.parametrize("path", ["shops", "terminals", "operators"])
def test_a_new_name_that_is_none_is_refused_and_nothing_changes(office: Office, path, name):
    office.start()
    office.go(f"/office/{path}")
    office.submit("tbody a.whole")
    before = office.page.inner_text("main dl.facts")
    one = office.page.url.removeprefix(office.url)
    assert "CF-2014" in office.post(f"{one}/name", name=name)
    office.go(one)
    assert office.page.inner_text("main dl.facts") == before


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "ماكينة", "🧋" * 64, "a" * 64])
def test_what_can_be_a_name_is_shown_as_it_is_typed(office: Office, label):
    office.start()
    office.go("/office/terminals")
    office.submit("tbody a.whole")
    one = office.page.url.removeprefix(office.url)
    office.post(f"{one}/name", name=label)
    office.go(one)
    assert label in office.text()
    office.page.set_viewport_size({"width": 390, "height": 844})
    office.go("/office/terminals")
    assert office.wide() <= 0
    assert label in office.text()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 500,
        "sort=99",
        "sort=-1",
        "sort=abc",
        "page=0",
        "page=99999",
        "page=-3",
        "order=sideways",
        "q=%E2%80%AE",
    ],
)
@pytest.mark.parametrize("path", ["shops", "operators"])
def test_an_address_of_a_list_that_was_made_up_shows_a_list(looking: Office, path, query):
    assert looking.page.goto(f"{looking.url}/office/{path}?{query}").status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("evidence?before=abc", 200), ("evidence?before=0", 200), ("evidence?before=" + "9" * 40, 200)),
        *(("evidence/checkpoint/0", 404), ("evidence/checkpoint/x", 404), ("evidence/checkpoint/99999999", 404)),
        *(("evidence/record", 404), ("evidence/record?number=", 404), ("evidence/record?number=<b>", 404)),
        *(("faults/CF-0000", 404), ("faults/x", 404), ("faults/2001", 200), ("faults/cf2001", 200)),
    ],
)
def test_an_address_that_was_typed_is_answered_plainly(looking: Office, path, status):
    assert looking.page.goto(f"{looking.url}/office/{path}").status == status


def test_a_preference_that_is_none_is_the_usual_one(office: Office):
    office.start()
    office.go("/office/settings")
    for path, name in (("theme", "theme"), ("keypad", "keypad"), ("language", "language")):
        for value in ("", "x" * 500, "\u202e", "<b>"):
            office.post(f"/office/{path}", **{name: value, "back": "/office/settings"})
    office.go("/office/settings")
    assert len(office.page.query_selector_all("main button[aria-pressed=true]")) == 3
