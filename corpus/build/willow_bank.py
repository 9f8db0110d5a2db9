"""Writes ../willow-bank.pdf: a fictional school's policy as a six-page PDF with page furniture in the way.

    python corpus/build/willow_bank.py        (needs reportlab)

Text and script: CC0. Everything in the policy is invented.
"""
import pathlib

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Spacer

OUT = pathlib.Path(__file__).resolve().parent.parent / "willow-bank.pdf"
# Bitstream Vera comes with reportlab; embedded, so that the bullets come out as real bullets when text is extracted.
pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
pdfmetrics.registerFont(TTFont("VeraBd", "VeraBd.ttf"))
SCHOOL = "Willow Bank Community Primary School"

BODY = ParagraphStyle("body", fontName="Vera", fontSize=10.5, leading=15, spaceAfter=7)
H1 = ParagraphStyle("h1", parent=BODY, fontName="VeraBd", fontSize=14, leading=18, spaceBefore=9, keepWithNext=1)
H2 = ParagraphStyle("h2", parent=BODY, fontName="VeraBd", fontSize=11.5, spaceBefore=4, keepWithNext=1)
TITLE = ParagraphStyle("title", parent=H1, fontSize=17, leading=23, alignment=TA_CENTER, spaceAfter=14)
BULLET = ParagraphStyle("bullet", parent=BODY, bulletFontName="Vera", leftIndent=20, bulletIndent=7, spaceAfter=4)
TAIL = ParagraphStyle("tail", parent=BULLET)

# Page by page: the real date of review wanders, as it does in documents that were edited by hand.
REVIEW = {1: "Date of review: July 2021", 2: "Date of review: September 2021", 3: "",
          4: "Date of review: September 2021", 5: "Date of review: September 2021", 6: "Date of review: September 2021"}


def header(canvas, doc):
    canvas.setFont("Vera", 9)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 1.3 * cm, SCHOOL)


def footer(canvas, doc):
    canvas.setFont("Vera", 9)
    canvas.drawString(2.3 * cm, 1.7 * cm, f"Page {doc.page} of 6")
    canvas.drawString(2.3 * cm, 1.2 * cm, f"Date of issue: September 2018   {REVIEW.get(doc.page, '')}".rstrip())


doc = BaseDocTemplate(str(OUT), pagesize=A4, title="Social Networking and Online Conduct Policy", author=SCHOOL + " (fictional)",
                      invariant=1)
frame = Frame(2.3 * cm, 2.3 * cm, A4[0] - 4.6 * cm, A4[1] - 4.4 * cm, id="f")
doc.addPageTemplates([PageTemplate(id="p", frames=[frame], onPage=header, onPageEnd=footer)])

s = []


def title(t):
    s.append(Paragraph(t, TITLE))


def h1(t):
    s.append(Paragraph(t, H1))


def h2(t):
    s.append(Paragraph(t, H2))


def p(t):
    s.append(Paragraph(t, BODY))


def ul(*items):
    for t in items:
        s.append(Paragraph(t, BULLET, bulletText="\u2022"))


def broken(first, rest):
    """One bullet whose sentence runs over the page end, with footer and header in between."""
    s.append(Paragraph(first, BULLET, bulletText="\u2022"))
    s.append(PageBreak())
    s.append(Paragraph(rest, TAIL))


title("Social Networking and Online Conduct Policy")
h1("Introduction")
p("Willow Bank is a small school at the heart of its estate, and much of the estate's conversation now takes place "
  "online. We welcome that. We also have a duty to see that what adults and children connected with the school write "
  "to one another, and about one another, does nobody any harm.")
p("In this policy a \u201cstakeholder\u201d is anyone with a part in the life of Willow Bank Primary School: employees, "
  "governors, volunteers, students on placement and the pupils themselves The policy sits beside the Staff "
  "Code, the Child Protection and Safeguarding Policy, the E-Safety Rules, the Equality Scheme and the Confidential "
  "Reporting (Whistleblowing) Code.")
p("By social networking we mean Facebook, Twitter, Instagram, Snapchat, MSN Messenger, "
  "Friends Reunited, Bebo, BBM, Musical.ly and whatever replaces them, together with blogs, message boards and the chat "
  "inside computer games.")
