"""The loan of the demo: a kind of Case whose steps go through two departments, and its rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain import event_rule, process_text
from polyphony.store import configuration, event_rules, kinds
from polyphony.store.database import Session
from polyphony.store.keys import key

NAME = {
    "en": "Loan for solar panels",
    "cs": "Úvěr na solární panely",
    "pl": "Kredyt na panele słoneczne",
    "ru": "Кредит на солнечные панели",
}
TITLES = {
    "check": {
        "en": "Check the application",
        "cs": "Ověřit žádost",
        "pl": "Sprawdzić wniosek",
        "ru": "Проверить заявку",
    },
    "survey": {
        "en": "Survey the roof",
        "cs": "Prohlédnout střechu",
        "pl": "Obejrzeć dach",
        "ru": "Осмотреть крышу",
    },
    "score": {
        "en": "Score the customer",
        "cs": "Ohodnotit zákazníka",
        "pl": "Ocenić klienta",
        "ru": "Оценить клиента",
    },
    "agree": {
        "en": "Approve the loan",
        "cs": "Schválit úvěr",
        "pl": "Zatwierdzić kredyt",
        "ru": "Одобрить кредит",
    },
    "pay": {"en": "Pay out", "cs": "Vyplatit", "pl": "Wypłacić", "ru": "Выплатить"},
    "done": {
        "en": "Loan granted",
        "cs": "Úvěr poskytnut",
        "pl": "Kredyt udzielony",
        "ru": "Кредит выдан",
    },
}
_ASKED = "loan|půjčk|úvěr|pożyczk|kredyt|кредит|займ"
_HOUR = 3600


def steps(queues: Mapping[str, UUID]) -> list[dict[str, object]]:
    """Return the steps: checked, surveyed by technicians and scored at once, agreed, paid."""
    general, technical = str(queues["general"]), str(queues["technical"])
    billing = str(queues["billing"])
    return [
        {
            "key": "check", "title": TITLES["check"], "kind": "work", "queue": general,
            "target_s": 4 * _HOUR,
            "checklist": [
                {"key": "identity", "title": "Identity seen"},
                {"key": "income", "title": "Proof of income is readable"},
            ],
            "form": [
                {"key": "amount", "label": "Amount", "type": "number", "required": True},
                {"key": "purpose", "label": "Purpose", "type": "choice", "required": True,
                 "options": ["Panels", "Panels and battery"]},
            ],
        },
        {
            "key": "survey", "title": TITLES["survey"], "kind": "work", "queue": technical,
            "target_s": 16 * _HOUR, "group": "beside",
            "form": [
                {"key": "day", "label": "Day of the visit", "type": "date"},
                {"key": "fits", "label": "The roof is fit", "type": "check", "required": True},
            ],
        },
        {
            "key": "score", "title": TITLES["score"], "kind": "work", "queue": billing,
            "target_s": 4 * _HOUR, "group": "beside",
        },
        {
            "key": "agree", "title": TITLES["agree"], "kind": "approval", "queue": billing,
            "on_reject": "check", "enter_if": "answers.check.amount > 1000",
        },
        {
            "key": "pay", "title": TITLES["pay"], "kind": "work", "queue": billing,
            "checklist": [{"key": "signed", "title": "Contract signed"}],
        },
        {"key": "done", "title": TITLES["done"], "kind": "close"},
    ]  # fmt: skip


def rules(kind: UUID) -> Sequence[Mapping[str, object]]:
    """Return the event rules: who writes of a loan begins one; a late one is told to the leads."""
    return [
        {
            "id": "loan",
            "on": ["case.opened"],
            "when": f'message.text.matches("(?i)({_ASKED})")',
            "do": [{"do": "kind", "kind": str(kind)}, {"do": "tag", "add": ["loan"]}],
        },
        {
            "id": "late loan",
            "on": ["sla.breached"],
            "when": 'case.kind == "loan"',
            "do": [{"do": "notify", "to": "leads", "text": "A loan is late"}],
        },
    ]


async def lend(
    session: Session, department: UUID, queues: Mapping[str, UUID], at: datetime
) -> None:
    """Let the company lend: its kind of Case with a published process, and the rules beside it."""
    kind, draft = key(at), key(at)
    values = {"key": "loan", "name": NAME, "department_id": department}
    await configuration.add(session, kinds.CASE_KIND, kind, values)
    plan = process_text.as_json(process_text.read(steps(queues)))
    await kinds.draft(session, draft, kind, plan, None, at)
    await kinds.publish(session, draft, at)
    lines = event_rule.as_json(event_rule.read(list(rules(kind))))
    await event_rules.add(session, lines, None, 0)
