"""The customer's side of the demo: a pretended company's site with the widget and a webmail."""

import asyncio
import html
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import make_msgid
from functools import cache
from importlib.resources import files
from string import Template

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from polyphony.simulator import letters, pages
from polyphony.simulator.cast import cast
from polyphony.simulator.chatters import Widget
from polyphony.simulator.letters import Letter
from polyphony.simulator.matters import LANGUAGES
from polyphony.simulator.writers import Submit

YOU = "you@customer.example"
_NAMES = {"en": "English", "cs": "Čeština", "pl": "Polski", "ru": "Русский"}
_HOUSE = files("polyphony.simulator")


@dataclass(slots=True)
class _Box:
    """The mails of one address, newest last: (sender, subject, text, in or out)."""

    mails: list[tuple[str, str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    subject: str = ""


@dataclass(slots=True)
class Letterbox:
    """The mails of whoever sits in front of the demo, by the address he writes from."""

    boxes: dict[str, _Box] = field(default_factory=lambda: {YOU: _Box()})
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def knows(self, recipients: Iterable[str]) -> bool:
        """Tell whether somebody looks at the mail of one of these addresses."""
        return any(one in self.boxes for one in recipients)

    def of(self, address: str) -> _Box:
        """Return the mails of an address; from now on they are kept."""
        return self.boxes.setdefault(address, _Box())

    def received(self, raw: bytes) -> None:
        """Put an answer of the company into the box of whom it is for."""
        mail = letters.opened(raw)
        body = mail.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        box = self.of(letters.recipient(mail))
        box.ids.append(str(mail["Message-ID"] or ""))
        box.subject = str(mail["Subject"] or "")
        box.mails.append((str(mail["From"]), box.subject, text, "in"))
        self.changed.set()


@dataclass(frozen=True, slots=True)
class Site:
    """What the site must know: where the widget comes from, whose it is, how a mail leaves."""

    product: str
    widgets: Mapping[bool, Widget]
    mailbox: str
    submit: Submit
    now: Callable[[], datetime]


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found = pages.one(_HOUSE / "site.yaml")
    return {lang: dict(words) for lang, words in found.items() if isinstance(words, dict)}


def _language(request: Request, key: str) -> str:
    """Return the language asked for, else the member's, else the browser's."""
    wished = [request.query_params.get("lang", "")]
    wished += [cast()[key].language] if key in cast() else []
    accepted = request.headers.get("accept-language", "").split(",")
    wished += [one.strip()[:2].lower() for one in accepted]
    return next((one for one in wished if one in LANGUAGES), "en")


def site(about: Site) -> tuple[Starlette, Letterbox]:
    """Build the pages and the letterbox behind them."""
    box = Letterbox()

    async def page(request: Request) -> Response:
        key = request.query_params.get("as", "")
        key = key if key in cast() and key != "trouble" else ""
        shown = _page(about, box, key, _language(request, key))
        return HTMLResponse(shown, headers={"Cache-Control": "no-store"})

    async def send(request: Request) -> Response:
        form = await request.form()
        key = str(form.get("as", ""))
        subject, text = str(form.get("subject", ""))[:200], str(form.get("text", ""))[:20_000]
        if text.strip():
            await _send(about, box, key, (" ".join(subject.split()) or "Hello", text))
        lang = str(form.get("lang", ""))
        where = f"/?as={key}&lang={lang}" if key in cast() and lang in LANGUAGES else "/"
        return RedirectResponse(where, status_code=303)

    return Starlette(routes=[Route("/", page), Route("/mail", send, methods=["POST"])]), box


async def _send(about: Site, box: Letterbox, key: str, words: tuple[str, str]) -> None:
    name, address = cast()[key].as_named(0) if key in cast() else ("You", YOU)
    mine = box.of(address)
    subject, text = words
    letter = Letter(
        (name, address), about.mailbox, subject, text, make_msgid(domain="customer.example"),
        tuple(mine.ids),
    )  # fmt: skip
    await about.submit(address, about.mailbox, letter.written(about.now()).as_bytes())
    mine.ids.append(letter.message_id)
    mine.mails.append((f"{name} <{address}>", subject, text, "out"))


def _page(about: Site, box: Letterbox, key: str, lang: str) -> str:
    who = cast().get(key)
    address = who.email if who else YOU
    mine = box.of(address)
    widget = about.widgets[bool(who and who.vip)]
    settings: dict[str, object] = {"language": lang}
    if who is not None:
        settings["user"] = widget.user(address.partition("@")[0], *who.as_named(0))
    words = {name: html.escape(text) for name, text in _words()[lang].items()}
    mails = "".join(_article(mail, words) for mail in reversed(mine.mails))
    thread = f"Re: {mine.subject.removeprefix('Re: ')}" if mine.subject else ""
    return Template((_HOUSE / "site.html").read_text("utf-8")).substitute(
        words,
        lang=lang,
        people=_people(key, words["stranger"]),
        tongues=_tongues(key, lang),
        mails=mails or f"<p>{words['empty']}</p>",
        thread=html.escape(thread),
        product=html.escape(about.product),
        key=html.escape(widget.key),
        **{"as": html.escape(key)},
        as_json=_script(key),
        settings=_script(settings),
    )


def _script(value: object) -> str:
    """Write a value into a script: nothing in it can end the script."""
    return json.dumps(value).replace("<", "\\u003c")


def _people(chosen: str, stranger: str) -> str:
    options = [("", stranger)]
    for who in cast().values():
        if who.key != "trouble":
            firm = f" ({who.company})" if who.company else ""
            options.append((who.key, f"{who.as_named(0)[0]}{firm}, {_NAMES[who.language]}"))
    return "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{html.escape(text)}</option>'
        for key, text in options
    )


def _tongues(key: str, lang: str) -> str:
    return "".join(
        f'<a href="/?as={key}&amp;lang={one}" lang="{one}"'
        f"{' aria-current=true' if one == lang else ''}>{one}</a>"
        for one in LANGUAGES
    )


def _article(mail: tuple[str, str, str, str], words: Mapping[str, str]) -> str:
    sender, subject, text, way = (html.escape(part) for part in mail)
    name = words["sent"] if way == "out" else sender
    return f'<article class="{way}"><small>{name} · {subject}</small>{text}</article>'
