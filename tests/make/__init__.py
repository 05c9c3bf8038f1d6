"""Makers of rows for tests: one file per noun, each returns the id it made."""
