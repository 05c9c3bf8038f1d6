"""What can go wrong on the way out: classes that decide what happens next (one retry policy)."""


class SendFailure(Exception):
    """A door could not bring a message to its provider.

    Attributes:
        code: snake_case reason shown to people and counted.
        detail: the provider's own words, at most 500 characters, never a secret.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail[:500]


class Temporary(SendFailure):
    """Proved not accepted; another try may work."""


class TooFast(SendFailure):
    """The provider asks us to wait ``after_s`` seconds; this is not a try."""

    def __init__(self, code: str, after_s: float, detail: str = "") -> None:
        super().__init__(code, detail)
        self.after_s = after_s


class Permanent(SendFailure):
    """It will never be accepted like this; ``address_bad`` = the address can never work."""

    def __init__(self, code: str, detail: str = "", *, address_bad: bool = False) -> None:
        super().__init__(code, detail)
        self.address_bad = address_bad


class Uncertain(SendFailure):
    """It left us and no verdict came: it may have arrived. Never repeated blindly."""


class AccountBroken(SendFailure):
    """Our end is refused (sign-in, token, lock): hold all of this account, tell the admin."""


class Unreadable(Exception):
    """Raw bytes that could not be understood within the limits; they are kept and marked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail[:500]
