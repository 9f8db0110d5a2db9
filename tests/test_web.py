"""The web app as its users meet it: a real server, a real browser, nothing from outside this machine."""

import csv
import html
import json
import re
import shutil
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from assistant.documents import fold, schools
from assistant.settings import Settings
from assistant.web import reading
from assistant.web.asking import EXAMPLES
from assistant.web.meters import Meters
from assistant.web.page import pages
from assistant.web.server import MAX_SESSIONS
from assistant.web.server import site as application
from assistant.web.views import Views
from tests.commands import free_port, serving
from tests.conftest import CHROMIUM, missing
from tests.contract import check_answer

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def site(corpus_index):
    if not CHROMIUM.exists():
        missing(f"no browser at {CHROMIUM}")
    with serving(corpus_index) as address:
        yield address


@pytest.fixture(scope="module")
def browser(site):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, site):
    """Opens the page in a context of its own; at the end: no request has left this machine, no script has failed."""
    contexts, requests, failures = [], [], []

    def make(query="", width=1280, height=900):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: (failures.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{site}/{query}")
        page.get_by_label("Oakfield Primary School").wait_for()
        return page

    yield make
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith((site, "data:", "blob:"))] == []
    assert failures == []


def ask(page, question, school=None):
    """Type, press Ask, and return the answer (the newest stands first)."""
    if school:
        page.get_by_label(school).check()
    count = page.locator(".turn").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    return answered(page, count + 1)


def answered(page, count):
    page.wait_for_function("count => document.querySelectorAll('.turn').length === count", arg=count)
    return page.locator(".turn").first


def words(locator):
    return " ".join(locator.inner_text().split())


def test_an_answer_shows_the_clause_in_a_blockquote_with_its_place(visit):
    page = visit()
    answer = ask(
        page, "A former pupil has followed me on Instagram. Is that a problem?", "Harbour Light Learning Trust"
    )
    assert words(answer.locator("h2")) == "Question: A former pupil has followed me on Instagram. Is that a problem?"
    card = answer.locator("figure.quote").first
    assert len(words(card.locator("blockquote"))) > 20
    caption = words(card.locator("figcaption"))
    assert "Harbour Light Learning Trust" in caption
    assert "Word for word from harbour-" in caption
    assert page.get_by_label("Your question").input_value() == ""
    assert answer.get_by_role("button", name="Copy a report of a problem with this answer").count() == 1
    assert answer.locator(".marking").count() == 0  # nothing is kept: there is nothing to send


def test_quotes_are_of_the_chosen_school_only(visit):
    page = visit()
    answer = ask(page, "Can I accept a friend request from a parent?", "Thornbury Academy")
    ids = re.findall(r"<code>([^<]*)</code>", answer.inner_html())
    assert {name.split("/")[0] for name in ids} == {"thornbury"}


def test_a_worry_shows_the_card_above_everything(visit):
    page = visit()
    answer = ask(page, "A pupil told me that her stepdad hits her. What do I do?", "Oakfield Primary School")
    card = answer.locator("section.card")
    assert card.get_attribute("aria-label") == "Safeguarding advice"
    assert card.evaluate("card => card.previousElementSibling.tagName") == "H2"
    text = words(card)
    assert "Tell someone today" in text
    assert "Helen Marchetti" in text
    assert "Nobody has been told by this page." in text
    assert card.locator("a[href='tel:01632960201']").count() == 1
    assert card.locator("a[href='mailto:safeguarding@oakfield-primary.example']").count() == 1
    if answer.locator("figure.quote").count():
        assert words(answer.locator("section.card + p")).startswith("Act on the advice above first.")


def test_an_emergency_names_999_first(visit):
    page = visit()
    answer = ask(page, "A pupil in my room has a knife", "Willow Bank Community Primary School")
    card = answer.locator("section.card.emergency")
    assert words(card.locator("h3")) == "Emergency"
    assert words(card.locator("p")).startswith("Emergency: call 999 now")
    assert "999" in words(card.locator("li").first)
    assert card.locator("a").first.get_attribute("href") == "tel:999"


def test_silence_is_said_plainly_and_near_clauses_are_no_answer(visit):
    page = visit()
    answer = ask(page, "How many days of paternity leave do I get?", "Oakfield Primary School")
    assert words(answer.locator(".verdict")).startswith("Not covered.")
    assert answer.locator("> figure.quote").count() == 0
    near = answer.locator("details")
    assert words(near.locator("summary")) == "Nearest clauses: not an answer"
    assert not near.locator("blockquote").first.is_visible()
    near.locator("summary").click()
    assert near.locator("blockquote").first.is_visible()


