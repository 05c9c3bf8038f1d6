"""Letters: e-mails as people's programs write them: quoted, attached, forged, automatic, huge."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, parseaddr

# Hardly folded: the library wraps long Message-IDs into encoded words, as no mail client does.
POLICY = SMTP.clone(max_line_length=900)
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_WROTE = {
    "en": "On {date}, {who} wrote:",
    "cs": "Dne {date} {who} napsal(a):",
    "pl": "W dniu {date} {who} pisze:",
    "ru": "{date} {who} пишет:",
}
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail shall be; ``references`` are the Message-IDs of its thread, oldest first.

    ``traits`` as in the stories: attach, attach_mib, bulk, automatic.
    """

    sender: tuple[str, str]
    to: str
    subject: str
    text: str
    message_id: str
    references: Sequence[str] = ()
    traits: Mapping[str, object] = field(default_factory=dict)

    def written(self, at: datetime) -> EmailMessage:
        """Return the mail as it leaves."""
        mail = EmailMessage(policy=POLICY)
        forged = str(self.traits.get("from", ""))
        mail["From"] = forged or f"{self.sender[0]} <{self.sender[1]}>"
        mail["To"], mail["Subject"], mail["Date"] = self.to, self.subject, format_datetime(at)
        mail["Message-ID"] = self.message_id
        if self.references:
            mail["In-Reply-To"] = self.references[-1]
            mail["References"] = " ".join(self.references[-6:])
        if self.traits.get("automatic"):
            mail["Auto-Submitted"] = "auto-replied"
        if self.traits.get("bulk"):
            mail["Precedence"], mail["List-Unsubscribe"] = "bulk", "<mailto:stop@loop.demo.example>"
        mail.set_content(self.text)
        if self.traits.get("attach"):
            attach(mail, str(self.traits["attach"]))
        size = float(str(self.traits.get("attach_mib", 0)))
        if size:
            mail.add_attachment(
                b"\x89video" * int(size * _MIB / 6), maintype="video", subtype="mp4",
                filename="meter.mp4",
            )  # fmt: skip
        return mail


def attach(mail: EmailMessage, name: str) -> None:
    """Attach a small picture or page under this name."""
    picture = name.endswith(".png")
    data, kind = (_PIXEL, ("image", "png")) if picture else (_PAGE, ("application", "pdf"))
    mail.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)


def quoted(words: str, answer: EmailMessage, language: str, at: datetime) -> str:
    """Return an answer with the mail it answers below it, as programs quote in this language."""
    body = answer.get_body(("plain",))
    old = body.get_content() if body is not None else ""
    line = _WROTE[language].format(date=at.strftime("%d. %m. %Y %H:%M"), who=answer["From"])
    lines = "\n".join(f"> {part}".rstrip() for part in old.strip().split("\n"))
    return f"{words}\n\n{line}\n{lines}\n"


def opened(raw: bytes) -> EmailMessage:
    """Read a mail of ours as its receiver does."""
    return message_from_bytes(raw, policy=default)


def thread(mail: EmailMessage) -> list[str]:
    """Return the Message-IDs a mail names, the oldest first."""
    return f"{mail['References'] or ''} {mail['In-Reply-To'] or ''}".split()


def address(mail: EmailMessage) -> str:
    """Return the address of the sender line."""
    return parseaddr(str(mail["From"]))[1]


def recipient(mail: EmailMessage) -> str:
    """Return the address of the first recipient."""
    return parseaddr(str(mail["To"]))[1].lower()
