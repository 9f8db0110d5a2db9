"""The lexical half of retrieval: BM25 over stemmed words, for names, numbers and rare words that vectors blur."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

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
        tokens = [terms(text) or ["∅"] for text in texts]
        self.vocabulary = {term for row in tokens for term in row}
        self.index = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
        if tokens:
            self.index.index(tokens, show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 scores of every text for a question: shape (texts,)."""
        known = [term for term in terms(question) if term in self.vocabulary]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self.index.get_scores(known), dtype=np.float32)
