"""What one read mail is: the frozen object behind the JSON, its limits and its defect codes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, get_args

Defect = Literal[
    "leading_garbage",
    "no_headers",
    "no_from",
    "several_from",
    "from_not_an_address",
    "message_id_missing",
    "message_id_bad",
    "date_missing",
    "date_bad",
    "header_8bit",
    "encoded_word_bad",
    "header_injection",
    "boundary_missing",
    "boundary_unclosed",
    "encoding_unknown",
    "base64_bad",
    "qp_bad",
    "charset_unknown",
    "charset_wrong",
    "encrypted",
    "reply_all_quoted",
    "too_big",
    "headers_cut",
    "too_deep",
    "too_many_parts",
    "addresses_cut",
    "text_cut",
    "html_cut",
    "unreadable",
]
DEFECTS: tuple[str, ...] = get_args(Defect)

Reason = Literal[
    "unknown_recipient",
    "unknown_domain",
    "moved",
    "no_mail_service",
    "mailbox_full",
    "disabled",
    "filtered",
    "too_big",
    "sender_refused",
    "content_refused",
    "temporary",
    "other",
    "feedback",
    "delivered",
    "vacation",
    "read",
]
AutoReason = Literal[
    "own",
    "report",
    "null_sender",
    "auto_submitted",
    "auto_header",
    "bulk",
    "daemon",
    "vacation_subject",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost: sizes in bytes (texts in characters), the rest in pieces."""

    size: int = 50 * 1024 * 1024
    header_block: int = 256 * 1024
    header_lines: int = 2000
    header: int = 64 * 1024
    depth: int = 20
    parts: int = 500
    addresses: int = 1000
    text: int = 2 * 1024 * 1024
    html: int = 1024 * 1024

    @classmethod
    def none(cls) -> "Limits":
        """Return limits nothing reaches; for debugging only."""
        far = 1 << 40
        return cls(far, far, far, far, 500, far, far, far, far)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with its label; ``address`` is empty when nobody reachable is named."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part not shown as text; ``size`` in bytes after decoding, ``data`` only when asked for."""

    filename: str | None
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None
    data: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class AutoSubmitted:
    """Whether a machine may never answer this mail, and by which sign."""

    is_auto: bool
    reason: AutoReason | None


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says about one recipient."""

    is_bounce: bool
    kind: Literal["hard", "soft"] | None
    status: str | None
    recipient: str | None
    reason: Reason
    code: str | None
    text: str
    action: Literal["failed", "delayed", "delivered", "relayed", "expanded"] | None = None


@dataclass(frozen=True, slots=True)
class Bounce(Failure):
    """A machine's report about delivery; ``others`` are its further recipients."""

    others: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadMail:
    """Everything the product understands of one mail (docs/reference/read-email.md)."""

    schema: Literal[1]
    file: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    from_: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: str | None
    text: str
    html_safe: str | None
    text_reply: str
    attachments: tuple[Attachment, ...]
    auto_submitted: AutoSubmitted
    bounce: Bounce | None
    defects: tuple[Defect, ...]
    language: str | None

    def to_json(self) -> dict[str, object]:
        """Return the object as plain JSON values, keys in the order of the reference."""
        return {key.rstrip("_"): _plain(value) for key, value in _items(self)}


def _items(thing: object) -> Iterator[tuple[str, object]]:
    for one in fields(thing):  # type: ignore[arg-type]
        if one.name != "data":
            yield one.name, getattr(thing, one.name)


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in _items(value)}


def unreadable(file: str = "") -> ReadMail:
    """Return the minimal answer for a mail that broke the limits."""
    return ReadMail(
        schema=1,
        file=file,
        message_id=None,
        in_reply_to=(),
        references=(),
        from_=None,
        to=(),
        cc=(),
        reply_to=(),
        subject="",
        date=None,
        text="",
        html_safe=None,
        text_reply="",
        attachments=(),
        auto_submitted=AutoSubmitted(is_auto=False, reason=None),
        bounce=None,
        defects=("unreadable",),
        language=None,
    )


class Defects:
    """The defects found so far, each once, in the order found."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[Defect, None] = {}

    def add(self, code: Defect) -> None:
        """Note one defect."""
        self._found[code] = None

    def all(self) -> tuple[Defect, ...]:
        """Return the codes in the order found."""
        return tuple(self._found)
