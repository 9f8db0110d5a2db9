"""The force of a clause: a table, as policies put it."""

import time

import pytest

from assistant.modality import limits, modality

CASES = [
    # duties
    ("Staff must lock their screens.", (), "must"),
    ("Staff shall wear a lanyard.", (), "must"),
    ("Every visitor has to sign in.", (), "must"),
    ("Teachers are required to keep a log.", (), "must"),
    ("The headteacher is responsible for the rota.", (), "must"),
    ("It is the responsibility of the porter to lock up.", (), "must"),
    ("Teachers will meet parents in school only.", (), "must"),
    ("Volunteers need to hold a current check.", (), "must"),
    ("All accidents are to be logged by noon.", (), "must"),
    ("Logging off is mandatory.", (), "must"),
    ("Anyone who finds a key must hand it in.", (), "must"),
    ("Porters should be aware of the noise.", (), "should"),
    ("Porters should be aware of the hours and should not therefore ring the bell.", (), "should_not"),
    ("Keys must be signed for and must not be lent.", (), "must"),
    ("As visitors are not permitted upstairs, staff must meet them in the hall.", (), "must"),
    ("Parents are welcome to watch the rehearsal.", (), "may"),
    ("visitors’ own skates (where this is allowed)", (), "statement"),
    # prohibitions
    ("Pupils must not film lessons.", (), "must_not"),
    ("Coaches may not text players.", (), "must_not"),
    ("Phones cannot be charged in classrooms.", (), "must_not"),
    ("Phones can’t be charged in classrooms.", (), "must_not"),
    ("Phones can't be charged in classrooms.", (), "must_not"),
    ("Cleaners must never share keys.", (), "must_not"),
    ("Cleaners must at all times not share keys.", (), "must_not"),
    ("No employee may lend a pass.", (), "must_not"),
    ("No member of staff, paid or unpaid, may lend a pass.", (), "must_not"),
    ("No adult (including governors) may lend a pass.", (), "must_not"),
    ("Nobody may lend a pass.", (), "must_not"),
    ("Nobody who helps here is to give out a home number.", (), "must_not"),
    ("No one may lend a pass.", (), "must_not"),
    ("None of the trustees may vote by text.", (), "must_not"),
    ("Neither governors nor staff may lend a pass.", (), "must_not"),
    ("Neither staff nor pupils are permitted upstairs.", (), "must_not"),
    ("Under no circumstances should a child be driven alone.", (), "must_not"),
    ("On no account lend a pass.", (), "must_not"),
    ("At no time may doors be propped open.", (), "must_not"),
    ("Smoking is strictly prohibited on site.", (), "must_not"),
    ("Staff are prohibited from lending passes.", (), "must_not"),
    ("Vaping is banned.", (), "must_not"),
    ("Drones are not permitted on the field.", (), "must_not"),
    ("Lending a pass is never acceptable.", (), "must_not"),
    ("Gifts over ten pounds are not to be kept.", (), "must_not"),
    ("Staff are never to lend passes.", (), "must_not"),
    ("Staff must avoid lending passes.", (), "must_not"),
    ("Staff must refrain from lending passes.", (), "must_not"),
    ("Do not prop doors open.", (), "must_not"),
    ("Don’t prop doors open.", (), "must_not"),
    ("Never prop doors open.", (), "must_not"),
    ("Lock the door. Never prop it open.", (), "must_not"),
    ("Staff should be aware that lending passes is not permitted.", (), "must_not"),
    ("Staff must not lend passes. They should be aware that visitors may.", (), "must_not"),
    # advice
    ("Staff should log off at night.", (), "should"),
    ("Tutors ought to reply within a day.", (), "should"),
    ("Parents are encouraged to use the gate.", (), "should"),
    ("Staff are strongly advised to lock bags away.", (), "should"),
    ("Visitors are expected to park at the rear.", (), "should"),
    ("It is good practice to log off.", (), "should"),
    ("Ask the office first.", (), "should"),
    ("Always keep a copy.", (), "should"),
    ("Staff should note that the gate is heavy.", (), "should"),
    # advice against
    ("Staff should not park on the verge.", (), "should_not"),
    ("Staff should therefore not park on the verge.", (), "should_not"),
    ("Tutors shouldn’t reply at night.", (), "should_not"),
    ("No driver should park on the verge.", (), "should_not"),
    ("Nobody should park on the verge.", (), "should_not"),
    ("Staff are advised against parking on the verge.", (), "should_not"),
    ("Staff are advised not to park there.", (), "should_not"),
    ("Staff are advised to avoid the verge.", (), "should_not"),
    ("Staff should avoid the verge.", (), "should_not"),
    ("Late replies are discouraged.", (), "should_not"),
    ("Avoid the verge.", (), "should_not"),
    # leave
    ("Staff may use the gym.", (), "may"),
    ("Staff can use the gym.", (), "may"),
    ("Sixth formers are allowed to go home at noon.", (), "may"),
    ("Governors are free to sit in.", (), "may"),
    ("There is nothing to stop staff joining the choir.", (), "may"),
    ("If a visitor is late, reception may let them in.", (), "may"),
    # leave on a condition
    ("Pupils may have a phone in their bag.", (), "may"),
    ("Posts may have a lasting effect on the school.", (), "statement"),
    ("Staff may use the gym only with the caretaker's approval.", (), "may_if"),
    ("Staff may keep a phone on, provided that it is silent.", (), "may_if"),
    ("Pupils may stay late as long as a parent knows.", (), "may_if"),
    ("Only the caretaker may open the gate.", (), "may_if"),
    ("Staff may only post with permission.", (), "may_if"),
    ("Dogs may come in unless the head objects.", (), "may_if"),
    ("Photographs may be sold with the written consent of a parent.", (), "may_if"),
    ("Staff may lend a pass with the headteacher’s written permission.", (), "may_if"),
    # neither: chance, consequence, fact, the month of May
    ("Misuse may result in dismissal.", (), "statement"),
    ("Contact with parents goes through the office.", (), "statement"),
    ("Use of the hall is free on Fridays.", (), "statement"),
    ("Records are kept in the office.", (), "statement"),
    ("Contact the office before noon.", (), "should"),
    ("Misuse may lead to dismissal.", (), "statement"),
    ("Emails may be monitored.", (), "statement"),
    ("Online chat can be seen by anyone.", (), "statement"),
    ("Gossip can break the law.", (), "statement"),
    ("Staff may not be aware that chat is logged.", (), "statement"),
    ("It can take a week.", (), "statement"),
    ("The hall opened in May 2019.", (), "statement"),
    ("The governors met in May.", (), "statement"),
    ("May 2019", (), "statement"),
    ("Our school has two gates.", (), "statement"),
    ("This policy says what is and what is not acceptable.", (), "statement"),
    ("Staff do not have to give a number.", (), "statement"),
    ("You are not obliged to give a number.", (), "statement"),
    # under a stem
    ("share keys", ("Staff must not:",), "must_not"),
    ("share keys", ("Staff should not:",), "should_not"),
    ("be kind", ("Staff should:",), "should"),
    ("Report it to the office.", ("Staff must:",), "must"),
    ("use the gym", ("Staff may:",), "may"),
    ("use the gym, provided that it is empty", ("Staff may:",), "may_if"),
    ("be kind", ("All adults here:", "They must always:"), "must"),
    ("an address", ("Staff must not:", "share with anyone:"), "must_not"),
    ("the gym", ("Rooms that we have:",), "statement"),
    ("must not lend keys", ("Staff:",), "must_not"),
    ("Not to lend keys", ("Staff",), "must_not"),
    ("not lend keys", ("Staff must:",), "must_not"),
    ("not lend keys", ("Staff should:",), "should_not"),
    ("Some may sound harmless.", ("Staff must not:",), "must_not"),
    ("Staff may ask first.", ("Staff must not:",), "may"),
]