def test_small_talk_is_declined(visit):
    answer = ask(visit(), "hello!")
    assert words(answer.locator(".verdict")).startswith("Not a policy question.")


def test_clear_empties_the_conversation(visit):
    page = visit()
    ask(page, "May I post photos of pupils?")
    page.get_by_label("Your question").fill("half a thought")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("() => document.querySelectorAll('.turn').length === 0")
    page.wait_for_function("() => document.querySelector('#question textarea').value === ''")


def test_an_example_is_asked_by_its_button(visit):
    page = visit()
    button = page.locator("#examples button").first
    question = words(button)
    button.click()
    assert words(answered(page, 1).locator("h2")) == f"Question: {question}"


@pytest.mark.parametrize("question", EXAMPLES)
def test_every_example_has_an_answer_somewhere(assistant, question):
    found = schools(shelf.document for shelf in assistant.index.snapshot().shelves)
    assert "answered" in {assistant.ask(question, slugs).status for slugs in found.values()}


def test_the_newest_answer_stands_first_and_follow_ups_are_kept(visit):
    page = visit()
    ask(page, "May I post photos of pupils?")
    answer = ask(page, "What about their parents?")
    assert "What about their parents?" in words(answer)
    assert "May I post photos of pupils?" in words(page.locator(".turn").nth(1))


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 760)])
def test_an_answer_comes_under_the_eyes(visit, width, height):
    page = visit(width=width, height=height)
    ask(page, "A pupil told me that her stepdad hits her. What do I do?")
    page.wait_for_function(
        "() => { const top = document.querySelector('.turn').getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2; }"
    )


def test_an_answer_is_announced_once_and_alone(visit):
    page = visit()
    ask(page, "May I post photos of pupils?")
    worry = ask(page, "A pupil told me that her stepdad hits her.", "Oakfield Primary School")
    page.locator("#said").get_by_text("Tell someone today").wait_for()
    spoken = [words(part) for part in worry.locator(".card, .verdict").all()]
    assert words(page.locator("#said")) == " ".join(spoken)
    assert page.locator("#answers [aria-live]").count() == 0


@pytest.mark.parametrize(
    ("tab", "box", "button"), [("Ask", "Your question", "Ask"), ("Compare", "One question for every school", "Compare")]
)
def test_what_takes_over_a_second_is_said(visit, tab, box, button):
    page = visit()
    page.get_by_role("tab", name=tab).click()
    page.route("**/gradio_api/queue/join*", lambda route: (page.wait_for_timeout(2500), route.continue_()))
    page.get_by_label(box).fill("May I post photos of pupils?")
    page.get_by_role("button", name=button, exact=True).click()
    busy = page.get_by_role("status").get_by_text("Working on it…")
    busy.wait_for()
    busy.wait_for(state="detached")
    page.unroute_all(behavior="ignoreErrors")


def test_an_empty_question_is_asked_for(visit):
    page = visit()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("alert").get_by_text("Type a question first.").wait_for()
    assert page.locator(".turn").count() == 0


def test_the_keyboard_alone_is_enough(visit):
    """Tab to a school and choose it with the space bar, tab to the question, type, tab to Ask and press Enter."""
    page = visit()

    def tab_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate(f"() => {name}"):
                assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        pytest.fail(f"no tab stop: {name}")

    tab_to("document.activeElement.value === 'Thornbury Academy'")
    page.keyboard.press("Space")
    tab_to("document.activeElement.tagName === 'TEXTAREA'")
    page.keyboard.type("Can I accept a friend request from a parent?")
    tab_to("document.activeElement.id === 'ask'")
    page.keyboard.press("Enter")
    assert "<code>thornbury/" in answered(page, 1).inner_html()


@pytest.mark.parametrize("school", ["thornbury", "Thornbury Academy"])
def test_an_address_opens_a_school_and_a_question(visit, school):
    page = visit(f"?school={quote(school)}&question={quote('May I post photos & videos?')}")
    page.wait_for_function("() => document.querySelector('#question textarea').value !== ''")
    assert page.get_by_label("Your question").input_value() == "May I post photos & videos?"
    assert page.get_by_label("Thornbury Academy").is_checked()


