"""The guard over real HTTP: every route tried by a user of another school, by nobody, and by people who mean harm."""

import html
import http.client
import json
import re
import time
from base64 import b64decode
from urllib.parse import quote, urlsplit

import httpx
import pytest

from assistant.records import Records
from assistant.users import User, Users
from tests.commands import serving, with_tools
from tests.conftest import CHROMIUM, missing
from tests.contract import check_answer

SECRET = "correct horse battery"
OURS = "Oakfield Primary School"
QUESTION = "May I post photos of pupils?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def site(corpus_index, folder):
    users = Users(folder / "users.json")
    users.put(User("boss", "admin"), SECRET)
    users.put(User("ann", "staff", frozenset({OURS})), SECRET)
    users.put(User("lead", "dsl", frozenset({OURS})), SECRET)
    env = {
        "ASSISTANT_USERS": str(users.path),
        "ASSISTANT_RECORDS": str(folder / "records.sqlite3"),
        "ASSISTANT_LOG": "text",
        "ASSISTANT_IDENTITY_HEADER": "X-User",
        "ASSISTANT_TRUSTED_PROXIES": "192.0.2.0/24",
        "ASSISTANT_MCP": "1",
    }
    with serving(corpus_index, env=env) as address:
        yield address


@pytest.fixture(scope="module")
def signed_in(site):
    """Makes a client with a user's session."""
    made = {}

    def make(name):
        if name not in made:
            made[name] = httpx.Client(base_url=site, timeout=60)
            done = made[name].post("/sign-in", data={"name": name, "password": SECRET})
            assert done.status_code == 303
        return made[name]

    yield make
    for client in made.values():
        client.close()


def raw(site, method, path, body=None, headers=None):
    """A request whose path goes out as it is."""
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(
            method, path, body, headers or {}, encode_chunked=bool(headers and "Transfer-Encoding" in headers)
        )
        response = connection.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def cookie_of(client):
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


# --- another school's text


@pytest.fixture(scope="module")
def foreign(assistant):
    """What gives away another school: its name, its documents' slugs, the words of its clauses that ours does not have."""
    documents = [shelf.document for shelf in assistant.index.snapshot().shelves]
    ours = " ".join(document.text for document in documents if document.organisation == OURS)
    found = set()
    for document in documents:
        if document.organisation != OURS:
            found |= {f"{document.slug}/", *([document.organisation] if document.organisation else [])}
            found |= {
                clause.text[:70]
                for clause in document.clauses
                if len(clause.text) > 40 and clause.text[:70] not in ours
            }
    assert len(found) > 200
    return found


def gives_away(foreign, body):
    saved = re.findall(r"base64,([A-Za-z0-9+/=]+)", body)  # evidence sheets, CSV files
    text = html.unescape(body) + "".join(html.unescape(b64decode(one).decode()) for one in saved)
    try:
        text += html.unescape(json.dumps(json.loads(body), ensure_ascii=False))
    except ValueError:
        text += html.unescape(re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), body))
    return sorted(one for one in foreign if one in text)


def joined(client, number, data, session="abcdefgh123"):
    """What an event of the page gives: the answer to joining the queue and all that comes of it."""
    done = client.post("/gradio_api/queue/join", json={"fn_index": number, "data": data, "session_hash": session})
    if done.status_code != 200:
        return done.text
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        lines = []
        for line in stream.iter_lines():
            lines.append(line)
            if "process_completed" in line or "unexpected_error" in line:
                break
    return "\n".join(lines)


def swept(client, session, *wanted):
    """What every event of the page says, the page loaded, each with all the `wanted` values of its lists: (event, data, words)."""
    config = client.get("/config").json()
    kinds = {part["id"]: part["type"] for part in config["components"]}
    finds = {part["id"] for part in config["components"] if part["props"].get("elem_id") == "find"}
    backed = [event for event in config["dependencies"] if event["backend_fn"]]
    for event in backed:
        if not event["inputs"]:
            yield event["id"], [], joined(client, event["id"], [], session)
    for event in backed:
        listed = any(kinds[one] == "radio" for one in event["inputs"])
        for value in wanted if listed else ("",)[: len(event["inputs"])]:
            given = {"radio": value, "state": [], "file": None, "textbox": QUESTION, "button": QUESTION}
            data = ["" if one in finds else given.get(kinds[one], "") for one in event["inputs"]]
            yield event["id"], data, joined(client, event["id"], data, session)


