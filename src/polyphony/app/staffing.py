"""The caretaker's hand in the company: add people and channel accounts, look after accounts."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import orjson

from polyphony import settings
from polyphony.app import clock, home, outside
from polyphony.app.say import answer, say
from polyphony.channels import registry
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.event import SYSTEM
from polyphony.domain.failure import SendFailure
from polyphony.domain.permission import Role
from polyphony.flows import configure, sign_in
from polyphony.integrations import keyring
from polyphony.ports import Account
from polyphony.store import accounts, configuration, staff
from polyphony.store.configuration import ACCOUNT, DEPARTMENT
from polyphony.store.database import Database, Session
from polyphony.store.keys import key


@asynccontextmanager
async def _work(chosen: settings.Settings) -> AsyncIterator[Session]:
    with home.opened(chosen, say) as postgres:
        ready = home.prepare(chosen, postgres, say)
        async with (
            Database(ready.database_url or "", size=2, name="polyphony command") as database,
            database.transaction() as session,
        ):
            yield session


def person_add(email: str, name: str, roles: Sequence[str]) -> int:
    """Add a person to all departments; print the sign-in link, good for 72 hours."""
    unknown = sorted(set(roles) - set(Role))
    if unknown:
        raise Invalid("person.role_unknown", {"given": unknown, "known": sorted(Role)})
    chosen = settings.read()
    page = asyncio.run(_add_person(chosen, email.strip().lower(), name or email, roles))
    answer({}, [f"{chosen.address}/{page}"], as_json=False)
    return 0


async def _add_person(
    chosen: settings.Settings, email: str, name: str, roles: Sequence[str]
) -> str:
    if "@" not in email.strip("@"):
        raise Invalid("person.email", {"given": email})
    at = clock.now()
    async with _work(chosen) as session:
        departments = [UUID(str(d["id"])) for d in await configuration.all_of(session, DEPARTMENT)]
        given: list[tuple[str, UUID | None]] = [(role, None) for role in roles]
        new = staff.NewPerson(key(at), email, name, "en", given, departments)
        await staff.add(session, new)
        await configure.tell_person(session, new.id, SYSTEM)
        return sign_in.PAGE + await sign_in.link(session, new.id, "invite", at)


def channel_add(
    kind: str, name: str, address: str, given: Mapping[str, str], secret_files: Mapping[str, str]
) -> int:
    """Add an account to the first department; secrets come from files or are asked for."""
    manifest = next((one for one in registry.MANIFESTS if one.kind == kind), None)
    if manifest is None:
        known = sorted(one.kind for one in registry.MANIFESTS)
        raise Invalid("account.kind_unknown", {"given": kind, "known": known})
    form = manifest.settings.get("properties")
    fields: dict[str, dict[str, object]] = form if isinstance(form, dict) else {}
    secret = {field for field, about in fields.items() if about.get("x-secret")}
    unknown = sorted((given.keys() - (fields.keys() - secret)) | (secret_files.keys() - secret))
    if unknown:
        raise Invalid("account.setting_unknown", {"names": unknown, "known": sorted(fields)})
    values = {field: _typed(fields[field], text) for field, text in given.items()}
    secrets = {field: _secret(field, path) for field, path in secret_files.items()}
    kept = address.lower() if kind == ChannelKind.EMAIL else address
    account = {"kind": kind, "name": name, "address": kept, "settings": values}
    id_ = asyncio.run(_add_account(settings.read(), account, secrets))
    answer(
        {}, [f"added: {kind} {kept} ({id_})", f"next: polyphony channel test {kept}"], as_json=False
    )
    return 0


def _typed(about: Mapping[str, object], text: str) -> object:
    """Read numbers and switches as such; everything else is text."""
    if about.get("type") in ("integer", "number", "boolean", "array"):
        try:
            return orjson.loads(text)
        except ValueError as error:
            raise Invalid("account.setting_value", {"given": text}) from error
    return text


def _secret(name: str, path: str) -> str:
    if path == "-":
        return getpass.getpass(f"{name}: ")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Invalid("account.secret_file", {"name": name, "why": error.strerror}) from error


async def _add_account(
    chosen: settings.Settings, values: Mapping[str, object], secrets: Mapping[str, str]
) -> UUID:
    async with _work(chosen) as session:
        departments = await configuration.all_of(session, DEPARTMENT)
        if not departments:
            raise Invalid("account.no_department", {"first": "make a department in the workspace"})
        id_ = key(clock.now())
        where = {"department_id": UUID(str(departments[0]["id"]))}
        await configure.add(session, ACCOUNT, id_, {**values, **where}, SYSTEM)
        await configure.set_secrets(session, id_, secrets, keyring.load(chosen.keys_path))
        return id_


def channel_list(as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """List the accounts and how they are."""
    found = asyncio.run(_list(settings.read()))
    lines = [f"{one['kind']:8} {one['address']:40} {one['state']}" for one in found]
    answer(found, lines or ["no channel account yet: polyphony channel add"], as_json=as_json)
    return 0


async def _list(chosen: settings.Settings) -> list[dict[str, str]]:
    async with _work(chosen) as session:
        rows = await configuration.all_of(session, ACCOUNT)
    return [{name: str(row[name]) for name in ("kind", "address", "name", "state")} for row in rows]


def channel_test(address: str, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Try both directions of an account without sending anything; 4 when it is broken."""
    health = asyncio.run(_test(settings.read(), address))
    answer(health, [" ".join(filter(None, health.values()))], as_json=as_json)
    return 4 if health["state"] == "broken" else 0


async def _test(chosen: settings.Settings, address: str) -> dict[str, str]:
    ring = keyring.load(chosen.keys_path)
    async with _work(chosen) as session:
        rows = [r for r in await configuration.all_of(session, ACCOUNT) if r["address"] == address]
        if not rows:
            raise NotFound("account", {"address": address})
        id_ = UUID(str(rows[0]["id"]))
        row = (await accounts.by_ids(session, [id_]))[id_]
        secrets = await configure.open_secrets(session, id_, ring)
    account = Account(id_, ChannelKind(row.kind), row.name, row.address, row.settings, secrets)
    door = registry.channels(outside.outgoing(chosen))[account.kind]
    try:
        found = await door.check(account)
    except SendFailure as failure:
        return {"state": "broken", "code": failure.code, "detail": failure.detail}
    return {"state": found.state, "code": found.code, "detail": found.detail}