def test_an_address_that_names_no_school_opens_the_first(visit):
    page = visit(f"?school={quote('<b>nope</b>')}")
    assert page.locator("#school input").first.is_checked()


def test_the_page_tells_its_language_and_title(visit):
    page = visit()
    assert page.evaluate("() => document.documentElement.lang") == "en-GB"
    assert page.title() == "Policy Assistant"
    assert page.locator("h1").all_inner_texts() == ["Policy Assistant"]


@pytest.mark.parametrize(("width", "height"), [(320, 256), (360, 700), (768, 700)])
def test_a_narrow_screen_scrolls_in_one_direction(visit, width, height):
    """The first is a window of 1280 × 1024 at 400 % zoom (WCAG 1.4.10)."""
    page = visit("?school=harbour-trust", width=width, height=height)
    ask(page, "A former pupil has followed me on Instagram. Is that a problem? " + "averylongwordwithnobreak" * 8)
    page.locator("details summary").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => document.body.scrollWidth") <= width


def test_html_in_a_question_is_shown_as_typed(visit):
    page = visit()
    typed = "<img src=x onerror=alert(1)><script>alert(2)</script> Can I post <b>photos</b>?"
    answer = ask(page, typed)
    assert words(answer.locator("h2")) == f"Question: {typed}"
    assert page.locator(".turn img, .turn script, .turn h2 b").count() == 0


def test_html_in_the_address_is_no_markup(visit):
    page = visit(f"?question={quote('<img src=x onerror=alert(1)>')}")
    page.wait_for_function("() => document.querySelector('#question textarea').value !== ''")
    assert page.get_by_label("Your question").input_value() == "<img src=x onerror=alert(1)>"


def test_two_people_do_not_see_each_other_s_questions(visit):
    one, other = visit(), visit()
    ask(one, "May I post photos of pupils?")
    ask(other, "Who looks after the school's account?")
    answer = ask(one, "What about videos?")
    assert "videos" in words(answer)
    assert one.locator(".turn").count() == 2
    assert other.locator(".turn").count() == 1
    assert "photos of pupils" not in words(other.locator("#answers"))
    assert visit().locator(".turn").count() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Gradio leaves its probing socket open
def test_the_conversations_that_are_held_are_bounded():
    views = Views(lambda: None, None, Meters())
    blocks = pages(views)
    application(blocks, views, Settings())
    assert blocks.state_holder.capacity == MAX_SESSIONS


# --- the API for programs


