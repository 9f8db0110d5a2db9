"""How the shipped weights were made: invented clauses and questions in, weights out (`python -m training`)."""
