"""The customer's side of the demo: a pretended company's site with the widget and a webmail."""

import asyncio
import email
import html
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from polyphony.simulator.writers import Submit

# Hardly folded: the library wraps long Message-IDs into encoded words, as no mail client does.
_POLICY = SMTP.clone(max_line_length=900)
YOU = "you@customer.example"
_PAGE = (files("polyphony.simulator") / "site.html").read_text("utf-8")


@dataclass(slots=True)
class Letterbox:
    """The mails of the person in front of the demo, newest last."""

    mails: list[tuple[str, str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    subject: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, raw: bytes) -> None:
        """Put an answer of the company into the box."""
        mail = email.message_from_bytes(raw, policy=default)
        body = mail.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.ids.append(str(mail["Message-ID"] or ""))
        self.subject = str(mail["Subject"] or "")
        self.mails.append((str(mail["From"]), self.subject, text, "in"))
        self.changed.set()


def site(
    product: str, key: str, mailbox: str, submit: Submit, now: Callable[[], datetime]
) -> tuple[Starlette, Letterbox]:
    """Build the pages and the letterbox behind them.

    ``product`` is the address the widget is loaded from, ``key`` the widget's public key,
    ``mailbox`` our mail address.
    """
    box = Letterbox()

    async def page(_: Request) -> Response:
        shown = "".join(_article(mail) for mail in reversed(box.mails))
        answer = box.subject or ""
        subject = f"Re: {answer.removeprefix('Re: ')}" if answer else ""
        return HTMLResponse(
            _PAGE.format(
                mails=shown or '<p class="soft">No mail yet.</p>',
                subject=html.escape(subject),
                product=html.escape(product),
                key=html.escape(key),
                mailbox=html.escape(mailbox),
            )
        )

    async def send(request: Request) -> Response:
        form = await request.form()
        subject, text = str(form.get("subject", ""))[:200], str(form.get("text", ""))[:20_000]
        if text.strip():
            mail = EmailMessage(policy=_POLICY)
            mail["From"], mail["To"] = f"You <{YOU}>", mailbox
            mail["Subject"] = " ".join(subject.split()) or "Hello"
            mail["Date"], mail["Message-ID"] = (
                format_datetime(now()),
                make_msgid(domain="customer.example"),
            )
            if box.ids:
                mail["In-Reply-To"], mail["References"] = box.ids[-1], " ".join(box.ids[-6:])
            mail.set_content(text)
            await submit(YOU, mailbox, mail.as_bytes())
            box.ids.append(str(mail["Message-ID"]))
            box.mails.append((f"You <{YOU}>", str(mail["Subject"]), text, "out"))
        return RedirectResponse("/", status_code=303)

    return Starlette(routes=[Route("/", page), Route("/mail", send, methods=["POST"])]), box


def _article(mail: tuple[str, str, str, str]) -> str:
    sender, subject, text, _ = (html.escape(part) for part in mail)
    return f"<article><small>{sender} · {subject}</small>{text}</article>"
