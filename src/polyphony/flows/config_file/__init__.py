"""Configuration as one readable file: written out, compared, taken in within one transaction."""