@pytest.mark.parametrize(("text", "lead_in", "expected"), CASES)
def test_the_force_of_a_clause(text, lead_in, expected):
    assert modality(text, lead_in) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Staff must not chat, unless the child is kin; ask first.", ["unless the child is kin"]),
        ("A pass is lent only with the approval of the head. Ask.", ["only with the approval of the head"]),
        ("It stays shut, except on trips. Then it opens.", ["except on trips"]),
        ("Nothing leaves the room without written consent.", ["without written consent"]),
        ("This rule does not apply to kin.", ["does not apply to kin"]),
        ("Phones stay off until noon.", ["until noon"]),
        ("No pupils under the age of 12.", ["under the age of 12"]),
        (
            "Lend it as long as it is signed for, other than at noon.",
            ["as long as it is signed for, other than at noon", "other than at noon"],
        ),
        ("Share it where there is a need.", ["where there is a need"]),
        ("If in doubt, ask.", []),
        ("Every key is counted.", []),
        ("", []),
    ],
)
def test_the_words_that_set_a_limit(text, expected):
    assert [text[start:end] for start, end in limits(text)] == expected


@pytest.mark.parametrize("words", ["no staff ", "(a ", "may, ", "if a ", "must be aware that ", "nobody, a, "])
def test_a_very_long_clause_is_read_in_no_time(words):
    began = time.perf_counter()
    modality(words * 5000)
    limits(words * 5000)

    assert time.perf_counter() - began < 5