h1("What the policy sets out to do")
ul("Say clearly what is and what is not acceptable.",
   "Protect the confidentialty of children, families and staff.",
   "Spare the school and Calderwick Borough Council from claims and bad publicity.",
   "Let everyone know what may follow if the policy is ignored.")
h1("When it applies")
p("It applies whenever the school, its staff, its pupils or the Council are mentioned or can be recognised, and whenever "
  "somebody uses a school device. It applies to the school website as well as to social networks.")
ul("Messages sent by employees for the school are covered, and so are messages sent by them for themselves.",
   "Governors are covered from the day of their appointment, and helpers from the day of their first visit.")
h1("Who is responsible for what")
h2("Governors and Headteacher")
p("Calderwick Borough Council sends us a model text each time the law alters. The Headteacher makes sure that each new "
  "employee is given a copy of the policy before their first day and keeps the signed slips. The Headteacher tells "
  "governors every term of any breach. Governors and the Headteacher decide on disciplinary action, and pass to the "
  "police anything that looks like a crime.")
h2("Employees")
p("Employees must read the policy, sign the slip at the back, and ask if anything is not clear. Teachers are bound in "
  "addition by the Code of the General Teaching Council for England. Under the Protection of Children Act 1999 and "
  "the Safeguarding Vulnerable Groups Act 2006 the school may have to report an employee to the Independent "
  "Safeguarding Authority.")
p("What an employee shares on a network, even with a closed group, may be covered by copyright law, by the Freedom of "
  "Information Act and by General Data Protection Regulations.")
p("Three things are worth keeping in mind:")
ul("A private post is a public post that hasn't been found yet.",
   "Deleting a post does not delete the copies.",
   "The right to speak one's mind ends where the law begins.")
p("Employees are expected to:")
ul("behave online in a way that would not shame them in the staff room;",
   "keep friendships with families in the community from clouding their judgement;",
   "tell the Headteacher or the Chair of Governors about any breach that they see. Keeping quiet about a breach may "
   "itself lead to disciplinary action.")
h1("Keeping children safe")
p("Contact between adults and children should be open, necessary and in a form that the school has agreed. A member of "
  "staff who would not be happy for a colleague to read a message should not send it.")
p("Employees and volunteers must not send messages to, or become friends on a social network with, a child who attends "
  "Willow Bank or any other school, even where the child's parents would not mind. The rule does not cover an employee's "
  "own children, grandchildren, brothers, sisters, nephews and nieces.")
p("Former pupils should not be added as friends until they are nineteen years old.")
p("Both rules hold in working hours and out of them, and on devices of every kind, whoever paid for them.")
h1("Friends, neighbours and relatives")
p("Many of our staff grew up within sight of the school and have cousins, godchildren and neighbours among the pupils. The "
  "Headteacher keeps a list of such ties. An employee whose ties change should have the list brought up to date, and should "
  "take no part in decisions about a child on the list.")
h1("If you are the one who is hurt")
p("Being abused online is not part of anybody's job. An employee who finds a hurtful post about themselves should keep a "
  "picture of it and go to the Headteacher, who will ask for it to be taken down and, if the employee wishes, will speak to "
  "whoever wrote it. Calderwick's counselling line is open to all employees and their partners.")
h1("What is not acceptable")
p("When using social networks, stakeholders must not:")
ul("Pass on anything that they have learned in confidence at Willow Bank, or at a school where they used to work.",
   "Comment on the running of the school, on its staff or on its families.",
   "Describe themselves as an employee of the school.",
   "Swear at, mock or threaten a parent, a child or a colleague, past or present.",
   "Write anything that is racist, homophobic or hostile to people of a particular faith.",
   "Leave a person out of a group in order to hurt them.",
   "Sell goods, raise sponsorship or ask for votes by way of the school's name.",
   "Look for, open or pass on unlawful material.",
   "Accept or send a friend request where the other person is, or was, a pupil of the school and has not reached 18.",
   "Be critical of Calderwick Borough Council or its officers.",
   "Upload a photograph of a child taken at this or any other school.",
   "Upload a photograph of a colleague unless that colleague has said yes.",
   "Add music, film or pictures that belong to somebody else.",
   "Open an account under a made-up name so as to get round this policy.",
   "Report worries about the school. The Confidential Reporting Code should be used for that.",
   "Encourage someone else to do, on their behalf, what they may not do themselves.",
   "Break any other policy of the school.",
   "Other examples may be added by the Headteacher from time to time.")
