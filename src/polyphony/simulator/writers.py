"""Customers who write e-mail: they ask, read the answer, thank or ask on."""

import asyncio
import base64
import email
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime

from polyphony.simulator.draws import Draws
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import Customer, customer
from polyphony.simulator.stories import Story, stories

# Hardly folded: the library wraps long Message-IDs into encoded words, as no mail client does.
_POLICY = SMTP.clone(max_line_length=900)
Submit = Callable[[str, str, bytes], Awaitable[None]]
"""(sender, recipient, bytes): hand a mail to the mailbox server; returns when it said 250."""

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


@dataclass(slots=True)
class _Matter:
    """What a customer remembers of one exchange."""

    who: Customer
    story: Story
    subject: str
    asked: int = 0
    references: list[str] = field(default_factory=list)


class Writers:
    """All customers who use e-mail."""

    def __init__(
        self, draws: Draws, pace: Pace, submit: Submit, now: Callable[[], datetime]
    ) -> None:
        self._draws, self._pace, self._submit, self._now = draws, pace, submit, now
        self._matters: dict[str, _Matter] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.written = 0
        self.answered_count = 0

    async def write(self, number: int, recipient: str, *, vip: bool = False) -> None:
        """Let the customer with this number write a first mail to our mailbox."""
        who = self._someone(number, vip=vip)
        story = self._draws.weighted([(s, s.weight) for s in stories()], "story", number)
        told = story.told[who.persona.language]
        matter = _Matter(who, story, told.subject)
        mail = self._mail(matter, recipient, f"{told.opening}\n\n{who.name}", number)
        if story.attachment:
            self._attach(mail, story.attachment)
        await self._leave(matter, mail, recipient)

    def _someone(self, number: int, *, vip: bool) -> Customer:
        candidate = number
        for _ in range(200):
            who = customer(self._draws, candidate, "mail.demo.example")
            by_mail = any(kind == "email" for kind, _ in who.persona.channels)
            if by_mail and (who.persona.vip or not vip):
                return who
            candidate += 1_000_003
        return customer(self._draws, number, "mail.demo.example")

    def _mail(self, matter: _Matter, to: str, text: str, mark: object) -> EmailMessage:
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = f"{matter.who.name} <{matter.who.email}>"
        mail["To"] = to
        mail["Subject"] = matter.subject
        mail["Date"] = format_datetime(self._now())
        mail["Message-ID"] = f"<{mark}.{len(matter.references)}.{self.written}@mail.demo.example>"
        mail.set_content(text)
        if self._draws.unit("html", mark) < 0.5:
            body = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
            mail.add_alternative(f"<html><body>{body}</body></html>", subtype="html")
        return mail

    def _attach(self, mail: EmailMessage, name: str) -> None:
        picture = name.endswith(".png")
        data, kind = (_PIXEL, ("image", "png")) if picture else (_PAGE, ("application", "pdf"))
        mail.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)

    async def _leave(self, matter: _Matter, mail: EmailMessage, recipient: str) -> None:
        matter.references.append(str(mail["Message-ID"]))
        self._matters[str(mail["Message-ID"])] = matter
        self.written += 1
        await self._submit(matter.who.email, recipient, mail.as_bytes())

    async def received(self, raw: bytes) -> None:
        """Let the customer whom this answer of ours reached read it and perhaps write again."""
        answer = email.message_from_bytes(raw, policy=default)
        known = f"{answer['In-Reply-To'] or ''} {answer['References'] or ''}".split()
        matter = next((self._matters[i] for i in reversed(known) if i in self._matters), None)
        if matter is None or answer["Auto-Submitted"]:
            return
        self.answered_count += 1
        task = asyncio.create_task(self._go_on(matter, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _go_on(self, matter: _Matter, answer: EmailMessage) -> None:
        key, step = matter.references[0], matter.asked
        matter.asked += 1
        matter.references.append(str(answer["Message-ID"]))
        self._matters[str(answer["Message-ID"])] = matter
        told = matter.story.told[matter.who.persona.language]
        last = step >= len(told.follow_ups)
        if last or (step > 0 and self._draws.unit("ends", key, step) < 0.5):
            return
        asks_on = self._draws.unit("asks", key, step) < matter.who.persona.asks_on
        await self._pace.sleep(self._draws.wait(60, "reads", key, step))
        words = told.follow_ups[step] if asks_on else told.thanks
        mail = self._mail(
            matter, str(answer["From"]), self._quoted(words, answer, matter), f"{step}.{key[1:9]}"
        )
        del mail["Subject"]
        mail["Subject"] = f"Re: {matter.subject}"
        mail["In-Reply-To"] = str(answer["Message-ID"])
        mail["References"] = " ".join(matter.references[-6:])
        await self._leave(matter, mail, email.utils.parseaddr(str(answer["From"]))[1])

    def _quoted(self, words: str, answer: EmailMessage, matter: _Matter) -> str:
        body = answer.get_body(("plain",))
        old = body.get_content() if body is not None else ""
        line = _WROTE[matter.who.persona.language].format(
            date=self._now().strftime("%d. %m. %Y %H:%M"), who=answer["From"]
        )
        quoted = "\n".join(f"> {part}".rstrip() for part in old.strip().split("\n"))
        return f"{words}\n\n{line}\n{quoted}\n"

    async def close(self) -> None:
        """Stop everybody who still thinks about an answer."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
