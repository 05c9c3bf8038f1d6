"""The customer's side of the demo: a pretended company's site with the widget, and a plain webmail."""

import asyncio
import email
import html
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from polyphony.simulator.writers import Submit

YOU = "you@customer.example"
_CSS = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--back:#fff;--tint:#f4f6f9;--go:#0b6e4f}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#9aa6b6;--line:#333c48;--back:#161b22;--tint:#1e252e;--go:#4cc38a}}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back)}
main{max-width:640px;margin:0 auto;padding:24px 20px 120px}h1{font-size:20px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px}
p.soft{color:var(--soft);margin:0 0 16px}label{display:block;font-size:13px;color:var(--soft);margin-top:10px}
input,textarea{width:100%;font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:8px;padding:9px 11px}
textarea{min-height:96px}button{margin-top:12px;font:inherit;font-weight:600;border:0;border-radius:8px;padding:9px 16px;color:#fff;background:#0b6e4f;cursor:pointer}
article{border:1px solid var(--line);border-radius:10px;padding:12px 14px;margin:10px 0;background:var(--tint);white-space:pre-wrap;overflow-wrap:anywhere}
article small{color:var(--soft);display:block;margin-bottom:6px}
"""


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
                css=_CSS,
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
            mail = EmailMessage(policy=SMTP)
            mail["From"], mail["To"] = f"You <{YOU}>", mailbox
            mail["Subject"] = " ".join(subject.split()) or "Hello"
            mail["Date"], mail["Message-ID"] = (
                format_datetime(now()),
                make_msgid(domain="customer.example"),
            )
            if box.ids:
                mail["In-Reply-To"], mail["References"] = box.ids[-1], " ".join(box.ids[-20:])
            mail.set_content(text)
            await submit(YOU, mailbox, mail.as_bytes())
            box.ids.append(str(mail["Message-ID"]))
            box.mails.append((f"You <{YOU}>", str(mail["Subject"]), text, "out"))
        return RedirectResponse("/", status_code=303)

    return Starlette(routes=[Route("/", page), Route("/mail", send, methods=["POST"])]), box


def _article(mail: tuple[str, str, str, str]) -> str:
    sender, subject, text, _ = (html.escape(part) for part in mail)
    return f"<article><small>{sender} · {subject}</small>{text}</article>"


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Lumen Energy (demo)</title>
<style>{css}</style></head><body><main>
<h1>Lumen Energy</h1><p class="soft">A pretended company. Here you are the customer: write a mail below,
or open the chat in the corner. Watch what happens in the workspace, and answer yourself.</p>
<h2>Write to {mailbox}</h2>
<form method="post" action="/mail"><label for="s">Subject</label>
<input id="s" name="subject" value="{subject}" maxlength="200">
<label for="t">Your message</label><textarea id="t" name="text" required></textarea>
<button>Send</button></form>
<h2>Your mailbox</h2><form method="get" action="/"><button>Look for new mail</button></form>{mails}</main>
<script async src="{product}/w.js" data-key="{key}"></script></body></html>
"""
