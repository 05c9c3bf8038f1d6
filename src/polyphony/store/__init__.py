"""The memory: PostgreSQL; functions take a session first and a batch second."""
