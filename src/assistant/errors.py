"""What can go wrong, as a tree; every message says what was seen, what was expected and what to do.

AssistantError                    shown to the user as one line, exit status 2
├── SettingsError                 a setting has a value that can't be used
├── QuestionError                 a question, batch line or history can't be read
├── UnknownPolicyError            a slug that the index does not hold
├── UnreadableFileError           a policy file can't be read
├── ManifestError                 policies.toml can't be used
├── ModelError                    the embedding model is missing or not the one expected
├── LanguageModelError            a language model gave no usable reply; the answer is made without it
├── IndexMissingError             there is no index in the folder
├── IndexMismatchError            the index was built by another model or version, or is damaged
│   └── IndexUnavailableError     it is sound, but its disk is full, read-only or held by another program
├── IndexBusyError                another process is writing the index
├── VectorServerError             the Chroma server does not answer, or is none
├── ForbiddenError                the user's role does not allow it
└── RecordsError                  the log or the administrators' actions can't be read or written
"""


class AssistantError(Exception):
    """An error whose message is written for the person who can mend it."""


class SettingsError(AssistantError):
    """A setting has a value that can't be used."""


class QuestionError(AssistantError):
    """A question, a batch line or a history can't be read."""


class UnknownPolicyError(AssistantError):
    """A slug names no document of the index."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        listed = ", ".join(known) if known else "none"
        super().__init__(
            f"No policy is called {slug!r}. Expected one of: {listed}. Check the name, or ingest the file."
        )


class UnreadableFileError(AssistantError):
    """A policy file can't be read; the message is the reason, without the path."""


class ManifestError(AssistantError):
    """policies.toml can't be used."""


class ModelError(AssistantError):
    """The embedding model is missing or is not the one expected."""


class LanguageModelError(AssistantError):
    """A language model gave no usable reply; the message says how, to stand after the model's name."""


class IndexMissingError(AssistantError):
    """There is no index in the folder."""


class IndexMismatchError(AssistantError):
    """The index was built by another model or another version of this program."""


class IndexUnavailableError(IndexMismatchError):
    """The index is sound, but its disk is full or read-only, or another program holds it."""


class IndexBusyError(AssistantError):
    """Another process is writing the index."""


class VectorServerError(AssistantError):
    """The Chroma server that holds the vectors does not answer, or is none that this program knows."""


class ForbiddenError(AssistantError):
    """The user's role does not allow it."""


class RecordsError(AssistantError):
    """The log, or the administrators' actions, can't be read or written."""
