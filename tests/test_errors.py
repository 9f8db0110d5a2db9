"""The tree drawn in the module is the tree of the classes, and each says the same of itself."""

import re

from assistant import errors
from assistant.errors import AssistantError, UnknownPolicyError

DRAWN = re.findall(r"^((?:│   )?)(?:├── |└── |)(\w+Error) +(.+)$", errors.__doc__, re.MULTILINE)
NAMES = [name for _, name, _ in DRAWN]


def test_the_tree_is_that_of_the_classes():
    classes = [value.__name__ for value in vars(errors).values() if isinstance(value, type)]
    assert sorted(NAMES) == sorted(classes)
    above = AssistantError
    for branch, name, _ in DRAWN[1:]:
        found = getattr(errors, name)
        assert found.__bases__ == (above if branch else AssistantError,)
        above = above if branch else found


def test_every_class_is_described():
    assert all(getattr(errors, name).__doc__ for name in NAMES)


def test_an_unknown_policy_lists_the_known_ones():
    assert str(UnknownPolicyError("nope", ("att", "neu"))) == (
        "No policy is called 'nope'. Expected one of: att, neu. Check the name, or ingest the file."
    )
    assert "Expected one of: none." in str(UnknownPolicyError("nope", ()))
