"""The refusals as a tree: Invalid, NotFound, Forbidden, Conflict; each has a code and facts."""

from collections.abc import Mapping


class Refusal(Exception):
    """A wish the house does not grant.

    Attributes:
        code: dotted snake_case name of the reason, e.g. ``offer.settled``; screens translate it.
        facts: plain JSON values that explain it; safe to show to the one who asked.
    """

    def __init__(self, code: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, object] = dict(facts or {})


class Invalid(Refusal):
    """The wish itself is malformed or breaks a rule of values."""


class NotFound(Refusal):
    """There is no such thing, or the actor may not see it: the two look alike on purpose."""


class Forbidden(Refusal):
    """The actor sees the thing but may not do this; ``facts['needs']`` says what is missing."""


class Conflict(Refusal):
    """The thing is not, or no longer, in a state that allows this."""


class NotAuthenticated(Refusal):
    """Nobody is signed in, or the proof is no good any more."""


class RateLimited(Refusal):
    """Too often; ``facts['after_s']`` says when to come back, in seconds."""
