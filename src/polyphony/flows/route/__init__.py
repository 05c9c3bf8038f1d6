"""Route: commit what the router decided, guarded by epoch and versions; say why work waits."""

from polyphony.flows.route.commit import commit
from polyphony.flows.route.turn import ROUTER, Told
from polyphony.flows.route.why import trace, why

__all__ = ["ROUTER", "Told", "commit", "trace", "why"]