@pytest.fixture(scope="module")
def client(site):
    from gradio_client import Client

    made = Client(site, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def test_the_api_answers_with_the_contract_s_object(client, assistant):
    row = client.predict(
        "A former pupil has followed me on Instagram. Is that a problem?", "harbour-trust", "[]", api_name="/ask"
    )
    check_answer(row)
    assert row["policy"] == "harbour-trust"
    alone = json.loads(
        json.dumps(
            assistant.ask("A former pupil has followed me on Instagram. Is that a problem?", "harbour-trust").as_dict()
        )
    )
    assert [quote["clause"] for quote in row["quotes"]] == [quote["clause"] for quote in alone["quotes"]]


def test_the_api_takes_a_history_and_asks_all_by_default(client):
    history = json.dumps([{"role": "user", "content": "May I post photos of pupils?"}])
    check_answer(client.predict("What about videos?", "", history, api_name="/ask"))
    check_answer(client.predict("May I post photos of pupils?", api_name="/ask"))


@pytest.mark.parametrize(
    ("question", "policy", "history"),
    [
        ("May I?", "nope", "[]"),
        ("", "oakfield", "[]"),
        ("May I?", "oakfield", "no JSON"),
        ("May I?", "oakfield", "[1]"),
        ("May I?", "oakfield", '{"role": "user"}'),
        ("May I?", "oakfield", '[{"role": "user"}]'),
    ],
)
def test_the_api_answers_a_mistake_with_an_error_object(client, question, policy, history):
    row = client.predict(question, policy, history, api_name="/ask")
    check_answer(row)
    assert row["status"] == "error"


def test_the_api_lists_the_policies(client, assistant):
    rows = client.predict(api_name="/policies")
    assert [row["slug"] for row in rows] == [shelf.document.slug for shelf in assistant.index.snapshot().shelves]
    assert all({"slug", "title", "organisation", "clauses"} <= set(row) for row in rows)


def test_the_api_compares_policies(client):
    found = client.predict("May staff have contact with pupils on social media?", api_name="/compare")
    slugs = [row["policy"] for row in found["answers"]]
    assert slugs == sorted(slugs)
    assert len(slugs) == 12
    for row in found["answers"]:
        check_answer(row)
        assert {quote["policy"] for quote in row["quotes"]} <= {row["policy"]}


def test_an_empty_comparison_says_why(client):
    found = client.predict(" ", api_name="/compare")
    assert (found["answers"], "empty" in found["error"]) == ([], True)


def test_the_api_offers_nothing_else(client):
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/ask", "/compare", "/policies"}


# --- compare and policies


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def test_compare_shows_a_row_for_each_school_with_its_clause(visit, assistant):
    """Each row is what the school's own staff would read: quoted from any of its policies, silent where none of them speaks."""
    page = visit()
    open_tab(page, "Compare")
    held = schools(shelf.document for shelf in assistant.index.snapshot().shelves)
    assert max(map(len, held.values())) > 1
    for question, silent in (("May staff have contact with pupils on social media?", 0), ("How is a bus ordered?", 1)):
        page.locator("#compared textarea, #compared input").fill(question)
        page.locator("#compare").click()
        page.locator("#comparison h2").get_by_text(question).wait_for()
        rows = page.locator("#comparison tbody tr")
        assert [words(row.locator("th")) for row in rows.all()] == list(held)
        given = [assistant.ask(question, slugs) for slugs in held.values()]
        assert sum(answer.status == "not_covered" for answer in given) >= silent
        for row, answer in zip(rows.all(), given, strict=True):
            told = words(row)
            assert ("Not covered" in told) == (answer.status == "not_covered")
            assert [words(one) for one in row.locator("figure > figcaption code").all() if one.is_visible()] == [
                quote.clause for quote in answer.quotes[:1]
            ]


def test_the_policies_are_listed_with_their_state_and_read_clause_by_clause(visit):
    page = visit()
    open_tab(page, "Policies")
    rows = page.locator("#policies tbody tr")
    rows.first.wait_for()
    assert rows.count() == 12
    assert page.locator("#policies", has_text="blanks not filled in").count() == 1
    page.locator("#policy input").last.check()
    page.locator("#reader blockquote").first.wait_for()
    every = page.locator("#reader blockquote").count()
    page.locator("#filter textarea, #filter input").fill("photograph")
    page.locator("#filter textarea, #filter input").press("Enter")
    page.wait_for_function(f"() => document.querySelectorAll('#reader blockquote').length < {every}")
    assert 0 < page.locator("#reader blockquote").count() < every
    assert "photograph" in words(page.locator("#reader blockquote").first).lower()


# --- the document at the clause, the evidence sheet, copying


FORMER = "A former pupil has followed me on Instagram. Is that a problem?"


def test_a_clause_opens_in_its_document_set_off_in_the_panel_and_focus_returns(visit):
    page = visit("?school=harbour-trust")
    answer = ask(page, FORMER)
    quoted = words(answer.locator("blockquote").first)
    link = answer.locator("a.open").first
    link.click()
    frame = page.frame_locator("#panel iframe")
    frame.locator("mark").first.wait_for()
    assert " ".join(words(mark) for mark in frame.locator("mark").all()) == quoted
    assert page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert link.evaluate("link => link === document.activeElement")


@pytest.mark.parametrize("slug", ["oakfield", "thornbury", "willow-bank", "tees-valley-union-model", "harbour-trust"])
def test_a_document_is_shown_whole_and_in_its_order(assistant, slug):
    document = assistant.index.snapshot().by_slug[slug].document
    shown = re.sub(r"<[^>]*>", " ", re.sub(r'<p class="page">.*?</p>', "", reading.page(document)).split("</p>", 1)[1])
    assert fold(html.unescape(shown)) == fold(document.text)


def test_a_policy_of_the_same_school_that_a_document_names_is_a_link(site):
    shown = urllib.request.urlopen(f"{site}/read/harbour-complaints").read().decode()
    assert '<a href="harbour-data-protection">Data Protection Policy</a>' in shown
    assert urllib.request.urlopen(f"{site}/read/harbour-data-protection").status == 200
    assert 'href="thornbury"' not in shown


def test_a_title_is_found_whatever_white_space_or_mark_it_holds(assistant):
    document = assistant.index.snapshot().by_slug["harbour-complaints"].document
    other = replace(document, slug="other", title="Data  Protection\nPolicy")
    named = replace(document, slug="named", title="Complaints & <Praise> of Staff")
    text = reading.page(document, "", [document, other, named])
    assert '<a href="other">Data Protection Policy</a>' in text
    assert 'href="harbour-complaints"' not in text
    assert reading.page(document) == reading.page(document, "", [document])


def test_a_document_that_is_not_there_is_a_sentence(site):
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{site}/read/nope?clause=%3Cscript%3E")
    assert error.value.code == 404
    assert "There is no such document" in error.value.read().decode()


@pytest.mark.parametrize(("label", "suffix"), [("as Markdown", ".md"), ("Evidence sheet to print", ".html")])
def test_the_evidence_sheet_holds_the_clause_and_what_proves_it(visit, assistant, label, suffix):
    page = visit("?school=oakfield")
    answer = ask(page, FORMER)
    with page.expect_download() as saved:
        answer.get_by_role("link", name=label).click()
    assert saved.value.suggested_filename.endswith(suffix)
    sheet = Path(saved.value.path()).read_text(encoding="utf-8")
    document = assistant.index.snapshot().by_slug["oakfield"].document
    given = assistant.ask(FORMER, "oakfield")
    assert document.sha256 in sheet
    assert FORMER in sheet
    assert all(html.escape(quote.text, quote=False) in sheet or quote.text in sheet for quote in given.quotes)


def test_a_clause_is_copied_with_its_place(visit):
    page = visit("?school=oakfield")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = ask(page, FORMER)
    answer.get_by_role("button", name="Copy the clause").first.click()
    answer.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert words(answer.locator("blockquote").first) in copied
    assert "Oakfield Primary School" in copied


def test_ctrl_enter_sends_and_the_school_outlives_a_reload(visit):
    page = visit()
    page.get_by_label("Thornbury Academy").check()
    page.get_by_label("Your question").fill("Can I accept a friend request from a parent?")
    page.keyboard.press("Control+Enter")
    answered(page, 1)
    assert "Can I accept" not in page.url
    page.reload()
    page.get_by_label("Thornbury Academy").wait_for()
    assert page.get_by_label("Thornbury Academy").is_checked()
    assert page.locator(".turn").count() == 0


def test_a_comparison_says_where_rules_differ_and_is_saved_as_csv(visit):
    page = visit()
    open_tab(page, "Compare")
    page.locator("#compared textarea, #compared input").fill("Can I be friends with a former pupil on Facebook?")
    page.keyboard.press("Control+Enter")
    page.locator("#comparison tbody tr").first.wait_for()
    assert "Where they differ" in words(page.locator("#comparison"))
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    rows = list(csv.DictReader(Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len({row["school"] for row in rows}) == 5
    assert {row["status"] for row in rows} <= {"answered", "not_covered", "declined"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(visit, site, theme):
    """axe-core, WCAG 2.2 A and AA, every page."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

    def check(name):
        page.wait_for_timeout(600)  # what fades in has its last colours
        found = Axe().run(page, options=rules).response
        assert len(found["passes"]) > 5
        assert [(name, one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []

    page = visit(f"?school=oakfield&__theme={theme}")
    page.emulate_media(color_scheme=theme)
    ask(page, "A pupil told me that her stepdad hits her. May I message her?")
    check("ask")
    open_tab(page, "Compare")
    page.locator("#compared textarea, #compared input").fill("May staff have contact with pupils on social media?")
    page.locator("#compare").click()
    page.locator("#comparison tbody tr").first.wait_for()
    check("compare")
    open_tab(page, "Policies")
    page.locator("#policy input").first.check()
    page.locator("#reader blockquote").first.wait_for()
    page.locator("#changes button").first.click()
    check("policies")
    open_tab(page, "For DSLs")
    page.locator("#contacts-of input").first.check()
    page.locator("#contacts table").wait_for()
    check("leads")
    page.goto(f"{site}/read/oakfield")
    check("read")


# --- changing the documents


@pytest.fixture
def own_site(corpus_index, tmp_path, browser):
    """The app over an index of its own, and a page of it."""
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    with serving(index) as address:
        page = browser.new_context().new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.get_by_label("Oakfield Primary School").first.wait_for()
        yield page
        page.context.close()


KITES = """Kite Policy

1 Flying
1.1 Staff must not fly kites on the school roof.
1.2 Staff may fly kites on the field after four o'clock.
"""


def test_a_policy_is_added_replaced_removed_and_put_back(own_site, tmp_path):
    page = own_site
    open_tab(page, "Policies")
    page.locator("#changes button").first.click()
    page.route("**/gradio_api/queue/join*", lambda route: (page.wait_for_timeout(1500), route.continue_()))

    def press(button):
        """What takes over a second is said in words."""
        page.locator(button).click()
        page.get_by_role("status").get_by_text("Working on it…").wait_for()

    file = tmp_path / "kites.txt"
    file.write_text(KITES, encoding="utf-8")
    page.locator("#upload input[type=file]").set_input_files(str(file))
    page.locator("#upload").get_by_text("kites").first.wait_for()
    press("#add")
    page.locator("#changed").get_by_text("Kite Policy").wait_for()
    page.locator("#policies").get_by_text("kites", exact=True).wait_for()
    page.locator("#policy").get_by_label("Kite Policy (kites)").check()
    page.locator("#reader").get_by_text("on the school roof").wait_for()
    press("#remove")
    page.locator("#changed").get_by_text("kites was removed").wait_for()
    page.locator("#policies").get_by_text("kites", exact=True).wait_for(state="detached")
    page.locator("#former").get_by_label("Kite Policy (kites)").check()
    press("#undo")
    page.locator("#changed").get_by_text("stands as it was read before").wait_for()
    page.locator("#policies").get_by_text("kites", exact=True).wait_for()
    page.unroute_all(behavior="ignoreErrors")


def test_a_file_that_can_t_be_read_is_a_sentence_and_changes_nothing(own_site, tmp_path):
    page = own_site
    open_tab(page, "Policies")
    page.locator("#changes button").first.click()
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.4 nothing more")
    page.locator("#upload input[type=file]").set_input_files(str(file))
    page.locator("#upload").get_by_text("broken").first.wait_for()
    page.locator("#add").click()
    page.locator("#changed [role=alert]").wait_for()
    assert "Traceback" not in words(page.locator("#changed"))
    assert page.locator("#policies tbody tr").count() == 12


def test_contacts_are_confirmed_once_and_answers_stop_saying_that_they_are_not(own_site):
    page = own_site
    unsure = "have not been confirmed by the school"
    assert unsure in words(ask(page, "A pupil told me that her stepdad hits her.", "Oakfield Primary School"))
    open_tab(page, "For DSLs")
    page.locator("#contacts-of").get_by_label("Oakfield Primary School").check()
    page.locator("#contacts").get_by_text("Not confirmed").wait_for()
    page.get_by_role("button", name="These contacts are right").click()
    page.locator("#contacts").get_by_text("Confirmed on").wait_for()
    open_tab(page, "Ask")
    assert unsure not in words(ask(page, "A pupil told me that her stepdad hits her."))


def test_a_lost_connection_and_a_restart_are_sentences_and_the_question_stays(corpus_index, browser):
    port = free_port()
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    with serving(corpus_index, port) as address:
        page.goto(address)
        page.get_by_label("Oakfield Primary School").first.wait_for()
        page.wait_for_function("() => started !== null")  # the page has heard its server once
        page.get_by_label("Your question").fill("May I post photos of pupils?")
        page.context.set_offline(True)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("alert").get_by_text("The connection to Policy Assistant is lost.").wait_for()
        page.context.set_offline(False)
        page.get_by_role("alert").get_by_text("The connection to Policy Assistant is back.").wait_for()
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator("figure.quote").first.wait_for()
        page.get_by_label("Your question").fill("May I post photos of pupils?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("alert").get_by_text("The connection to Policy Assistant is lost.").wait_for()
    assert page.get_by_label("Your question").input_value() == "May I post photos of pupils?"
    with serving(corpus_index, port):
        page.get_by_role("alert").get_by_text("was started anew").wait_for()
        assert page.get_by_label("Your question").input_value() == "May I post photos of pupils?"
        page.reload()
        page.get_by_label("Oakfield Primary School").first.wait_for()
        answered_again = ask(page, "May I post photos of pupils?")
        assert answered_again.locator("figure.quote").count() > 0
    page.context.close()
