from datetime import date

import pytest

from assistant.dates import parse, review_due


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("October 2024", date(2024, 10, 31)),
        ("Oct 2024", date(2024, 10, 31)),
        ("Sept. 2024", date(2024, 9, 30)),
        ("December 2024", date(2024, 12, 31)),
        ("February 2024", date(2024, 2, 29)),
        ("February 2025", date(2025, 2, 28)),
        ("1st May 2025", date(2025, 5, 1)),
        ("22nd of no month", None),
        ("3 September 2026", date(2026, 9, 3)),
        ("September 3, 2026", date(2026, 9, 3)),
        ("03/09/2026", date(2026, 9, 3)),  # British: the day first
        ("3.9.26", date(2026, 9, 3)),
        ("2026-09-03", date(2026, 9, 3)),
        ("31 February 2026", None),
        ("2026-13-40", None),
        ("Smarch 2026", None),
        ("Autumn 2026", None),
        ("2026", None),
        ("", None),
    ],
)
def test_reads_a_date(words, expected):
    assert parse(words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Next review: July 2028", date(2028, 7, 31)),
        ("Next review deadline: September 2021", date(2021, 9, 30)),
        ("Next review due: 1 September 2027", date(2027, 9, 1)),
        ("Next Review – October 2024 or sooner", date(2024, 10, 31)),
        ("next review September 2027.", date(2027, 9, 30)),
        ("Review date: March 2020", date(2020, 3, 31)),
        ("Date of review: 03/11/2021", date(2021, 11, 3)),
        ("*Date of next review: November 2019*", date(2019, 11, 30)),
        ("Review to be completed by: July 2022", date(2022, 7, 31)),
        ("This policy will be reviewed in May 2027.", date(2027, 5, 31)),
        ("It is due to be reviewed by 2027-05-01.", date(2027, 5, 1)),
        ("Due for review in June 2027", date(2027, 6, 30)),
        ("Next review\nMarch 2027", date(2027, 3, 31)),
        ("| Next review | September 2027, or sooner |", date(2027, 9, 30)),
        ("| **Review date** | September 2027 |", date(2027, 9, 30)),
        ("Last reviewed: March 2026", None),
        ("Approved: March 2026", None),
        ("It will be reviewed every year.", None),
        ("The books are reviewed. Term ends in July 2027.", None),
        ("", None),
    ],
)
def test_finds_the_date_of_the_next_review(text, expected):
    assert review_due(text) == expected


def test_where_two_dates_disagree_the_later_one_counts():
    """No false alarm; that they disagree is for the health check to say."""
    assert review_due("Date of review: October 2021\n\nDate of review: November 2021") == date(2021, 11, 30)
