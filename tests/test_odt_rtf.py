"""OpenDocument and Rich Text, built here by hand; `test_office.py` reads what LibreOffice writes."""

import io
import zipfile

import pytest

from ingest.odt import read_odt
from ingest.rtf import read_rtf
from ingest.split import split

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "fo": "xsl-fo-compatible"}.items()
)  # fmt: skip
LISTED = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:list-level-style-number text:level="3" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
)


def odt(body, styles="", more=None):
    content = f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        for name, xml in (more or {}).items():
            package.writestr(name, xml)
    return data.getvalue()


def blocks(extracted):
    return [
        (block.reason or block.kind, " / ".join(extracted.text[start:end] for start, end in block.spans))
        for block in extracted.blocks
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<text:h text:outline-level="1">Keys</text:h><text:p>Wear<text:s/>a<text:tab/>key.</text:p>', [("heading", "Keys"), ("paragraph", "Wear a key.")]),
        ("<text:p>Wear a <text:span>key</text:span>.</text:p><text:p/>", [("paragraph", "Wear a key.")]),
        ('<text:p>Wear<office:annotation><text:p>Why?</text:p></office:annotation> a key.</text:p>', [("paragraph", "Wear a key.")]),
        ("<text:p>Wear a key.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Any key.</text:p></text:note-body></text:note></text:p><text:p>Now.</text:p>",
         [("paragraph", "Wear a key."), ("paragraph", "Now."), ("paragraph", "Any key.")]),
        ("<text:p>One.<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame></text:p>", [("paragraph", "One."), ("paragraph", "Boxed.")]),
        ("<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>Here.</text:p>",
         [("paragraph", "Here.")]),
        ("<text:table-of-content><text:index-body><text:p>Keys 2</text:p></text:index-body></text:table-of-content><text:p>Here.</text:p>",
         [("contents table", "Keys 2"), ("paragraph", "Here.")]),
        ("<text:section><text:p>Inside.</text:p></text:section>", [("paragraph", "Inside.")]),
    ],
)  # fmt: skip
def test_what_an_odt_holds_is_read_in_its_place(body, expected):
    assert blocks(read_odt(odt(body))) == expected


def listed(*items, name="L", more=""):
    inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
    return f'<text:list text:style-name="{name}"{more}>{inside}</text:list>'


def test_lists_of_an_odt_have_their_numbers():
    inner = listed("<text:p>lend a key;</text:p>", "<text:p>copy a key.</text:p>")
    body = (
        listed('<text:h text:outline-level="1">Keys</text:h>' + listed("<text:p>Staff must not:</text:p>" + inner))
        + "<text:p>Between.</text:p>"
        + listed("<text:p>goes on</text:p>", more=' text:continue-numbering="true"')
        + listed("<text:p>starts again</text:p>")
        + listed("<text:p>a bullet</text:p>", name="none")
    )
    extracted = read_odt(odt(body, LISTED))
    assert [words for _, words in blocks(extracted)] == [
        "1. Keys", "1.1 Staff must not:", "(a) lend a key;", "(b) copy a key.", "Between.", "2. goes on", "1. starts again", "a bullet",
    ]  # fmt: skip
    assert [one.id for one in split(extracted).clauses][:3] == ["1.1", "1.1.a", "1.1.b"]


def test_a_table_of_an_odt_has_rows_and_a_header():
    rows = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell><text:p>{cell}</text:p></table:table-cell>' for cell in row)}</table:table-row>"
        for row in (["First", "the porter"], ["Later", "the head"])
    )
    head = "<table:table-header-rows><table:table-row><table:table-cell><text:p>When</text:p></table:table-cell><table:table-cell><text:p>Whom</text:p></table:table-cell></table:table-row></table:table-header-rows>"
    found = split(read_odt(odt(f"<table:table>{head}{rows}</table:table>"))).clauses
    assert [(one.kind, one.text, [stem.text for stem in one.lead_in]) for one in found] == [
        ("stem", "When Whom", []),
        ("row", "First the porter", ["When Whom"]),
        ("row", "Later the head", ["When Whom"]),
    ]