def test_no_event_of_the_page_shows_another_school(signed_in, foreign, assistant):
    documents = [shelf.document for shelf in assistant.index.snapshot().shelves]
    other = next(one for one in documents if one.organisation not in (None, OURS))
    tried = seen = 0
    wanted = (other.organisation, other.slug, OURS, "oakfield", "All of them")
    for number, data, said in swept(signed_in("ann"), "anns-sweep", *wanted):
        named = other.organisation if other.organisation in data else "nothing"  # the refusal names what was asked for
        assert gives_away(foreign, said.replace(named, "")) == [], (number, data)
        tried += 1
        seen += "oakfield/" in said or "figure" in said
    assert tried > 40
    assert seen >= 8  # the same events do show their own school


def called(client, name, *data):
    event = client.post(f"/gradio_api/call/{name}", json={"data": list(data)}).json()["event_id"]
    return client.get(f"/gradio_api/call/{name}/{event}").text


def test_no_call_of_the_api_shows_another_school(signed_in, foreign, assistant):
    client = signed_in("ann")
    slugs = [s.document.slug for s in assistant.index.snapshot().shelves if s.document.organisation != OURS]
    said = [called(client, "ask", QUESTION, "", "[]"), called(client, "compare", QUESTION), called(client, "policies")]
    assert all("oakfield" in words for words in said)
    for slug in slugs:
        refused = called(client, "ask", QUESTION, slug, "[]")
        assert "No policy is called" in refused
        said.append(refused.replace(f"{slug}/", ""))
    assert [gives_away(foreign, words) for words in said] == [[]] * len(said)


def test_no_tool_shows_another_school(site, signed_in, foreign, assistant):
    slugs = [s.document.slug for s in assistant.index.snapshot().shelves if s.document.organisation != OURS]

    async def tried(client):
        assert {tool.name for tool in (await client.list_tools()).tools} == {"ask", "compare", "policies"}
        own = [
            await client.call_tool("ask", {"question": QUESTION}),
            await client.call_tool("compare", {"question": QUESTION}),
            await client.call_tool("policies", {}),
        ]
        return own, [await client.call_tool("ask", {"question": QUESTION, "policy": slug}) for slug in slugs]

    own, others = with_tools(site, tried, cookie_of(signed_in("ann")))
    for done in own:
        assert "oakfield" in done.model_dump_json()
        assert gives_away(foreign, done.model_dump_json()) == []
    check_answer(own[0].structured_content)
    assert [row["slug"] for row in own[2].structured_content["result"]] == ["oakfield"]
    for slug, done in zip(slugs, others, strict=True):
        assert "No policy is called" in done.structured_content["summary"]
        assert gives_away(foreign, done.model_dump_json().replace(f"{slug}/", "")) == []


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_tools_are_for_those_who_signed_in(site, signed_in, method):
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}' if method == "POST" else None
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert raw(site, method, "/mcp", body, headers)[0] == (401 if method == "POST" else 405)
    done = raw(site, method, "/mcp", body, {**headers, **cookie_of(signed_in("ann")), "Origin": "https://evil.example"})
    assert done[0] == (403 if method == "POST" else 405)


def test_no_document_of_another_school_opens(signed_in, assistant):
    ann, boss = signed_in("ann"), signed_in("boss")
    for shelf in assistant.index.snapshot().shelves:
        document = shelf.document
        assert ann.get(f"/read/{document.slug}").status_code == (200 if document.organisation == OURS else 404)
        assert boss.get(f"/read/{document.slug}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/health", "/alive", "/metrics", "/sign-in", "/theme.css"]
)
def test_no_other_route_shows_another_school(signed_in, foreign, path):
    assert gives_away(foreign, signed_in("ann").get(path).text) == []


