"""Outbound → the bytes of a mail, built with the standard library's EmailMessage only."""

import re
from email.header import Header
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Literal

import idna

from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound, Part
from polyphony.ports import Account, Rendered

REFERENCES_MAX = 20
ID_LENGTH_MAX = 250
SUBJECT_MAX = 900
FILES_MAX_BYTES = 25 * 1024 * 1024

BREAKS = re.compile(r"[\r\n\x00]")
# What splits or steers a header line: controls, and the separators Unicode counts as line ends.
STEERING = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029]+")
MESSAGE_ID = re.compile(r"<[\x21-\x3b=\x3f-\x7e]{1,248}>")
TOKEN = re.compile(r"[A-Za-z0-9_.-]{0,200}")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]{0,126}/[A-Za-z0-9][\w.+-]{0,126}", re.ASCII)
LOCAL_PART = re.compile(r"[^\x00-\x20\x7f-\xa0()<>\[\]:;@\\,\"]{1,128}")


class _Folded(str):
    """A header value that is encoded and folded already; nothing in it may be read again."""

    __slots__ = ()


class _AsFolded(EmailPolicy):
    """Writes folded values as they are.

    The standard library decodes a value when it is set and folds it anew when it is written; on
    the way a subject such as ``=?utf-8?q?=0D=0ABcc:…?=`` becomes a line of its own, and long
    message ids are torn or encoded.
    """

    def header_store_parse(self, name: str, value: object) -> tuple[str, str]:
        return (name, value) if isinstance(value, _Folded) else super().header_store_parse(
            name, value
        )  # fmt: skip

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value if isinstance(value, _Folded) else super().header_fetch_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if isinstance(value, _Folded):
            return f"{name}: {value}\r\n".encode()
        return super().fold_binary(name, value)


POLICY = _AsFolded(linesep=SMTP.linesep, cte_type="7bit", max_line_length=78)


def _words(text: str, name: str) -> _Folded:
    """Encode unstructured text; plain ASCII words stay readable."""
    plain = text.isascii() and "=?" not in text and max(map(len, text.split()), default=0) < 60
    header = Header(
        text, None if plain else "utf-8", maxlinelen=76, header_name=name, continuation_ws=" "
    )
    return _Folded(header.encode(linesep="\r\n"))


def _end(mailbox: MailAddress, name: str) -> _Folded:
    """Write one mailbox; every name that is not plain words is encoded, so it steers nothing."""
    shown = mailbox.display_name
    if not shown:
        return _Folded(mailbox.addr_spec)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 '-]{0,48}", shown):
        shown = Header(shown, "utf-8", maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return _Folded(f"{shown}\r\n <{mailbox.addr_spec}>")


def render(outbound: Outbound, account: Account) -> Rendered:
    """Build the mail and its envelope.

    Raises:
        Invalid: it cannot leave like this; the code names the field (``subject.line_break``,
            ``recipient.malformed``, ``files.too_big`` …).
    """
    _check_lines(outbound)
    degraded: list[str] = []
    sender = _mailbox(
        outbound.from_name or _setting(account, "from_name"), account.address, "sender"
    )
    recipient = _mailbox(outbound.to_name, outbound.to.value, "recipient")
    policy = _policy(sender, recipient)
    message = EmailMessage(policy=policy)
    message["From"] = _end(sender, "From")
    message["To"] = _end(recipient, "To")
    subject = _clean(outbound.subject, "subject", degraded)[:SUBJECT_MAX]
    message["Subject"] = _words(subject, "Subject")
    if outbound.at is not None:
        message["Date"] = format_datetime(outbound.at)
    message_id = _message_id(outbound, sender.domain)
    message["Message-ID"] = _Folded(message_id)
    _thread(message, outbound)
    _mark(message, outbound, account)
    _body(message, outbound)
    _files(message, outbound.parts)
    _bound(message, outbound)
    envelope = {
        "from": _return_path(outbound.token, sender, _setting(account, "return_path")),
        "message_id": message_id,
    }
    if policy.utf8:
        envelope["smtputf8"] = "1"
    return Rendered(message.as_bytes(), recipient.addr_spec, envelope, tuple(degraded))


def _setting(account: Account, name: str) -> str:
    return str(account.settings.get(name) or "")


def _policy(*ends: MailAddress) -> EmailPolicy:
    return POLICY if all(end.username.isascii() for end in ends) else POLICY.clone(utf8=True)


def _check_lines(outbound: Outbound) -> None:
    fields = {
        "recipient": outbound.to.value,
        "to_name": outbound.to_name,
        "from_name": outbound.from_name,
        "subject": outbound.subject,
        "token": outbound.token,
        **{f"files.{index}": part.name for index, part in enumerate(outbound.parts)},
    }
    for name, value in fields.items():
        if BREAKS.search(value):
            raise Invalid(f"{name.partition('.')[0]}.line_break", {"field": name})
    for name, value in (*fields.items(), ("text", outbound.text), ("html", outbound.html or "")):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise Invalid(f"{name.partition('.')[0]}.not_unicode", {"field": name}) from error


def _clean(text: str, field: str, degraded: list[str]) -> str:
    cleaned = STEERING.sub(" ", text)
    if cleaned != text:
        degraded.append(f"{field}_controls_removed")
    return cleaned.strip()


def _mailbox(name: str, address: str, field: str) -> MailAddress:
    local, at, domain = address.strip().rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local) or len(address) > 320:
        raise Invalid(f"{field}.malformed", {"field": field})
    try:
        host = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
        if not re.fullmatch(r"\[[0-9A-Fa-f:.IPv]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?", host):
            raise Invalid(f"{field}.malformed", {"field": field})
        return MailAddress(_clean(name, field, []), local, host)
    except (idna.IDNAError, ValueError) as error:
        raise Invalid(f"{field}.malformed", {"field": field}) from error


