"""Policy files in, clauses out: file → Document → index (`python -m ingest`)."""
