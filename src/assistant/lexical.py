"""The lexical half of retrieval: BM25 over stemmed words, for names, numbers and rare words that vectors blur."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

Scores = NDArray[np.float32]

_STEMMER = Stemmer.Stemmer("english")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "ours",
        "she",
        "should",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whose",
        "will",
        "with",
        "would",
        "you",
        "your",
        "am",
        "im",
        "ive",
        "id",
        "got",
        "get",
        "go",
        "going",
        "ok",
        "okay",
    ]
)


def terms(text: str) -> list[str]:
    """Stemmed words of a text, without the commonest."""
    words = [word for word in re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", text.lower())) if word not in _STOP]
    return list(_STEMMER.stemWords(words))


class Lexicon:
    """BM25 over a list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        self.index = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
        if texts:
            self.index.index([terms(text) or ["∅"] for text in texts], show_progress=False)

    def scores(self, asked: Sequence[str]) -> Scores:
        """BM25 scores of every text for a question's terms: shape (texts,)."""
        known = [term for term in asked if self.size and term in self.index.vocab_dict]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self.index.get_scores(known), dtype=np.float32)


class Lexicons:
    """Many lexicons asked at once, each with its own statistics: the scores are those of each alone, one after the other.

    A term's scores in all texts stand together, so that asking costs what the question's terms cost and not a visit to every lexicon.
    """

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self.size = sum(lexicon.size for lexicon in lexicons)
        self._terms: dict[str, int] = {}
        terms_of, places, scores = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
        start = 0
        for lexicon in lexicons:
            if lexicon.size:
                held, known = lexicon.index.scores, lexicon.index.vocab_dict
                numbers = np.zeros(
                    len(known), np.int32
                )  # bm25s may know one more term, the empty one, that no text holds
                for term, place in known.items():
                    numbers[place] = self._terms.setdefault(term, len(self._terms))
                terms_of.append(np.repeat(numbers[: len(held["indptr"]) - 1], np.diff(held["indptr"])))
                places.append(held["indices"] + np.int32(start))
                scores.append(held["data"])
            start += lexicon.size
        every = np.concatenate(terms_of)
        order = np.argsort(every, kind="stable")
        self._places = np.concatenate(places)[order]
        self._scores = np.concatenate(scores)[order]
        self._starts = np.searchsorted(every[order], np.arange(len(self._terms) + 1))

    def scores(self, asked: Sequence[str]) -> Scores:
        """BM25 scores of every text of every lexicon, in order: shape (texts,)."""
        found = np.zeros(self.size, dtype=np.float32)
        for number in (self._terms[term] for term in asked if term in self._terms):
            part = slice(self._starts[number], self._starts[number + 1])
            found[self._places[part]] += self._scores[part]  # a text stands once under a term
        return found
