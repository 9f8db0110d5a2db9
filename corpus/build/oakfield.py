"""Writes ../oakfield.docx: a fictional school's policy in a Word file, without clause numbers.

    python corpus/build/oakfield.py        (needs python-docx)

Text and script: CC0. Everything in the policy is invented.
"""
import datetime
import pathlib

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

OUT = pathlib.Path(__file__).resolve().parent.parent / "oakfield.docx"

doc = Document()
doc.core_properties.title = "Oakfield Primary School: Social Media Policy"
doc.core_properties.author = "Oakfield Primary School (fictional)"
doc.core_properties.created = doc.core_properties.modified = datetime.datetime(2021, 3, 18)
doc.styles["Normal"].font.name = "Calibri"
doc.styles["Normal"].font.size = Pt(11)


def h1(text):
    doc.add_heading(text, 1)


def h2(text):
    doc.add_heading(text, 2)


def p(text):
    return doc.add_paragraph(text)


def bullets(*items):
    for item in items:
        doc.add_paragraph(item, style="List Bullet")


def steps(*items):
    for item in items:
        doc.add_paragraph(item, style="List Number")


def table(*rows):
    t = doc.add_table(rows=0, cols=len(rows[0]))
    t.style = "Table Grid"
    for i, row in enumerate(rows):
        for cell, text in zip(t.add_row().cells, row):
            cell.text = text
            if i == 0:
                cell.paragraphs[0].runs[0].bold = True
    doc.add_paragraph()


def field(paragraph, code):
    for kind, text in (("begin", None), (None, code), ("end", None)):
        run = paragraph.add_run()
        if kind:
            el = OxmlElement("w:fldChar")
            el.set(qn("w:fldCharType"), kind)
        else:
            el = OxmlElement("w:instrText")
            el.set(qn("xml:space"), "preserve")
            el.text = text
        run._r.append(el)


section = doc.sections[0]
section.header.paragraphs[0].text = "Oakfield Primary School \u2022 Learning, kindness, courage"
section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
foot = section.footer.paragraphs[0]
foot.add_run("Social Media Policy \u2013 approved March 2021 \u2013 page ")
field(foot, "PAGE")

doc.add_heading("Social Media Policy", 0)

h1("Why we need a policy")
p("At Oakfield we use the words \u201csocial media\u201d for any website, game or app in which people can "
  "talk to each other or show each other things: Facebook, Twitter, Snapchat, TikTok, WhatsApp, Houseparty, "
  "Roblox, Fortnite and the comments below a video are a few of them.")
p("Used well, these things bring families closer to the school. Used badly, they have cost people friendships, "
  "jobs and, now and then, their safety. We hope this policy will help grown-ups and children at Oakfield to use "
  "them well.")

h1("Who it is for")
p("It is for everyone employed at Oakfield and for the governors. Parts of it speak to parents, carers and "
  "children. It should be read with the Staff Handbook and the Acceptable Use Agreement that each member of "
  "staff signs.")
bullets(
    "It holds good at weekends, in the holidays and on trips.",
    "It holds good whether a post mentions Oakfield by name or merely lets a reader guess.",
    "It is meant to teach as well as to forbid, so there is a short training session every autumn.",
)
h2("Official and private posts")
p("An official post is one made on a channel that the school owns. Every official post comes within this policy.")
p("A private post is one made from somebody's own account. A private post that has nothing to do with Oakfield is no "
  "business of the school. If it harms the school, or makes it hard for parents to trust the person who wrote it, "
  "it becomes our business.")
p("Members of staff may not have contact with pupils on social media in any circumstances.")

h1("Roles")
h2("Senior leaders")
bullets(
    "Write the policy, keep it up to date and see that it is read",
    "Arrange the autumn training",
    "Look into any incident within five school days, and bring in the police or the council where that is needed",
)
h2("Staff")
bullets(
    "To be familiar with this policy and to keep to it",
    "To come to the autumn training",
    "Not to link Oakfield with a private account, whether by name, by logo or by listing it as a workplace",
)
h2("Governors")
bullets(
    "Approving the policy",
    "Asking the headteacher once a year how many incidents there have been",
)

