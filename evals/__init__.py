"""Measures the answers: question sets → answers → scores → report (`python -m evals`)."""