s.append(Spacer(1, 0.3 * cm))
broken("Visit or update their own pages in school hours, except in the staff room during a lunch break or other agreed "
       "break. Leave a page logged in on a shared computer, and must always see to it that",
       "the page cannot be opened by children, by visitors or by anyone else who comes into the room.")
ul("Take part in an online argument about a pupil's behaviour, or about a decision on admissions or exclusion.")
h1("Guidance for staff, governors and volunteers")
ul("Nobody who works or helps at Willow Bank is to have any dealings on a social network with a child who is a pupil here.",
   "Nobody is to have dealings of that kind with a former pupil aged under 18.",
   "Do not ask to see a child's page, and do not let a child see yours.",
   "An adult who poses as a child online commits a criminal offence.",
   "If a member of staff or a child is found to be on a social network during the school day, let Mrs Philippa Drayton, "
   "the Designated Safeguarding Lead (DSL), know.",
   "Children under 13 are not allowed on most networks. If you learn that one of ours is, fill in a yellow concern form "
   "and put it in the safeguarding team's tray in the office.",
   "Trips and residentials: the group leader may text the school office, which will pass news to parents. Staff should "
   "not post news of a trip until everybody is home.")
h1("Guidance for pupils")
ul("You have to be 13 to use most social networks, so you should not be on them while you are at our school.",
   "Leave your phone at home. If the Headteacher has agreed that you may bring one because you walk home alone, switch "
   "it off at the gate and give it to Mr Osei in the office until home time.",
   "Never try to find or follow a grown-up from school. If you do, we shall tell the DSL and your family.",
   "Do not use school tablets or laptops to look for social networks.")
ul("If you get round the school filter, you will lose your log-in for half a term and have to use a computer beside an "
   "adult.",
   "If somebody is unkind to you online, show a grown-up whom you trust as soon as you can. Do not answer back.",
   "We do not put up with cyberbullying at Willow Bank, ever.")
h1("If there is a concern about an adult")
p("When it is suggested that an adult connected with the school has misused a social network, they should:")
ul("Write down what was said, in the words that were used, on a yellow concern form.",
   "Ring the Local Authority Designated Officer (LADO) and do as the LADO says.",
   "Explain to a parent who has raised the matter what will happen next and when they will hear.",
   "Tell no one else, if it was a colleague who raised it.")
h1("School laptops and tablets")
p("Staff who are lent a device are asked to sign the declaration below.")
ul("I have been lent a Willow Bank laptop or tablet, which works properly and has no marks on it. It remains the property of "
   "the school and I will give it back on my last day. I will not lend it to members of my household.",
   "I will ask my home insurer whether the device is covered away from school, and will leave it in school overnight until "
   "I have the answer in writing.",
   "I will pay the first \u00a350 of any repair that is needed through my own carelessness.")
h1("Photographs for the website and newsletter")
p("Only the school's own cameras may be used. The office checks each picture against the list of families who have said no, "
  "and takes names out of file names before anything is published. Pictures are removed from the website at the end of the "
  "summer term after a child leaves.")
h1("What may follow a breach")
p("Breaches are dealt with under the Council's disciplinary procedure for schools. A volunteer may be asked to stop "
  "helping, and a governor may be suspended by the governing body. Pupils are dealt with under the behaviour policy.")
h1("Data protection")
p("If personal information is posted by mistake, the Data Protection Officer must be told within the hour so that a note of "
  "it can be made and, where need be, the Information Commissioner informed.")
s.append(PageBreak())
title("Willow Bank Community Primary School<br/>Social Networking and Online Conduct Policy")
p("Please cut off this slip and hand it to the school office.")
s.append(Spacer(1, 0.5 * cm))
p("I have been given a copy of Willow Bank's Prin mary School's policy on social networking. I have read it and I agree to "
  "keep to it. I understand that I could be disciplined, or lose my job, if I do not.")
s.append(Spacer(1, 0.8 * cm))
for line in ("Full name (capitals): ......................................................",
             "Post: ......................................................",
             "Signature: ......................................................",
             "Date: ......................................................"):
    p(line)
    s.append(Spacer(1, 0.4 * cm))

doc.build(s)
print(OUT, doc.page)
