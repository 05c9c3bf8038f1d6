"""The words: one noun per file; pure decisions."""
