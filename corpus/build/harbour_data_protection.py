"""Write harbour-data-protection.docx: `python corpus/build/harbour_data_protection.py`.

The words are the list below. Each section is a heading and its paragraphs; a paragraph in a section is numbered by
Word itself (style List Number, restarted for each section), so the numbers are in the numbering, not in the text.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parents[1] / "harbour-data-protection.docx"
REVIEWED = datetime(2026, 9, 16, 9, 0)

FRONT = [
    ("Applies to", "Everyone who handles personal data for the trust: staff, governors, trustees, volunteers and contractors"),
    ("Approved by", "Board of Trustees, on the advice of the Finance, Risk and Audit Committee"),
    ("Reviewed", "September 2026"),
    ("Next review", "September 2027"),
    ("Owner", "Data Protection Officer (DPO)"),
]

# A string is a numbered clause; a tuple is a numbered stem with its bullets.
SECTIONS: list[tuple[str, list[str | tuple[str, list[str]]]]] = [
    (
        "Purpose and law",
        [
            "This policy explains how the trust keeps to the UK General Data Protection Regulation (UK GDPR), the Data Protection Act 2018 and the Data (Use and Access) Act 2025.",
            "The trust is the data controller for all its academies and is registered with the Information Commissioner.",
            "Personal data means information about a living person who can be identified, on paper or screen, including opinions, pictures and voices. Special category data includes health, ethnicity, religion, sexuality, biometrics and trade union membership; we give safeguarding, special needs and pupil premium information the same care.",
        ],
    ),
    (
        "Who is responsible",
        [
            "The DPO advises the trust, keeps the register of processing, handles requests and breaches, and reports to the trustees every term. The DPO works independently and may not be told how to decide a case.",
            "Each academy has a data lead, normally the business manager, who is the first person to ask.",
            "All staff complete data protection training within four weeks of starting and once a year afterwards. Anyone who has not finished it by the end of October loses access to pupil records until they have.",
        ],
    ),
    (
        "Lawful basis",
        [
            "Most of what schools do with personal data is part of their public task, or is required by law. Staff must not ask for consent where the trust would go ahead in any case.",
            (
                "Consent is needed for:",
                [
                    "photographs and video used in publicity, on websites or on social media;",
                    "fingerprints or face recognition for lunches and the library;",
                    "adding families to fundraising or alumni mailing lists;",
                    "apps that a teacher chooses and that are not required for the course.",
                ],
            ),
            "Parents give consent for children under 13. Pupils aged 13 and over are normally asked themselves, in addition to a parent until they are 16. From 16 the pupil's own decision is enough, unless they lack the capacity to make it.",
            "For biometric data one parent must agree in writing and neither parent may have objected, up to the age of 18. A pupil of any age may refuse, and an alternative must then be offered.",
            "Consent can be withdrawn at any time by writing to the academy office. The change is made within five school days.",
        ],
    ),
    (
        "Sharing information",
        [
            "Safeguarding comes first. Staff may share information without consent where that is necessary to protect a child, and should record what was shared, with whom and why. If in doubt and there is time, ask the Designated Safeguarding Lead (DSL) or the DPO.",
            "Information about a pupil may be given to each person with parental responsibility, unless a court order or the DSL's instructions say otherwise. A new partner, grandparent or family friend may be told nothing without the agreement of a parent.",
            "Requests by telephone from the police, a solicitor, a landlord or an embassy must be passed to the office, which calls back on a published number. In an emergency the headteacher may release what is needed to save life.",
            "Staff must not confirm to a caller that a child attends the academy.",
            "Any new app, supplier or research project that will use personal data needs a data protection impact assessment, agreed by the DPO before it starts. Allow at least fifteen school days.",
            "Staff may not give a personal reference for a pupil or colleague on trust headed paper. Trust references are written by the headteacher or people team.",
            "Class lists may be shared with a parent who is arranging party invitations only as first names, and only if no family has objected.",
        ],
    ),
    (
        "Photographs and video",
        [
            "The register of photograph consent is kept in the pupil record system. Check it each time, since answers change.",
            "Pictures that are used only for teaching, displays inside the building or identification do not need consent.",
            "A pupil's full name must not be published beside their photograph. First names may be used in newsletters if the family has agreed to that separately.",
            "Pictures of looked-after children, or of children whose whereabouts must be protected, may be published only with the written agreement of the social worker and the DSL.",
            "When consent is withdrawn, pictures are taken off websites and social media accounts within five school days. Printed leaflets are used until stocks run out, unless there is a safety reason to destroy them.",
            "Pictures of leavers may stay in use for two years after the pupil has left, then go to the archive or are deleted. The Social Media Policy and the Mobile Phones and Personal Devices Policy say who may take pictures and with what.",
        ],
    ),
    (
        "Taking data off site",
        [
            "Paper records with personal data may leave the site only when there is no electronic alternative, and with the line manager's permission. Child protection files never leave the building except by hand of the DSL or a deputy.",
            (
                "Anyone taking papers or devices off site must:",
                [
                    "take no more than the task requires;",
                    "keep them in a closed bag and out of sight;",
                    "never leave them in a car, even a locked one, overnight or while shopping;",
                    "return them within two school days.",
                ],
            ),
            "Exercise books and marked tests may be taken home without permission. Mark books and lists showing medical or special needs information may not.",
            "Trip leaders carry medical and contact details in a sealed folder or on the trust phone. Paper copies are handed back for shredding on the first school day after the trip.",
        ],
    ),
    (
        "Breaches",
        [
            "A breach is any loss, theft, wrong disclosure, damage or unavailability of personal data, whether by accident or on purpose. A message sent to the wrong parent, a register left on a bus and a hacked account are all breaches.",
            "Report a breach to the DPO immediately, and in any case before the end of the working day on which you find it. Use the on-call number at weekends and in holidays. Do not wait until you have all the facts.",
            "The DPO decides whether to notify the Information Commissioner, which must be done within 72 hours of the trust becoming aware of a breach that is likely to put people's rights at risk. The 72 hours run through weekends.",
            "If the breach could show where a protected child lives or goes to school, tell the DSL as well, at once.",
            "Staff should try to recall a misdirected e-mail, and ask the recipient to delete it, but must not delete their own copy or cover up the error. Honest and prompt reporting is not normally a disciplinary matter.",
            "People affected are told without delay if the risk to them is high. The DPO, not the member of staff, writes to them.",
        ],
    ),
    (
        "Subject access and other rights",
        [
            "Anyone may ask, in writing or aloud and to any member of staff, for the personal data that we hold about them. The request need not mention the law. Pass it to the DPO within one school day.",
            "We reply within one month, holidays included. The DPO may extend this by up to two months for complex or numerous requests, and must say so within the first month.",
            "There is no fee, unless a request is plainly unfounded or excessive.",
            "A pupil who is mature enough to understand may make their own request, normally from the age of 12. A parent's request about such a pupil needs the pupil's agreement.",
            "Staff notes, e-mails and chat messages about a person can all be disclosed. Write nothing that you would not want the person to read. Once a request has arrived, deleting anything that it covers in order to keep it back is a criminal offence.",
            "Information may be held back where releasing it could cause serious harm to a child, would identify another person unfairly, or is an examination script. The DPO decides.",
            "Parents have no automatic right to see the educational record in an academy, but the trust chooses to provide it within fifteen school days.",
            "People may also ask us to correct, erase or restrict data or to stop using it. Staff pass these requests to the DPO within one school day as well.",
        ],
    ),
    (
        "CCTV and door entry",
        [
            "Cameras cover entrances, corridors, car parks and playgrounds. There are none in classrooms, staff rooms or changing areas. Cameras in the shared washing area of pupil toilets, where installed, cannot see cubicles and have been assessed by the DPO.",
            "Recordings are kept for 30 days and then overwritten, unless they are needed for an investigation.",
            "Only the headteacher, site manager and persons named by the headteacher may view recordings. Each viewing is logged. Staff must not film the screen on a phone.",
            "Parents may not watch footage that shows other children. They may make a subject access request, and will be given a blurred copy or a written account where possible.",
            "CCTV is not used to observe lessons or to check punctuality. It may be used in a disciplinary case where an incident has been reported. Hidden cameras need the written agreement of the chief executive and the DPO, and only where a crime is suspected.",
        ],
    ),
    (
        "Keeping and destroying records",
        [
            "Keep records for the time shown in the table, then destroy them securely. The data lead signs the disposal log.",
            "Nothing is destroyed while it is needed for a complaint, a legal claim, a subject access request or a public inquiry.",
        ],
    ),
    (
        "Complaints about data protection",
        [
            "A complaint about how we have used personal data goes to the DPO, not through the stages of the Complaints Policy. We acknowledge it within 30 days and tell the person the outcome without undue delay.",
            "Anybody may also complain to the Information Commissioner, though they will normally be asked to let us reply first.",
            "Related policies: Acceptable Use of ICT, Safeguarding and Child Protection Policy, Staff Code of Conduct, Social Media Policy, Whistleblowing Policy.",
        ],
    ),
]

RETENTION = [
    ("Record", "How long we keep it", "Starting from"),
    ("Pupil file, primary", "Transferred to the next school", "Day the pupil leaves"),
    ("Pupil file, secondary", "Until the pupil is 25", "Date of birth"),
    ("Child protection file", "Until the pupil is 25; until 75 for a looked-after child", "Date of birth"),
    ("Special needs file and plan", "Until the pupil is 31", "Date of birth"),
    ("Attendance register", "6 years", "Date of entry"),
    ("Accident report, pupil", "Until the pupil is 25", "Date of birth"),
    ("Staff personnel file", "6 years", "End of employment"),
    ("Unsuccessful applications", "6 months", "Date of appointment"),
    ("Copy of DBS certificate", "Up to 6 months; the number and date are kept on the single central record", "Date seen"),
    ("Allegation against an adult, unless malicious or false", "Until normal retirement age, or 10 years if longer", "Date of allegation"),
    ("Low-level concern", "Until the adult leaves the trust", "Date of concern"),
    ("Complaint file", "6 years", "Date of closing"),
    ("CCTV", "30 days", "Date of recording"),
    ("ICT monitoring logs", "12 months", "Date of entry"),
    ("Staff and pupil e-mail", "Deleted automatically after 2 years", "Date sent or received"),
    ("Visitor book", "3 years", "Last entry"),
    ("Trip consent form, no incident", "1 month", "End of trip"),
]


def restarted_list(document: DocumentObject) -> int:
    """A new numbering for the style List Number that starts again at 1; returns its id."""
    numbering = document.part.numbering_part.element
    style_num_id = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract_id = numbering.num_having_numId(style_num_id).abstractNumId.val
    num = numbering.add_num(abstract_id)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return num.numId


def number(paragraph: Paragraph, num_id: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = num_id


def add_table(document: DocumentObject, rows: list[tuple[str, ...]], header: bool) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    if header:
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True


def build() -> DocumentObject:
    document = Document()
    document.core_properties.title = "Data Protection Policy"
    document.core_properties.author = "Harbour Light Learning Trust"
    document.core_properties.created = document.core_properties.modified = REVIEWED
    document.core_properties.language = "en-GB"
    document.core_properties.comments = "Fictional; CC0"
    section = document.sections[0]
    section.header.paragraphs[0].text = "Harbour Light Learning Trust"
    section.footer.paragraphs[0].text = "Data Protection Policy, September 2026"

    document.add_heading("Data Protection Policy", level=0)
    add_table(document, FRONT, header=False)
    for title, clauses in SECTIONS:
        document.add_heading(title, level=1)
        num_id = restarted_list(document)
        for clause in clauses:
            stem, bullets = (clause, []) if isinstance(clause, str) else clause
            number(document.add_paragraph(stem, style="List Number"), num_id)
            for bullet in bullets:
                document.add_paragraph(bullet, style="List Bullet 2")
        if title == "Keeping and destroying records":
            document.add_heading("Retention table", level=2)
            add_table(document, RETENTION, header=True)
    return document


def fix_times(path: Path) -> None:
    """Give the parts of the file one date, so that building twice gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, REVIEWED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


if __name__ == "__main__":
    build().save(str(TARGET))
    fix_times(TARGET)
    print(TARGET)
