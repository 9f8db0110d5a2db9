"""Web pages: the policy is read, what stands around it is skipped, nothing is stitched."""

import pytest

from ingest.html import MAX_DEPTH, read_html
from ingest.split import split


def read(body, head=""):
    return read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode())


def clauses(body):
    return list(split(read(body)).clauses)


def blocks(body):
    extracted = read(body)
    return [
        (block.reason or block.kind, " / ".join(extracted.text[start:end] for start, end in block.spans))
        for block in extracted.blocks
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Wear a <b>key</b>\n at <i>all</i> times.</p>", [("paragraph", "Wear a key at all times.")]),
        ("Wear a key.<p>Count them.", [("paragraph", "Wear a key."), ("paragraph", "Count them.")]),
        ("<div>Wear a key.<div>Count them.</div></div>", [("paragraph", "Wear a key."), ("paragraph", "Count them.")]),
        ("<p>Wear a key<br>or a badge.</p>", [("paragraph", "Wear a key or a badge.")]),
        ("<p>See <a href='#x'>the <b>keys</b> policy</a>.</p>", [("paragraph", "See the keys policy.")]),
        ("<p>Caf&eacute; &amp; keys&nbsp;here</p>", [("paragraph", "Café & keys here")]),
        ("<h1>Keys</h1><h3>Spare</h3><p>Hide them.</p>", [("heading", "Keys"), ("heading", "Spare"), ("paragraph", "Hide them.")]),
        ("<ul><li>one<li>two</ul>", [("item", "one"), ("item", "two")]),
        ("<dl><dt>Key</dt><dd>opens a door</dd></dl>", [("paragraph", "Key"), ("item", "opens a door")]),
        ("<blockquote>Wear a key.</blockquote>", [("paragraph", "Wear a key.")]),
        ("<table><caption>Keys</caption><tr><td>Porter</td><td>9</td></tr></table>", [("paragraph", "Keys"), ("row", "Porter / 9")]),
        ("<p>4.1 Wear a key.</p><p>(a) now</p><p>• then</p>", [("item", "4.1 Wear a key."), ("item", "(a) now"), ("item", "• then")]),
        ("<p>4.1 Wear a key.<br>4.2 Count them<br>each day.</p>", [("item", "4.1 Wear a key."), ("item", "4.2 Count them each day.")]),
        ("<p>Wear:<br>• a key<br>• a badge</p>", [("paragraph", "Wear:"), ("item", "• a key"), ("item", "• a badge")]),
        ("<details><summary>Keys</summary><p>Wear one.</p></details>", [("paragraph", "Keys"), ("paragraph", "Wear one.")]),
        ("<form id=aspnetForm><h1>Keys</h1><p>Wear one.</p></form>", [("heading", "Keys"), ("paragraph", "Wear one.")]),
        ("<p>Open <b>wear <i>a</b> key.</i><p>Next", [("paragraph", "Open wear a key."), ("paragraph", "Next")]),
    ],
)  # fmt: skip
def test_reads_the_blocks_of_a_page(body, expected):
    assert blocks(body) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var keys = 'many';</script>",
        "<style>p { color: red }</style>",
        "<!-- a comment -->",
        "<template><p>not yet</p></template>",
        "<noscript>turn it on</noscript>",
        "<svg><text>drawn</text></svg>",
        "<form><input value=x><button>Search</button></form>",
        "<select><option>Term 1</option></select>",
        "<span><script>x()</script></span>",
    ],
)
def test_what_no_reader_sees_is_no_text(hidden):
    assert read(f"<p>Wear a key.</p>{hidden}").text.strip() == "Wear a key."


@pytest.mark.parametrize(
    "around",
    [
        "<nav><ul><li>Home</li></ul></nav>",
        "<header><p>Home</p></header>",
        "<footer>Home</footer>",
        "<aside>Home</aside>",
        "<div class='cookie-banner'><p>Home</p></div>",
        "<div id='breadcrumbs'>Home</div>",
        "<ul class='site-menu'><li>Home</li></ul>",
        "<div role='navigation'>Home</div>",
        "<div role='contentinfo'><span>Home</span></div>",
        "<a class='skip-link' href='#main'>Home</a>",
    ],
)
def test_the_furniture_of_a_site_is_skipped_and_stays_in_the_text(around):
    assert blocks(f"{around}<p>Wear a key.</p>") == [("around the page", "Home"), ("paragraph", "Wear a key.")]


def test_a_header_inside_the_article_belongs_to_it():
    assert blocks("<main><header><h1>Keys</h1></header><p>Wear one.</p></main>")[0] == ("heading", "Keys")


def test_a_list_inside_a_list_stands_under_its_item():
    stem, first, second, after = clauses(
        "<ul><li>Staff must not:<ul><li>lend a key</li><li>copy a key</li></ul></li><li>Keys are blue.</li></ul>"
    )

    assert [stem.text] == ["Staff must not:"]
    assert [[item.text for item in clause.lead_in] for clause in (first, second, after)] == [
        [stem.text],
        [stem.text],
        [],
    ]
    assert [first.modality, after.modality] == ["must_not", "statement"]


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li>Staff must not:<ul><li>lend a key</li></ul>unless the head agrees.</li></ul>",
        "<ul><li><p>Staff must not:</p><div><ul><li>lend a key</li></ul></div>unless the head agrees.</li></ul>",
    ],
)
def test_words_after_a_list_are_not_stitched_to_the_words_before_it(body):
    assert [clause.text for clause in clauses(body)] == ["Staff must not:", "lend a key", "unless the head agrees."]


def test_a_table_with_headings_gives_them_to_each_row():
    header, row = clauses(
        "<table><thead><tr><th>When</th><th>To whom</th></tr></thead><tbody><tr><td>First time</td><td><p>The</p><p>porter</p></td></tr></tbody></table>"
    )

    assert (header.kind, header.text, len(header.spans)) == ("stem", "When To whom", 2)
    assert (row.text, [stem.text for stem in row.lead_in]) == ("First time The porter", ["When To whom"])


def test_a_page_nested_beyond_reason_is_still_read():
    for depth in (MAX_DEPTH - 1, MAX_DEPTH + 1, 3000):
        assert read("<div>" * depth + "<p>Wear a key.</p>").text == "Wear a key."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset='utf-8'><p>caf\u00e9 – ‘key’</p>".encode(), "café – ‘key’"),
        ("<meta charset='windows-1252'><p>café – ‘key’</p>".encode("cp1252"), "café – ‘key’"),
        ("<p>café</p>".encode("utf-16"), "café"),
        (b"<p>wear&#xD800; a key</p>", "wear\ufffd a key"),
        (b"<?xml version='1.0'?><policy><p>Wear a key.</p></policy>", "Wear a key."),
        (b"keys.txt", "keys.txt"),
        (b"https://school.example/keys", "https://school.example/keys"),
    ],
)
def test_reads_whatever_a_browser_would(data, text):
    assert read_html(data).text == text


def test_the_pages_title_is_at_hand():
    assert read("<p>Wear a key.</p>", head="<title> Keys\n Policy </title>").title == "Keys Policy"
    assert read("<p>Wear a key.</p>", head="<title></title>").title is None


def test_a_row_of_plain_cells_in_the_head_of_a_table_is_its_header():
    page = "<table><thead><tr><td>When</td><td>To whom</td></tr></thead><tbody><tr><td>Later</td><td>the head</td></tr></tbody></table>"
    header, row = split(read_html(page.encode())).clauses
    assert (header.kind, row.lead_in[0].text) == ("stem", "When To whom")
