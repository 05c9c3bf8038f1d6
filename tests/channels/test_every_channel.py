"""Every door of the registry keeps the contract."""

import email
import email.policy
import json
from collections.abc import Mapping
from uuid import UUID

import pytest

from polyphony.channels.registry import MANIFESTS, channels
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.errors import Invalid
from polyphony.integrations.outgoing import Outgoing
from polyphony.ports import Account, Rendered
from polyphony.testing.channel_contract import CHECKS, Sample, channel_contract


def read_mail(rendered: Rendered) -> str:
    message = email.message_from_bytes(rendered.body, policy=email.policy.default)
    body = message.get_body(("plain",))
    return body.get_content() if body else ""


def read_text(rendered: Rendered) -> str:
    line = json.loads(rendered.body)
    return " ".join([line["text"], *(file["name"] for file in line.get("files", ()))])


def account(kind: ChannelKind, address: str, **settings: object) -> Account:
    return Account(UUID(int=7), kind, "Ours", address, settings)


SAMPLES: Mapping[ChannelKind, Sample] = {
    ChannelKind.EMAIL: Sample(
        account(ChannelKind.EMAIL, "support@desk.example"),
        Address(ChannelKind.EMAIL, "jan@novak.example"),
        read_mail,
    ),
    ChannelKind.CHAT: Sample(
        account(ChannelKind.CHAT, "desk", origins=["https://desk.example"]),
        Address(ChannelKind.CHAT, "visitor", scope=str(UUID(int=7))),
        read_text,
    ),
    ChannelKind.LOOPBACK: Sample(
        account(ChannelKind.LOOPBACK, "desk@loop"),
        Address(ChannelKind.LOOPBACK, "visitor@loop"),
        read_text,
    ),
}


@pytest.fixture(scope="module")
def doors():
    return channels(Outgoing())


def test_every_kind_has_one_door_and_every_door_a_sample(doors):
    assert set(doors) == set(ChannelKind) == set(SAMPLES)
    assert {manifest.kind: manifest for manifest in MANIFESTS} == {
        kind: door.manifest for kind, door in doors.items()
    }


@pytest.mark.parametrize("kind", list(ChannelKind))
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_door_keeps_its_promise(doors, kind, check):
    await check(doors[kind], SAMPLES[kind])


async def test_the_contract_as_a_whole_is_what_makers_of_channels_run(doors):
    await channel_contract(doors[ChannelKind.EMAIL], SAMPLES[ChannelKind.EMAIL])


class Careless:
    """A door that breaks promises, so that the checks are seen to bite."""

    def __init__(self, door, **faults) -> None:
        self._door = door
        self._faults = faults

    @property
    def manifest(self):
        return self._faults.get("manifest", self._door.manifest)

    def render(self, outbound, ours):
        rendered = self._door.render(outbound, ours)
        return self._faults.get("render", lambda _o, _a, done: done)(outbound, ours, rendered)

    async def check(self, ours):
        return await self._faults.get("check", self._door.check)(ours)


def _faults():
    manifest = MANIFESTS[0]
    lost = dict(manifest.settings)
    lost["properties"] = {"smtp_password": {"type": "string"}}

    def body(new):
        return lambda outbound, ours, done: Rendered(
            new(outbound, ours, done), done.recipient, done.envelope
        )

    async def raising(_ours):
        raise Invalid("unhandled")

    def altered(**changes):
        return type(manifest)(**{
            name: changes.get(name, getattr(manifest, name)) for name in manifest.__slots__
        })  # fmt: skip

    yield "manifest_speaks_four_languages", {"manifest": altered(title={"en": "x"})}
    yield "settings_are_a_closed_schema", {"manifest": altered(settings=lost)}
    yield "every_text_leaves_whole_or_is_refused", {"render": body(lambda *_: b"A: b\r\n\r\n")}
    yield (
        "names_and_subjects_steer_nothing",
        {
            "render": lambda outbound, _ours, done: Rendered(
                done.body, done.recipient + outbound.subject, done.envelope
            )
        },
    )
    drawn = iter(range(100))
    yield (
        "rendering_twice_gives_the_same",
        {"render": body(lambda _o, _a, done: done.body + str(next(drawn)).encode())},
    )
    yield (
        "secrets_are_in_no_text",
        {"render": body(lambda _o, ours, _d: str(dict(ours.secrets)).encode())},
    )
    yield "check_never_raises", {"check": raising}


@pytest.mark.parametrize(("name", "faults"), list(_faults()), ids=lambda one: str(one)[:40])
async def test_each_check_catches_a_door_that_breaks_it(doors, name, faults):
    check = next(one for one in CHECKS if one.__name__ == name)
    with pytest.raises((AssertionError, Invalid)):
        await check(Careless(doors[ChannelKind.EMAIL], **faults), SAMPLES[ChannelKind.EMAIL])