RTF = r"{\rtf1\ansi{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1\outlinelevel0 {\listtext 1\tab}Keys\par\pard %s\par}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (r"{\listtext 1.1\tab}Wear a key.", ("item", "1.1 Wear a key.")),
        (r"Wear a key.", ("paragraph", "Wear a key.")),
        (r"Wear {\revised not }a key.", ("paragraph", "Wear not a key.")),
        (r"Wear {\deleted\revauthdel1 not {\b a }}a key.", ("paragraph", "Wear a key.")),
        (r"Pupil\rquote s key \endash  caf\'e9.", ("paragraph", "Pupil’s key – café.")),
        (r"Wear a key.{\footnote Any key.}", ("paragraph", "Wear a key.")),
        (r"\trowd\cellx1\cellx2 Porter\cell Ms Grey\cell\row", ("row", "Porter / Ms Grey")),
    ],
)
def test_rich_text_is_read_as_it_is_shown(words, expected):
    assert blocks(read_rtf((RTF % words).encode("ascii"))) == [("heading", "1 Keys"), expected]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (r"Wear {\deleted not }a key.", "tracked changes"),
        (r"A key.{\footnote Any.}", "footnotes"),
        (r"A key.{\shp{\*\shpinst{\shptxt Wear it.{\shp{\*\shpinst{\shptxt Now.}}}}}}", "text boxes"),
        (r"A key.{\shp{\*\shpinst{\sp{\sn pib}{\sv{\pict\bin3 {{{}}}{\shptxt Wear it.}}}", "text boxes"),
    ],
)
def test_what_rich_text_holds_beside_its_words_is_told(words, said):
    (warning,) = read_rtf((RTF % words).encode("ascii")).warnings
    assert said in warning


# As Word writes it: the shape, and for programs that know none a copy of its words under \\shprslt.
SHAPE = r"{\shp{\*\shpinst\shpleft10\shpwr2{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard\plain Lost a {\b key}\'3f\par Tell the porter.\par }}{\shprslt{\*\do\dobxpage\dptxbx{\dptxbxtext\pard\plain Lost a key?\par Tell the porter.\par}\dpx10}}}"
GROUP = r"{\shpgrp{\*\shpinst{\sp{\sn groupLeft}{\sv 1}}{\shp{\*\shpinst{\shptxt One.\par}}}{\shp{\*\shpinst{\shptxt Two.\par}}}}{\shprslt{\*\do{\dptxbxtext One.}}}}"
BOXED = [("heading", "Lost a key?"), ("paragraph", "Tell the porter.")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (SHAPE + r"Wear a key.\par Count them.", [("paragraph", "Wear a key."), *BOXED, ("paragraph", "Count them.")]),
        (r"Wear " + SHAPE + r"a key.\par Count them.", [("paragraph", "Wear a key."), *BOXED, ("paragraph", "Count them.")]),
        (r"Wear a key." + SHAPE, [("paragraph", "Wear a key."), *BOXED]),
        (r"Wear a key. " + GROUP, [("paragraph", "Wear a key."), ("paragraph", "One."), ("paragraph", "Two.")]),
        (r"\trowd\cellx1\cellx2 Por" + SHAPE + r"ter\cell Ms Grey\cell\row", [("row", "Porter / Ms Grey"), *BOXED]),
        (r"{\header " + SHAPE + r"\par}Wear a key.", [("paragraph", "Wear a key.")]),
        (r"Wear {\deleted\revauthdel1 not " + SHAPE + r"}a key.", [("paragraph", "Wear a key.")]),
        (r"{\*\do\dobxpage\dptxbx{\dptxbxtext Old.\par}}Wear a key.", [("paragraph", "Wear a key."), ("paragraph", "Old.")]),
        (r"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 20}}}}Wear a key.", [("paragraph", "Wear a key.")]),
        (r"Wear a key.{\shp{\*\shpinst{\shptxt Not closed.", [("paragraph", "Wear a key.")]),
    ],
)  # fmt: skip
def test_text_boxes_stand_behind_the_paragraph_that_they_are_anchored_in(words, expected):
    assert blocks(read_rtf((RTF % words).encode("ascii")))[1:] == expected
