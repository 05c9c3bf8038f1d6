"""Customers who write e-mail: they ask, read the answer, thank or ask on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from polyphony.simulator import letters
from polyphony.simulator.draws import Draws
from polyphony.simulator.ledger import Acknowledged, nobody
from polyphony.simulator.letters import Letter
from polyphony.simulator.matters import Matter, matters
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import Customer, customer

Submit = Callable[[str, str, bytes], Awaitable[None]]
"""(sender, recipient, bytes): hand a mail to the mailbox server; returns when it said 250."""


@dataclass(slots=True)
class _Exchange:
    """What a customer remembers of one exchange."""

    who: Customer
    matter: Matter
    asked: int = 0
    references: list[str] = field(default_factory=list)


class Writers:
    """All customers of the crowd who use e-mail; ``note`` hears of every mail that was taken."""

    def __init__(
        self,
        draws: Draws,
        pace: Pace,
        submit: Submit,
        now: Callable[[], datetime],
        note: Acknowledged = nobody,
    ) -> None:
        self._draws, self._pace, self._submit, self._now = draws, pace, submit, now
        self._note = note
        self._exchanges: dict[str, _Exchange] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.written = 0
        self.answered_count = 0

    async def write(
        self, number: int, recipient: str, *, vip: bool = False, matter: str = ""
    ) -> None:
        """Let the customer with this number write a first mail, about a matter when named."""
        who = self._someone(number, vip=vip)
        about = chosen(self._draws, number, matter)
        told = about.told[who.persona.language]
        text = f"{told.opening}\n\n{who.name}"
        exchange = _Exchange(who, about)
        traits = {"attach": about.attachment} if about.attachment else {}
        mail = self._mail(exchange, (recipient, told.subject, text), traits, number)
        await self._leave(exchange, mail, recipient, asks=True)

    def _someone(self, number: int, *, vip: bool) -> Customer:
        candidate = number
        for _ in range(200):
            who = customer(self._draws, candidate, "mail.demo.example")
            by_mail = any(kind == "email" for kind, _ in who.persona.channels)
            if by_mail and (who.persona.vip or not vip):
                return who
            candidate += 1_000_003
        return customer(self._draws, number, "mail.demo.example")

    def _mail(
        self,
        exchange: _Exchange,
        words: tuple[str, str, str],
        traits: Mapping[str, object],
        mark: object,
    ) -> EmailMessage:
        to, subject, text = words
        number = f"{mark}.{len(exchange.references)}.{self.written}"
        mail = Letter(
            (exchange.who.name, exchange.who.email), to, subject, text,
            f"<{number}@mail.demo.example>", exchange.references, traits,
        ).written(self._now())  # fmt: skip
        if not traits and self._draws.unit("html", mark) < 0.5:
            body = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
            mail.add_alternative(f"<html><body>{body}</body></html>", subtype="html")
        return mail

    async def _leave(
        self, exchange: _Exchange, mail: EmailMessage, recipient: str, *, asks: bool = False
    ) -> None:
        mark = str(mail["Message-ID"])
        exchange.references.append(mark)
        self._exchanges[mark] = exchange
        self.written += 1
        await self._submit(exchange.who.email, recipient, mail.as_bytes())
        self._note(mark.strip("<>"), channel="email", about=exchange.matter.key, asks=asks)

    async def received(self, raw: bytes) -> None:
        """Let the customer whom this answer of ours reached read it and perhaps write again."""
        answer = letters.opened(raw)
        known = reversed(letters.thread(answer))
        exchange = next((self._exchanges[i] for i in known if i in self._exchanges), None)
        if exchange is None or answer["Auto-Submitted"]:
            return
        self.answered_count += 1
        task = asyncio.create_task(self._go_on(exchange, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _go_on(self, exchange: _Exchange, answer: EmailMessage) -> None:
        key, step = exchange.references[0], exchange.asked
        exchange.asked += 1
        exchange.references.append(str(answer["Message-ID"]))
        self._exchanges[str(answer["Message-ID"])] = exchange
        language = exchange.who.persona.language
        told = exchange.matter.told[language]
        last = step >= len(told.follow_ups)
        if last or (step > 0 and self._draws.unit("ends", key, step) < 0.5):
            return
        asks_on = self._draws.unit("asks", key, step) < exchange.who.persona.asks_on
        await self._pace.sleep(self._draws.wait(60, "reads", key, step))
        words = told.follow_ups[step] if asks_on else told.thanks
        if not asks_on:
            exchange.asked = len(told.follow_ups)  # who has thanked is done
        text = letters.quoted(words, answer, language, self._now())
        to = letters.address(answer)
        subject = f"Re: {told.subject}"
        mail = self._mail(exchange, (to, subject, text), {}, f"{step}.{key[1:9]}")
        await self._leave(exchange, mail, to)

    async def close(self) -> None:
        """Stop everybody who still thinks about an answer."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def chosen(draws: Draws, number: int, matter: str) -> Matter:
    """Return the named matter, else the one this number draws."""
    named = [one for one in matters() if one.key == matter]
    return (
        named[0] if named else draws.weighted([(m, m.weight) for m in matters()], "story", number)
    )