def _message_id(outbound: Outbound, domain: str) -> str:
    if not TOKEN.fullmatch(outbound.token):
        raise Invalid("token.malformed", {"field": "token"})
    dot = "." if outbound.token else ""
    return f"<{outbound.id}{dot}{outbound.token}@{domain}>"


def _return_path(token: str, sender: MailAddress, way: str) -> str:
    if not token or way == "address":
        return sender.addr_spec
    local = sender.username if way == "plus" else "b"
    return f"{local}+{token}@{sender.domain}"


def _thread(message: EmailMessage, outbound: Outbound) -> None:
    """Name the mails this one answers; ids nobody could have sent are left out."""
    ids = [one for one in outbound.references if MESSAGE_ID.fullmatch(one)]
    if MESSAGE_ID.fullmatch(outbound.in_reply_to):
        message["In-Reply-To"] = _Folded(outbound.in_reply_to)
        ids = [one for one in ids if one != outbound.in_reply_to] + [outbound.in_reply_to]
    if len(ids) > REFERENCES_MAX:
        ids = [ids[0], *ids[1 - REFERENCES_MAX :]]  # the root and the newest hold a thread together
    if ids:
        message["References"] = _Folded("\r\n ".join(dict.fromkeys(ids)))


def _mark(message: EmailMessage, outbound: Outbound, account: Account) -> None:
    message["X-Polyphony-Origin"] = str(account.id)
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}", outbound.language):
        message["Content-Language"] = outbound.language
    if outbound.purpose == "auto":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
        message["Precedence"] = "auto_reply"


def _body(message: EmailMessage, outbound: Outbound) -> None:
    text = outbound.text.replace("\x00", "")
    message.set_content(text, cte=_encoding(text))
    if outbound.html is None:
        return
    html = outbound.html.replace("\x00", "")
    message.add_alternative(html, subtype="html", cte=_encoding(html))
    shown = [part for part in outbound.parts if part.inline and part.cid]
    page = message.get_body(("html",))
    if page is None:
        return
    for part in shown:
        kind, sub = _media_type(part)
        page.add_related(
            part.data, kind, sub, cid=f"<{_cid(part)}>", filename=_label(part) or None,
            disposition="inline",
        )  # fmt: skip


def _bound(message: EmailMessage, outbound: Outbound) -> None:
    """Name the boundaries after the delivery: a repeat has the same bytes as the first try."""
    wholes = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(wholes):
        part.set_boundary(f"=_{outbound.id.hex}_{number}")


def _encoding(text: str) -> Literal["7bit", "quoted-printable", "base64"]:
    """Choose what keeps every character: long lines and lone CR would not survive as they are."""
    plain = text.isascii() and "\r" not in text and max(map(len, text.split("\n"))) <= 78
    if plain and not re.search(r"(?m)^From |[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        return "7bit"
    ascii_share = sum(char < "\x80" for char in text[:2000]) * 2
    return "quoted-printable" if ascii_share > min(len(text), 2000) else "base64"


def _cid(part: Part) -> str:
    if not re.fullmatch(r"[\x21-\x3b=\x3f-\x7e]{1,200}", part.cid):
        raise Invalid("files.malformed", {"field": "cid"})
    return part.cid


def _label(part: Part) -> str:
    return STEERING.sub(" ", part.name).replace("/", "_").replace("\\", "_").strip()[:200]


def _media_type(part: Part) -> tuple[str, str]:
    kind, _, sub = part.media_type.lower().partition("/")
    # A whole mail or a multipart as a file would be taken apart on the way; it travels as bytes.
    if not MEDIA_TYPE.fullmatch(part.media_type) or kind in {"multipart", "message"}:
        return "application", "octet-stream"
    return kind, sub


def _files(message: EmailMessage, parts: tuple[Part, ...]) -> None:
    if sum(len(part.data) for part in parts) > FILES_MAX_BYTES:
        raise Invalid("files.too_big", {"max_bytes": FILES_MAX_BYTES})
    html = message.get_body(("html",)) is not None
    for part in parts:
        if part.size and not part.data:
            raise Invalid("files.not_loaded", {"name": part.name})
        if html and part.inline and part.cid:
            continue
        kind, sub = _media_type(part)
        message.add_attachment(part.data, kind, sub, filename=_label(part) or "file")