def test_a_report_answers_from_the_user_s_own_school(signed_in, folder, foreign):
    assert signed_in("ann").post(
        "/report",
        json={
            "question": f"Mr Harris Bell of 7B: {QUESTION}",
            "school": "Harbour Light Learning Trust",
            "mark": "verdict",
        },
    ).json() == {"kept": True}
    until = time.monotonic() + 5
    while not (rows := [row for row in Records(folder / "records.sqlite3", 1).questions() if row.reported]):
        assert time.monotonic() < until
        time.sleep(0.05)
    row = rows[-1]
    assert (row.schools, row.mark) == ((OURS,), "verdict")
    assert "Bell" not in row.text
    assert QUESTION in row.text
    assert gives_away(foreign, repr(row)) == []


@pytest.mark.parametrize("mark", ["", "<b>", "reported", 7])
def test_a_verdict_is_one_of_a_few(signed_in, mark):
    done = signed_in("ann").post("/report", json={"question": QUESTION, "school": OURS, "mark": mark})
    assert done.status_code == 400
    assert "helpful, clause" in done.json()["detail"]


# --- roles


def test_staff_change_nothing(signed_in, assistant):
    ann = signed_in("ann")
    before = assistant.index.store.generation()
    refused = [said for _, _, said in swept(ann, "anns-changes", OURS, "oakfield") if "your role is staff" in said]
    assert len(refused) >= 2  # removing, confirming
    assert assistant.index.store.generation() == before
    assert ann.post("/gradio_api/upload", files={"files": ("a.txt", b"1 Staff must.")}).status_code == 403


def test_a_file_is_no_way_in(signed_in):
    ann, boss = signed_in("ann"), signed_in("boss")
    config = boss.get("/config").json()
    kinds = {part["id"]: part["type"] for part in config["components"]}
    add = next(event["id"] for event in config["dependencies"] if any(kinds[one] == "file" for one in event["inputs"]))

    def added(client, path):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "a.txt"}
        return joined(client, add, [file, "", ""], f"file{client is boss}12")

    assert "No file may be named here" in added(ann, "/etc/passwd")
    assert "No file may be named here" in added(boss, "http://127.0.0.1:9/secret")
    for path in ("/etc/passwd", "../../../../etc/passwd", "/proc/self/environ"):
        said = added(boss, path)
        assert '"success":false' in said
        assert "root:" not in said


