"""Lumen Energy, the pretended company of the demo: departments, queues, colleagues, rules."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence

from polyphony.domain.password import digest_of_secret
from polyphony.simulator.colleagues import FIRMS
from polyphony.simulator.personas import COLLEAGUES
from polyphony.store.company import AccountPlan, PersonPlan, Plan, QueuePlan, SkillPlan

MAILBOX = "care@lumen.example"
FIRM_MAILBOX = "business@lumen.example"
SITE, FIRM_SITE = "lumen.example", "Lumen Business"
CARE, TECHNICAL, LEGAL = "Customer care", "Technical service", "Legal"
_WEEK = {str(day): [["08:00", "17:00"]] for day in range(1, 6)}
_DAY = 9 * 3600  # working seconds of a day in the frames above
_TARGETS = {
    "email": {"first_response_s": 4 * 3600, "resolution_s": 2 * _DAY},
    "chat": {"first_response_s": 60, "resolution_s": _DAY},
}
_FIRM_TARGETS = {
    "email": {"first_response_s": 300, "resolution_s": _DAY},
    "chat": {"first_response_s": 60, "resolution_s": _DAY},
}
_BACKUP = ("jana", "sofia")
"""They serve firms too, when whoever sits in front of the screen does not."""
_LANGUAGES = {
    "cs": {"en": "Czech", "cs": "Čeština", "pl": "Czeski", "ru": "Чешский"},
    "pl": {"en": "Polish", "cs": "Polština", "pl": "Polski", "ru": "Польский"},
    "ru": {"en": "Russian", "cs": "Ruština", "pl": "Rosyjski", "ru": "Русский"},
    "en": {"en": "English", "cs": "Angličtina", "pl": "Angielski", "ru": "Английский"},
}
_TOPICS = {
    "billing": {"en": "Billing", "cs": "Fakturace", "pl": "Rozliczenia", "ru": "Расчёты"},
    "technical": {"en": "Technical", "cs": "Technika", "pl": "Technika", "ru": "Техника"},
}
_WORDS = (
    "proud elektroměr displej prąd licznik wyświetlacz свет экран счётчик meter electricity display"
)


def passwords(seed: bytes) -> Mapping[str, str]:
    """Return the passwords of the simulated colleagues; they follow from a secret of this home."""
    return {
        who.key: hashlib.blake2b(who.key.encode(), key=seed, digest_size=18).hexdigest()
        for who in COLLEAGUES
    }


def plan(sign_ins: Mapping[str, str], mail: Mapping[str, object], origin: str) -> Plan:
    """Describe the company; ``mail`` are the settings of its mailbox, ``origin`` its web site."""
    return Plan(
        zone="Europe/Prague",
        frames=_WEEK,
        always=True,  # whenever somebody looks at the demo, its clocks run
        departments={CARE: "open", TECHNICAL: "open", LEGAL: "sealed"},
        queues=[
            QueuePlan("general", CARE, "General", _TARGETS),
            QueuePlan("billing", CARE, "Billing", _TARGETS, ("busy", "language", "conflict")),
            QueuePlan("technical", TECHNICAL, "Outages and meters", _TARGETS),
            QueuePlan("firms", CARE, FIRMS, _FIRM_TARGETS, ("busy", "language", "conflict")),
            QueuePlan("legal", LEGAL, "Legal", _TARGETS),
        ],
        skills=_skills(),
        people=[
            _person(who.key, digest_of_secret(sign_ins[who.key], secrets.token_bytes(16)))
            for who in COLLEAGUES
        ],
        accounts=_accounts(mail, origin),
        demo=True,
    )


def _skills() -> Sequence[SkillPlan]:
    languages = [SkillPlan(f"lang.{key}", "language", name) for key, name in _LANGUAGES.items()]
    return languages + [SkillPlan(key, "topic", name) for key, name in _TOPICS.items()]


def _person(key: str, password_hash: str) -> PersonPlan:
    who = next(c for c in COLLEAGUES if c.key == key)
    technical = any(skill == "technical" for skill, _ in who.skills)
    return PersonPlan(
        key=key,
        email=f"{key}@demo.example",
        name=who.name,
        language=who.language,
        departments=(CARE, TECHNICAL) if technical else (CARE,),
        queues=(
            *("general", "billing"),
            *(("technical",) if technical else ()),
            *(("firms",) if key in _BACKUP else ()),
        ),
        skills=dict(who.skills),
        password_hash=password_hash,
        simulated=True,
    )


def _accounts(mail: Mapping[str, object], origin: str) -> Sequence[AccountPlan]:
    # The whole pretended world comes from one network address.
    crowd = {"sessions_per_hour": 1_000_000}
    look = {"origins": [origin], "trust_email": True, "color": "#0b6e4f"}
    chat: Mapping[str, object] = look | crowd
    widget, firm = f"pk_{secrets.token_hex(12)}", f"pk_{secrets.token_hex(12)}"
    theirs = {**mail, "imap_user": FIRM_MAILBOX, "smtp_user": FIRM_MAILBOX}
    return [
        AccountPlan("mail", "email", "Lumen Energy", MAILBOX, CARE, "general", "cs", mail),
        AccountPlan("chat", "chat", SITE, widget, CARE, "general", "cs", chat, "mail"),
        AccountPlan("firm-mail", "email", FIRM_SITE, FIRM_MAILBOX, CARE, "firms", "cs", theirs),
        AccountPlan("firm-chat", "chat", FIRM_SITE, firm, CARE, "firms", "cs", chat, "firm-mail"),
    ]


def rules(queues: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """Return the routing rules: who speaks the language, and what sounds technical."""
    spoken: list[Mapping[str, object]] = [
        {
            "id": f"speaks-{language}",
            "when": f'language == "{language}"',
            "requirements": [{"skill": f"lang.{language}", "min_level": 3, "kind": "required"}],
            "continue": True,
        }
        for language in _LANGUAGES
    ]
    firms = {
        "id": "firms",
        "when": f'account.name == "{FIRM_SITE}"',
        "tier": "vip",
        "queue": str(queues["firms"]),
    }
    technical = f'text.matches("(?i)({"|".join(_WORDS.split())})")'  # the rows of the editor say it
    return [
        *spoken,
        firms,
        {"id": "technical", "when": technical, "queue": str(queues["technical"])},
    ]
