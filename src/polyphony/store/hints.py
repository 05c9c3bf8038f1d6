"""Hints between processes: the old name of ``store/wake``, for those who still use it."""

from polyphony.store.wake import CHANNEL, GAP_S, listen, notify

__all__ = ["CHANNEL", "GAP_S", "listen", "notify"]