h1("How we expect people to behave")
bullets(
    "Everyone should be as polite online as they would be at the school gate.",
    "Staff must not make remarks about children, families or workmates that are mocking, spiteful or private. "
    "This duty of discretion goes on after a person has left Oakfield.",
    "Calls or messages from reporters must be passed to the headteacher unanswered.",
    "A reasonable amount of private browsing on a personal device at break and lunchtime is allowed. If it gets in "
    "the way of the job, it may become a disciplinary matter.",
    "School computers are monitored, and so is the school wi-fi.",
    "Posts that are racist, threatening, libellous or that break copyright are treated as very serious. "
    "They should be brought to a senior leader straight away.",
    "Less serious breaches are handled within school. Those that may be against the law go to the police.",
)

h1("What to do when something happens")
p("The table shows what we expect in the cases that come up most often.")
table(
    ("What has happened", "What staff must do", "What staff must not do", "Tell"),
    ("A child's family posts an unkind comment about a teacher",
     "Save a picture of it with the date",
     "Reply, or ask friends to reply",
     "A senior leader, the same day"),
    ("A child asks to follow a member of staff",
     "Decline, and speak to the child in school with another adult present",
     "Accept, even for a moment",
     "The child's class teacher"),
    ("A member of staff is tagged in a picture taken at a school event",
     "Remove the tag",
     "Share the picture",
     "Nobody, unless a child can be recognised"),
    ("Somebody opens an account that pretends to be the school",
     "Send the link to the school office",
     "Message the account",
     "The headteacher"),
    ("A child says that they have an account although they are under age",
     "Thank the child for saying so, and remind them of what was taught in computing",
     "Ask to see the account",
     "The class teacher, who speaks to the parents"),
)
p("When abuse is aimed at the school itself:")
steps(
    "Keep a copy.",
    "Hide the comment, or block the sender if it is a second offence.",
    "Explain to other readers, in one sentence, why it has gone.",
    "Let a senior leader know.",
)
p("Staff who are bullied online by a colleague should follow the Dignity at Work procedure.")

h1("The law")
bullets(
    "Check who owns a picture, a poem or a tune before sharing it, and ask if it is not yours.",
    "Data protection law applies to what is put on social media, just as it does to paper files.",
)

h1("Pictures of children")
bullets(
    "Pictures of Oakfield children are never to be put online by staff, other than on the school's own "
    "social media accounts.",
    "A child's surname is never shown with a picture.",
)

h1("Private use")
h2("Staff")
bullets(
    "A private post is one made from somebody's own account.",
    "A private post that has nothing to do with Oakfield is no business of the school.",
    "A reasonable amount of private browsing on a personal device at break and lunchtime is allowed.",
    "If it gets in the way of the job, it may become a disciplinary matter.",
)
h2("Children")
bullets(
    "Staff may not follow, befriend or reply to children who are at Oakfield now, or who have ever been, from a "
    "private account.",
    "Online safety is taught in every year group so that children know how to look after themselves.",
    "Children at our school are too young for social media and do not use it on the premises.",
    "Hurtful messages between children are dealt with under the Behaviour and Relationships Policy, "
    "wherever they were sent from.",
)
h2("Parents and carers")
bullets(
    "We are glad when parents say kind or useful things about Oakfield online.",
    "When a post is unfair or abusive we ask for it to be taken down, and offer a meeting with the headteacher. The "
    "complaints procedure is there for those who are still unhappy.",
    "Parents may take pictures of their own child at assemblies. They are asked not to post pictures of other "
    "people's children.",
)

h1("Keeping an eye on what is said about us")
p("The office manager searches for the school's name online every fortnight. Replies, if any, are agreed with a "
  "senior leader first.")

h1("Date of approval and review")
p("Oakfield has no social media account of its own at the time of writing. If governors decide to open one, this "
  "policy must be revised before the first post.")
p("Approved by governors: 18 March 2021")
p("Next review: March 2023, or earlier if the government's guidance is changed")
p("The policy is on the school website and will be revisited at least every two years.")

h1("Appendix: hints for looking after yourself online")
bullets(
    "Expect everything to be seen by everyone, sooner or later.",
    "Leave the school crest off your profile.",
    "Look at your own page as a stranger would: log out first.",
    "Prune your list of friends once a year.",
    "Ask friends to check with you before they tag you.",
    "Never post in anger, in drink or in the middle of the night.",
    "Think twice before giving out your telephone number or saying where you live.",
    "Learn where the \u201creport\u201d button is before you need it.",
)

h1("Acknowledgements")
p("We are grateful to the computing leads of the Alder Valley cluster, and to Fernhill Junior School, whose own "
  "policy gave us several ideas.")

doc.save(OUT)
print(OUT)
