"""One mail read from its bytes: every rule of read-json.md in the order it applies."""

import re
from functools import partial

from polyphony.channels.email.parse import (
    auto,
    body,
    bounce,
    envelope,
    tree,
    trim,
    visible,
    words,
)
from polyphony.channels.email.parse.shape import (
    Attachment,
    Defects,
    Limits,
    ReadMail,
)
from polyphony.channels.email.parse.suspect import Original
from polyphony.domain.language import recognise

DEFAULT = Limits()
_NOISE = re.compile("[\ue0f0-\ue0f2]")


def read_mail(
    raw: bytes,
    *,
    limits: Limits = DEFAULT,
    own: frozenset[str] = frozenset(),
    keep: bool = False,
    file: str = "",
) -> ReadMail:
    """Understand one mail; never raises for anything the bytes hold.

    Args:
        raw: the mail as it came.
        limits: what it may cost.
        own: our addresses, lower case, for the loop test.
        keep: put the decoded bytes into the attachments.
        file: what the answer names as its file.
    """
    return Reading(raw, limits, own).finish(keep=keep, file=file)


def _charset(root: tree.Part) -> str | None:
    """The charset of the first text part: what undeclared header bytes are probably in."""
    for part in root.walk():
        if part.media.startswith("text/") and "charset" in part.params:
            return part.params["charset"]
    return None


class Reading:
    """One mail on the way to its answer; the tree and the reasons stay at hand."""

    def __init__(
        self, raw: bytes, limits: Limits, own: frozenset[str], *, too_big: bool = False
    ) -> None:
        self.defects = Defects()
        self.limits = limits
        self.own = own
        self.why: dict[str, str] = {}
        if too_big or len(raw) > limits.size:
            self.defects.add("too_big")
            raw = raw[: limits.header_block + 4096]
            end = tree.split(raw, 0, len(raw), limits, words.Context(Defects()))[1]
            raw = raw[:end]
        if b"\n" not in raw and b"\r" in raw:
            raw = raw.replace(b"\r", b"\n")
        self.raw = raw
        self.original = Original()
        self.context = words.Context(self.defects)
        self.root = tree.grow(raw, limits, self.context)
        self.context.charset = partial(_charset, self.root)

    def headers(self) -> list[tuple[str, bytes]]:
        """Return the raw header fields of the mail, names in lower case."""
        return self.root.headers

    def finish(self, *, keep: bool, file: str) -> ReadMail:
        """Decode headers, texts, files and reports; put the answer together."""
        head = envelope.read(self.root, self.limits, self.context)
        assembler = body.Assembler(self.raw, self.limits, self.context)
        content = assembler.assemble(self.root)
        text = self._text(assembler, content)
        reply = trim.reply(text, content.html, html_only=content.plain is None)
        if reply.all_quoted:
            self.defects.add("reply_all_quoted")
        finding = bounce.find(self.root, head, text, assembler)
        report, self.original = finding.report, finding.original
        self.why |= {"text_reply": reply.rule, "bounce": finding.rule}
        signs = auto.Signs(report is not None, self.own)
        return ReadMail(
            schema=1,
            file=file,
            message_id=head.message_id,
            in_reply_to=head.in_reply_to,
            references=head.references,
            from_=head.author,
            to=head.to,
            cc=head.cc,
            reply_to=head.reply_to,
            subject=head.subject,
            date=head.date,
            text=text,
            html_safe=content.html,
            text_reply=reply.text,
            attachments=self._attachments(assembler, content, keep=keep),
            auto_submitted=auto.judge(self.root, head, signs, self.context),
            bounce=report,
            defects=self.defects.all(),
            language=recognise(reply.text),
        )

    def _text(self, assembler: body.Assembler, content: body.Content) -> str:
        """Choose the readable text and say where it comes from."""
        if content.plain is None and content.html:
            self.why["text"], text = "the visible text of the HTML", visible.text(content.html)
        else:
            self.why["text"], text = "the plain text parts", content.plain or ""
        if not text.strip():
            if found := body.winmail(assembler, content):
                self.why["text"], text = "the body inside winmail.dat", found
            elif content.calendar:
                self.why["text"], text = (
                    "the calendar entry, nothing else is there",
                    content.calendar,
                )
            else:
                self.why["text"] = "no part has words"
        return self._clean(text)

    def _clean(self, text: str) -> str:
        """Take our own marks and NUL out, end with one newline unless empty."""
        if not text.isascii():
            text = _NOISE.sub("", text)
        text = text.replace("\x00", "\ufffd").rstrip().lstrip("\n")
        if len(text) > self.limits.text:
            self.defects.add("text_cut")
            text = text[: self.limits.text]
        return text + "\n" if text else ""

    def _attachments(
        self, assembler: body.Assembler, content: body.Content, *, keep: bool
    ) -> tuple[Attachment, ...]:
        references = body.cids(content.html)
        found = [assembler.attachment(part, references, keep=keep) for part in content.files]
        found.extend(body.from_uu(name, data, keep=keep) for name, data in content.uu)
        return tuple(found)