def test_a_program_uploaded_as_a_policy_is_refused(signed_in):
    boss = signed_in("boss")
    config = boss.get("/config").json()
    kinds = {part["id"]: part["type"] for part in config["components"]}
    add = next(event["id"] for event in config["dependencies"] if any(kinds[one] == "file" for one in event["inputs"]))
    path = boss.post("/gradio_api/upload", files={"files": ("evil.exe", b"MZ\x90\x00")}).json()[0]
    said = joined(
        boss, add, [{"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "evil.exe"}, "", ""], "exe1234567"
    )
    assert '"success":false' in said
    assert "Traceback" not in said


def test_one_user_s_conversation_is_closed_to_another(signed_in):
    ann, lead = signed_in("ann"), signed_in("lead")
    config = ann.get("/config").json()
    joined(ann, config["dependencies"][0]["id"], [], "anns-own-page")
    named = {"fn_index": config["dependencies"][0]["id"], "data": [], "session_hash": "anns-own-page"}
    assert lead.post("/gradio_api/queue/join", json=named).status_code == 404
    assert lead.get("/gradio_api/queue/data", params={"session_hash": "anns-own-page"}).status_code == 404
    assert lead.get("/gradio_api/heartbeat/anns-own-page").status_code == 404


# --- what is not there


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/file=/etc/passwd"),
        ("GET", "/gradio_api/file=http://169.254.169.254/latest/meta-data"),
        ("GET", "/gradio_api/file=http%3A%2F%2F127.0.0.1%3A22%2F"),
        ("GET", "/gradio_api/proxy=https://evil.hf.space/x"),
        ("HEAD", "/gradio_api/proxy=https://evil.hf.space/x"),
        ("GET", "/assets/../../../../../etc/passwd"),
        ("GET", "/assets/%2e%2e/%2e%2e/routes.py"),
        ("GET", "/assets/..%2f..%2froutes.py"),
        ("GET", "/assets/..%5c..%5croutes.py"),
        ("GET", "/static/%2e%2e%2f%2e%2e%2fpackage.json"),
        ("GET", "/svelte/....//....//routes.py"),
        ("GET", "/read/..%2f..%2fetc%2fpasswd"),
        ("GET", "/read/oakfield%00"),
        ("GET", "//etc/passwd"),
        ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/gradio_api/call/v2/ask"),
        ("GET", "/gradio_api/deep_link?session_hash=x"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run-history/connect"),
        ("GET", "/gradio_api/openapi.json"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/gradio_api/vibe-code"),
        ("POST", "/gradio_api/stream/x"),
        ("GET", "/gradio_api/dev/reload"),
        ("GET", "/gradio_api/token"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("POST", "/login"),
        ("GET", "/logout"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/.env"),
    ],
)
def test_a_route_that_is_not_needed_is_not_there(site, signed_in, method, path):
    for client in (None, signed_in("boss")):
        status, body, headers = raw(site, method, path, headers=cookie_of(client) if client else {})
        assert status == 404
        assert b"root:" not in body
        assert "content-security-policy" in {name.lower() for name in headers}


def test_nothing_is_shown_before_signing_in(site, foreign):
    for path in (
        "/",
        "/read/oakfield",
        "/config",
        "/gradio_api/info",
        "/gradio_api/queue/data?session_hash=x",
        "/alive",
        "/assets/index.js",
    ):
        assert raw(site, "GET", path)[0] == 401
    status, _, headers = raw(site, "GET", "/?school=oakfield", headers={"Accept": "text/html"})
    assert (status, headers["location"]) == (303, "/sign-in?onto=%2F%3Fschool%3Doakfield")
    for body in (b'{"fn_index":0,"data":[],"session_hash":"x"}', b"[]"):
        assert raw(site, "POST", "/gradio_api/queue/join", body)[0] == 401
    assert json.loads(raw(site, "GET", "/health")[1])["status"] == "ok"


def test_the_identity_header_of_a_stranger_is_no_identity(site):
    assert raw(site, "GET", "/alive", headers={"X-User": "boss"})[0] == 401
    assert raw(site, "GET", "/alive", headers={"X-User": "boss", "X-Forwarded-For": "192.0.2.1"})[0] == 401


def test_a_page_of_another_site_can_t_send_for_the_user(site, signed_in):
    headers = {**cookie_of(signed_in("boss")), "Content-Type": "application/json"}
    for origin in ("https://evil.example", "null", site.replace("127.0.0.1", "127.0.0.2")):
        assert raw(site, "POST", "/gradio_api/queue/join", b"{}", {**headers, "Origin": origin})[0] == 403


def test_what_is_sent_is_bounded(site, signed_in):
    headers = {**cookie_of(signed_in("boss")), "Content-Type": "application/json"}
    large = b'{"data": ["' + b"a" * 1_100_000 + b'"]}'
    assert raw(site, "POST", "/gradio_api/queue/join", large, headers)[0] == 413
    pieces = (large[at : at + 65536] for at in range(0, len(large), 65536))
    assert raw(site, "POST", "/gradio_api/queue/join", pieces, {**headers, "Transfer-Encoding": "chunked"})[0] == 413
    assert raw(site, "POST", "/gradio_api/upload", b"", {**headers, "Content-Length": "99999999"})[0] == 413
    for odd in ("-1", "1e3", "²"):
        assert raw(site, "POST", "/sign-in", None, {"Content-Length": odd.encode("latin-1")})[0] in {400, 413}
    for body in (b"[1]", b"{", b"[" * 100_000):
        assert raw(site, "POST", "/gradio_api/queue/join", body, headers)[0] == 400


def test_headers_hold_the_page_together(site, signed_in):
    boss = signed_in("boss")
    for path in ("/", "/read/oakfield", "/sign-in", "/alive"):
        headers = boss.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        assert ("script-src 'self' 'nonce-" if path == "/" else "script-src 'none'") in policy
        assert not re.search(r"https?:|\*", policy)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    page = boss.get("/")
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])[1]
    assert page.text.count("<script") == page.text.count(f'<script nonce="{nonce}"') > 3
    again = boss.get("/").headers["content-security-policy"]
    assert nonce not in again


def test_the_cookie_is_for_this_program_alone(site):
    done = httpx.post(f"{site}/sign-in", data={"name": "ann", "password": SECRET})
    cookie = done.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    wrong = httpx.post(f"{site}/sign-in", data={"name": "<b>ann", "password": "x" * 20})
    assert wrong.status_code == 401
    assert "<b>" not in wrong.text


def test_who_signed_out_is_out(site):
    with httpx.Client(base_url=site) as client:
        client.post("/sign-in", data={"name": "ann", "password": SECRET})
        kept = cookie_of(client)
        assert raw(site, "GET", "/alive", headers=kept)[0] == 200
        client.get("/sign-out")
        assert raw(site, "GET", "/alive", headers=kept)[0] == 401


def test_administrators_actions_stand_in_a_chain(folder, signed_in):
    signed_in("boss")
    kept = Records(folder / "records.sqlite3", 1)
    assert ("boss", "signed in") in {(actor, action) for _, actor, action, _, _ in kept.actions()}
    assert kept.broken() is None


def test_metrics_count_and_name_nobody(site, signed_in):
    text = signed_in("boss").get("/metrics").text
    assert re.search(r'^policy_assistant_responses_total\{status="200"\} \d+$', text, re.MULTILINE)
    assert re.search(r"^policy_assistant_documents \d+$", text, re.MULTILINE)
    assert "boss" not in text
    assert raw(site, "GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"})[0] == 404


def test_a_quoted_address_is_not_followed(site, signed_in):
    page = signed_in("boss").get(f"/sign-in?onto={quote('https://evil.example')}").text
    assert "evil.example" not in page


@pytest.fixture
def page(site):
    """A page of a browser in which ann has signed in, for the school of the address."""
    if not CHROMIUM.exists():
        missing(f"no browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{site}/?school=oakfield")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label(OURS).first.wait_for()
        yield page
        browser.close()


@pytest.mark.browser
def test_a_person_signs_in_sees_their_school_and_signs_out(page, site):
    from axe_playwright_python.sync_playwright import Axe

    page.locator("#whose").get_by_text(f"Signed in as ann (staff; {OURS})").wait_for()
    assert page.get_by_label("Harbour Light Learning Trust").count() == 0
    page.get_by_text("For 30 days it is kept when something was asked").wait_for()
    page.get_by_role("tab", name="Policies").click()
    page.locator("#policies").get_by_text("oakfield", exact=True).wait_for()
    page.locator("#changes").wait_for(state="hidden")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    page.goto(site)
    page.get_by_label("Password").wait_for()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).response
    assert len(found["passes"]) > 5
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


@pytest.mark.browser
def test_a_person_says_that_an_answer_helped_or_what_was_wrong_with_it(page, folder):
    from axe_playwright_python.sync_playwright import Axe

    for count, question in enumerate((QUESTION, "Can I accept a friend request from a parent?"), 1):
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.wait_for_function("n => document.querySelectorAll('.turn').length === n", arg=count)
    newest, first = page.locator(".turn").nth(0), page.locator(".turn").nth(1)
    newest.get_by_text("Report a problem with this answer").click()
    newest.get_by_label("What is wrong?").select_option("The clause does not answer the question")
    page.wait_for_timeout(600)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    assert [one["id"] for one in Axe().run(page, options=rules).response["violations"]] == []
    newest.get_by_role("button", name="Send the report").click()
    newest.get_by_text("Thank you, this was kept.").wait_for()
    first.get_by_role("button", name="This answer helped").click()
    first.get_by_text("Thank you, this was kept.").wait_for()
    kept = Records(folder / "records.sqlite3", 1)
    until = time.monotonic() + 5
    while "helpful" not in (marks := [row.mark for row in kept.questions()]):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "clause" in marks
