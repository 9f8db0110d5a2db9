"""Web pages: the policy is read, what stands around it is skipped, nothing is stitched."""

import pytest

from assistant.errors import UnreadableFileError
from ingest.html import CHANGED, MAX_DEPTH, read_html
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


# The style sheet and the marks of a page that Word saved with its changes tracked.
WORD = '<style><!-- /* Style Definitions */ p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm;} span.msoIns {mso-style-type:export-only; mso-style-name:""; text-decoration:underline; color:teal;} span.msoDel {mso-style-type:export-only; mso-style-name:""; text-decoration:line-through; color:red;} /* Page */ @page WordSection1 {size:595.3pt 841.9pt;} --></style>'
SIGNED = "cite='mailto:Jane%20Grey' datetime='2021-03-02T10:11'"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (WORD, f"Staff must <span class=msoDel><del {SIGNED}>not lend </del></span><span class=SpellE><span class=msoIns><ins {SIGNED}>wear </ins></span></span>a key."),
        (WORD, "Staff must <span class=msoDel>not lend</span><span class=msoIns>wear</span> a key."),
        ("", f"Staff must <ins {SIGNED}>wear </ins>a key."),
        ("", "Staff must <strike>not lend</strike> wear a key."),
        ("", "Staff must <s>not <b>lend</b></s> wear a key."),
        ("", "Staff must <del>not <ins>never <del>once</del></ins> lend</del> wear a key."),
        ("", "Staff must <span style='color: red; text-decoration: line-through solid'>not lend</span> wear a key."),
        ("", "Staff must <span style='TEXT-DECORATION-LINE: underline line-through'>not lend</span> wear a key."),
        ("<style>.c3{color:#000;text-decoration:line-through;font-size:11pt}@media print{#old{text-decoration:line-through}}</style>", "Staff must <span class='c1 c3'>not</span> <span id=old>lend</span> wear a key."),
        ("", "Staff must wear a key.<ul><li><del>Copy it.</del></li></ul><del><p>Lend it.</p></del>"),
        ("", "Staff must wear a key.<table><tr style='text-decoration:line-through'><td>Porter</td><td>9</td></tr></table>"),
    ],
)  # fmt: skip
def test_what_is_struck_out_is_left_out_and_told(head, words):
    extracted = read(f"<p class=MsoNormal>{words}</p>", head)
    assert extracted.text == "Staff must wear a key."
    assert extracted.warnings == (CHANGED,)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("", "Staff must <ins>wear</ins> a key."),
        ("", "Staff must <span style='text-decoration: underline'>wear</span> a key.<del> </del>"),
        ("<style>a:hover, .menu .done, ::marker {text-decoration: line-through} p {text-decoration: none}</style>", "Staff must <a class=done>wear</a> a key."),
        ("<style>span.10, .-x, #3, p::after, * {text-decoration: line-through}", "</style><p>Staff must <span class=10>wear</span> a key."),
        (WORD, "Staff must wear a key."),
    ],
)  # fmt: skip
def test_what_is_not_struck_out_is_kept_without_a_word(head, words):
    extracted = read(f"<p>{words}</p>", head)
    assert (extracted.text, extracted.warnings) == ("Staff must wear a key.", ())


def test_a_page_that_is_struck_out_whole_is_refused():
    with pytest.raises(UnreadableFileError, match="no text"):
        read("<p><del>Wear a key.</del></p>")
