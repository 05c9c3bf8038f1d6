"""Search: what was asked becomes hits of all history, ranked, marked, only what may be seen."""

from polyphony.flows.search.ask import Answer, Item, People, search
from polyphony.flows.search.narrow import Unknown

__all__ = ["Answer", "Item", "People", "Unknown", "search"]
