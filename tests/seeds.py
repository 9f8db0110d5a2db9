"""Small files of every kind that is read, made here: seeds for the fuzz run."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfgen.canvas import Canvas

TEXT = "# Keys\n\n1.1 Staff must not:\n\n- lend a key;\n- copy a key.\n\n| When | Whom |\n|---|---|\n| First | the porter |\n\n3 of 6\n\nSigned: ____\n"
HTML = "<html><body><nav>Home</nav><h1>Keys</h1><p>Staff must <del>not</del><ins>all</ins>:</p><style>.gone {text-decoration: line-through}</style><p class=gone>Old.</p><ul><li>wear a key<ul><li>at all times</li></ul></li></ul><table><tr><th>When<th>Whom<tr><td>First<td>the porter</table></body></html>"
RTF = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1\outlinelevel0 {\listtext 1\tab}Keys\par\pard {\listtext 1.1\tab}Staff {\deleted must }{\revised should }not lend a key\'92s ring.\par{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt Lost a key?\par}}{\shprslt{\*\do{\dptxbxtext Lost?}}}}Count them.\par\trowd\cellx1\cellx2 Porter\cell Ms Grey\cell\row}"


def seeds() -> list[tuple[str, bytes]]:
    """File names and their bytes."""
    return [
        ("keys.md", TEXT.encode()),
        ("keys.txt", TEXT.encode("cp1252")),
        ("keys.html", HTML.encode()),
        ("keys.rtf", RTF.encode("ascii")),
        ("keys.docx", word()),
        ("keys.odt", opened()),
        ("keys.pdf", printed()),
    ]


def word() -> bytes:
    """A Word file with numbers, a table, a text box and a tracked change; its theme and pictures, which nobody reads, left out."""
    made = docx.Document()
    made.add_heading("Keys", 1)
    paragraph = made.add_paragraph("Staff must ", style="List Number")
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>not </w:t></w:r></w:ins>'))
    paragraph.add_run("lend a key.")
    box = f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    made.add_paragraph("Wear a key.", style="List Bullet")._p.append(parse_xml(box))
    table = made.add_table(2, 2)
    for cell, words in zip(table._cells, ("When", "Whom", "First", "the porter"), strict=True):
        cell.text = words
    table.cell(0, 0).merge(table.cell(1, 0))
    made.sections[0].header.paragraphs[0].text = "Elm Hill School"
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def opened() -> bytes:
    """An OpenDocument text with a list, a table and a note."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "table", "style")
    )
    listed = '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    body = (
        '<text:h text:outline-level="1">Keys</text:h><text:list text:style-name="L"><text:list-item><text:p>Staff must not lend a key.<text:note>'
        "<text:note-body><text:p>Any key.</text:p></text:note-body></text:note></text:p></text:list-item></text:list><table:table><table:table-row>"
        "<table:table-cell><text:p>First</text:p></table:table-cell><table:table-cell><text:p>the porter</text:p></table:table-cell></table:table-row></table:table>"
    )
    content = f"<office:document-content {spaces}><office:automatic-styles>{listed}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
    return data.getvalue()


def printed() -> bytes:
    """A PDF of two pages with a heading, a bullet, a ruled table, two columns and a page number."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, 842), invariant=True, pageCompression=0)
    for page in (1, 2):
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, 700, "Keys")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 680, "1.1 Staff must not lend a key to any-")
        canvas.drawString(72, 666, "body who asks for it.")
        canvas.grid([72, 230, 520], [600, 580, 560, 540])
        for n, words in enumerate(("First", "Second", "Third")):
            canvas.drawString(80, 585 - 20 * n, words)
            canvas.drawString(240, 585 - 20 * n, "the porter")
        for n, words in enumerate(
            (
                "Every key of the school hangs",
                "on the board in the office and",
                "nobody takes one from it who",
                "has not written their name in",
                "the book beside it.",
            )
        ):
            canvas.drawString(72, 480 - 14 * n, words)
            canvas.drawString(320, 480 - 14 * n, words)
        canvas.drawString(72, 40, f"{page} of 2")
        canvas.showPage()
    canvas.save()
    return data.getvalue()
