"""Polyphony: every channel, one conversation."""
