"""The caretaker's hand in the company: add people and channel accounts, look after accounts."""

import asyncio
import contextlib
import getpass
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from polyphony import settings
from polyphony.app import clock, home, outside
from polyphony.app.say import answer, say
from polyphony.channels import registry
from polyphony.cli.main import NewAccount
from polyphony.domain.channel import ChannelKind
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.event import SYSTEM
from polyphony.domain.failure import SendFailure
from polyphony.flows import configure, empower, sign_in
from polyphony.integrations import keyring
from polyphony.ports import Account
from polyphony.store import accounts, configuration, staff
from polyphony.store.configuration import ACCOUNT, DEPARTMENT
from polyphony.store.database import Database, Session
from polyphony.store.keys import key

Json = dict[str, object]


@asynccontextmanager
async def work(chosen: settings.Settings, *, make: bool = True) -> AsyncIterator[Session]:
    """Open the deployment for one command; its transaction is committed at the end."""
    with home.opened(chosen, say, make=make) as postgres:
        ready = home.prepare(chosen, postgres, say)
        async with (
            Database(ready.database_url or "", size=2, name="polyphony command") as database,
            database.transaction() as session,
        ):
            yield session


def person_add(email: str, name: str, roles: Sequence[str]) -> int:
    """Add a person to all departments; print the sign-in link, good for 72 hours."""
    chosen = settings.read()
    page = asyncio.run(_add_person(chosen, email.strip().lower(), name or email, roles))
    say("Hand this link over; it signs in once, within 72 hours:")
    answer({}, [f"{chosen.address}/{page}"], as_json=False)
    return 0


async def _add_person(
    chosen: settings.Settings, email: str, name: str, roles: Sequence[str]
) -> str:
    if "@" not in email.strip("@"):
        raise Invalid("person.email", {"given": email})
    at = clock.now()
    async with work(chosen) as session:
        unknown = await empower.unknown_roles(session, roles)
        if unknown:
            raise Invalid("person.role_unknown", {"given": unknown})
        departments = [UUID(str(d["id"])) for d in await configuration.all_of(session, DEPARTMENT)]
        given: list[tuple[str, UUID | None]] = [(role, None) for role in roles]
        new = staff.NewPerson(key(at), email, name, "en", given, departments)
        await staff.add(session, new)
        await configure.tell_person(session, new.id, SYSTEM)
        return sign_in.PAGE + await sign_in.link(session, new.id, "invite", at)


def channel_add(new: NewAccount) -> int:
    """Add an account to a department; secrets come from files or are asked for."""
    manifest = next((one for one in registry.MANIFESTS if one.kind == new.kind), None)
    if manifest is None:
        known = sorted(one.kind for one in registry.MANIFESTS)
        raise Invalid("account.kind_unknown", {"given": new.kind, "known": known})
    fields = manifest.fields
    values = {field: _typed(fields.get(field, {}), text) for field, text in new.settings.items()}
    manifest.check(values, new.secrets)
    secrets = {field: _secret(field, path) for field, path in new.secrets.items()}
    manifest.check_secrets(secrets)
    kept = new.address.lower() if new.kind == ChannelKind.EMAIL else new.address
    account: Json = {"kind": new.kind, "name": new.name, "address": kept, "settings": values}
    id_ = asyncio.run(_add_account(settings.read(), account, secrets, new.department))
    answer(
        {"added": str(id_), "kind": new.kind, "address": kept},
        [f"added: {new.kind} {kept} ({id_})", f"next: polyphony channel test {kept}"],
        as_json=False,
    )
    return 0


def _typed(about: Mapping[str, object], text: str) -> object:
    """Read numbers and switches as such; everything else is text."""
    if about.get("type") in ("integer", "number", "boolean", "array"):
        with contextlib.suppress(ValueError):
            return orjson.loads(text)
        if about["type"] == "array":
            return [one.strip() for one in text.split(",") if one.strip()]
    return text


def _secret(name: str, path: str) -> str:
    if path == "-":
        return getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Invalid("account.secret_file", {"name": name, "why": error.strerror}) from error


async def _add_account(
    chosen: settings.Settings, values: Json, secrets: Mapping[str, str], department: str | None
) -> UUID:
    async with work(chosen) as session:
        at = clock.now()
        where = {"department_id": await _department(session, department, at)}
        id_ = key(at)
        await configure.add(session, ACCOUNT, id_, {**values, **where}, SYSTEM)
        given = values["settings"]
        await configure.set_pace(session, id_, given if isinstance(given, dict) else {}, at)
        await configure.set_secrets(session, id_, secrets, keyring.load(chosen.keys_path))
        return id_


async def _department(session: Session, wanted: str | None, at: datetime) -> UUID:
    """Return the named department, else the only one; the very first may be made by its name."""
    there = {
        str(one["name"]): UUID(str(one["id"]))
        for one in await configuration.all_of(session, DEPARTMENT)
    }
    if wanted in there:
        return there[wanted]
    if not there and wanted:
        ids = (key(at), key(at), key(at))
        await configure.add_department(session, ids, {"name": wanted}, SYSTEM)
        return ids[0]
    if not there:
        raise Invalid("account.no_department")
    if wanted or len(there) > 1:
        code = "department.unknown" if wanted else "department.which"
        raise Invalid(code, {"given": wanted, "known": sorted(there)})
    return next(iter(there.values()))


def channel_list(as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """List the accounts and how they are."""
    found = asyncio.run(_list(settings.read()))
    lines = [f"{one['kind']:8} {one['address']:40} {one['state']}" for one in found]
    answer(found, lines or ["no channel account yet: polyphony channel add"], as_json=as_json)
    return 0


async def _list(chosen: settings.Settings) -> list[dict[str, str]]:
    async with work(chosen, make=False) as session:
        rows = await configuration.all_of(session, ACCOUNT)
    return [{name: str(row[name]) for name in ("kind", "address", "name", "state")} for row in rows]


def channel_test(address: str, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Try both directions of an account without sending anything; 4 when it is broken."""
    health = asyncio.run(_test(settings.read(), address))
    answer(health, [" ".join(filter(None, health.values()))], as_json=as_json)
    return 4 if health["state"] == "broken" else 0


async def _test(chosen: settings.Settings, address: str) -> dict[str, str]:
    async with work(chosen, make=False) as session:
        ring = keyring.load(chosen.keys_path)
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
