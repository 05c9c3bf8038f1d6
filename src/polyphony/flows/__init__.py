"""The work: one verb per file."""
