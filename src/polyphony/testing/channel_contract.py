"""What every door must keep, whatever provider stands behind it: a list of named checks."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from polyphony.domain.channel import Address, Manifest
from polyphony.domain.errors import Invalid
from polyphony.domain.message import Outbound, Part
from polyphony.ports import Account, Channel, Rendered

LANGUAGES = {"en", "cs", "pl", "ru"}
SECRET_NAMES = re.compile(r"password|secret|token(?!_url)|private", re.IGNORECASE)
HOSTILE = (
    "",
    " ",
    "Žluťoučký kůň",
    "Привет, мир",
    "😀 👩‍👩‍👧‍👦",
    "x" * 5000,
    "<script>alert(1)</script>",
    "=?utf-8?q?=0d=0aBcc:_x=40y.example?=",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "\u202eabc\u2028def\u0085ghi",
    "a\tb\x0bc\x1bd",
)
CANARY = "secret-canary-4711"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the contract needs to know of a door: an account that works offline, an address.

    ``readable`` turns rendered bytes back into what a person on the other side would see.
    """

    account: Account
    to: Address
    readable: Callable[[Rendered], str]


Check = Callable[[Channel, Sample], Awaitable[None]]


def _promise(kept: object, why: str) -> None:
    if not kept:
        raise AssertionError(why)


def _outbound(sample: Sample, text: str, **more: object) -> Outbound:
    first = Outbound(UUID(int=1), sample.account.id, sample.to, text, token="t-1")  # noqa: S106 - a thread token
    return replace(first, **more)  # type: ignore[arg-type] # field by field


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


async def manifest_speaks_four_languages(channel: Channel, _sample: Sample) -> None:
    """Q2: title and help exist in every language of the screens."""
    manifest = channel.manifest
    for field, words in (("title", manifest.title), ("help", manifest.help)):
        _promise(set(words) == LANGUAGES, f"{field}: {sorted(words)}")
        _promise(all(word.strip() for word in words.values()), f"{field}: an empty text")
    _promise(manifest.how in {"push", "pull", "own"}, manifest.how)
    known = {"live", "counterparty", "judge", "stub"}
    _promise(manifest.evidence in known, manifest.evidence)
    _promise(0 <= manifest.undo_s <= 60, str(manifest.undo_s))


async def settings_are_a_closed_schema(channel: Channel, _sample: Sample) -> None:
    """Q2: the form is made from the schema, unknown settings are refused, secrets marked."""
    schema = channel.manifest.settings
    _promise(schema.get("type") == "object", "settings are an object")
    _promise(schema.get("additionalProperties") is False, "unknown settings must be refused")
    for name, rule in _properties(channel.manifest).items():
        _promise("type" in rule or "enum" in rule, f"{name}: no type")
        if SECRET_NAMES.search(name):
            _promise(rule.get("x-secret") is True, f"{name}: a secret without its mark")
        title = rule.get("x-title")
        if isinstance(title, Mapping):
            _promise(set(title) == LANGUAGES, f"{name}: title not in all languages")


def _properties(manifest: Manifest) -> dict[str, Mapping[str, object]]:
    found = manifest.settings.get("properties", {})
    _promise(isinstance(found, Mapping), "properties are an object")
    return dict(found) if isinstance(found, Mapping) else {}


async def every_text_leaves_whole_or_is_refused(channel: Channel, sample: Sample) -> None:
    """Q8: render is total; nothing is dropped silently."""
    for text in HOSTILE:
        try:
            rendered = channel.render(_outbound(sample, text), sample.account)
        except Invalid as refusal:
            _promise(refusal.code, "a refusal without a code")
            continue
        lost = _words(text) - _words(sample.readable(rendered))
        _promise(not lost, f"lost words: {sorted(lost)[:5]}")


async def the_longest_text_passes_and_one_more_is_refused(channel: Channel, sample: Sample) -> None:
    """Q8: the limit holds one below, exactly and one above."""
    limit = channel.manifest.capabilities.text_max
    if limit is None:
        return
    for length in (limit - 1, limit):
        channel.render(_outbound(sample, "x" * length), sample.account)
    try:
        rendered = channel.render(_outbound(sample, "x" * (limit + 1)), sample.account)
    except Invalid:
        return
    _promise(rendered.degraded, "a text beyond the limit went out without a word")


async def names_and_subjects_steer_nothing(channel: Channel, sample: Sample) -> None:
    """T15: whatever a name says, the recipient stays."""
    evil = (*HOSTILE, "a\r\nBcc: evil@x.example", "a\nb", "a\x00b", '"; evil@x.example')
    for text in evil:
        outbound = _outbound(sample, "x", subject=text, to_name=text, from_name=text)
        try:
            rendered = channel.render(outbound, sample.account)
        except Invalid:
            continue
        plain = channel.render(_outbound(sample, "x"), sample.account)
        _promise(rendered.recipient == plain.recipient, f"recipient moved by {text!r}")


async def rendering_twice_gives_the_same(channel: Channel, sample: Sample) -> None:
    """A repeat after doubt must be the same message to the provider."""
    outbound = _outbound(sample, "Dobrý den")
    first = channel.render(outbound, sample.account)
    again = channel.render(outbound, sample.account)
    _promise(_stable(first) == _stable(again), "two renderings differ")


def _stable(rendered: Rendered) -> tuple[object, ...]:
    # A multipart boundary may be drawn anew; a single text has none.
    return rendered.body, rendered.recipient, dict(rendered.envelope)


async def a_file_that_is_not_at_hand_is_refused(channel: Channel, sample: Sample) -> None:
    """Q18: a promised file is sent or refused, never forgotten."""
    part = Part("application/pdf", "a.pdf", sha256="0" * 64, size=5)
    outbound = _outbound(sample, "x", parts=(part,))
    try:
        rendered = channel.render(outbound, sample.account)
    except Invalid:
        return
    _promise("a.pdf" in sample.readable(rendered), "a file vanished")


async def secrets_are_in_no_text(channel: Channel, sample: Sample) -> None:
    """Q6: neither a rendering nor a health report nor a repr shows a secret."""
    secrets = dict.fromkeys(
        (name for name, rule in _properties(channel.manifest).items() if rule.get("x-secret")),
        CANARY,
    )
    account = replace(sample.account, secrets=secrets)
    rendered = channel.render(_outbound(sample, "x"), account)
    shown = f"{account!r}{rendered!r}{await channel.check(account)!r}"
    _promise(CANARY not in shown, "a secret was shown")


async def check_never_raises(channel: Channel, sample: Sample) -> None:
    """Q14: an account without any settings is reported, not raised."""
    bare = replace(sample.account, settings={}, secrets={})
    health = await channel.check(bare)
    _promise(health.state in {"working", "degraded", "broken"}, health.state)
    _promise(health.state == "working" or health.code, "an illness without a name")


CHECKS: Sequence[Check] = (
    manifest_speaks_four_languages,
    settings_are_a_closed_schema,
    every_text_leaves_whole_or_is_refused,
    the_longest_text_passes_and_one_more_is_refused,
    names_and_subjects_steer_nothing,
    rendering_twice_gives_the_same,
    a_file_that_is_not_at_hand_is_refused,
    secrets_are_in_no_text,
    check_never_raises,
)


async def channel_contract(channel: Channel, sample: Sample) -> None:
    """Run every check; raise AssertionError with the reason at the first broken promise."""
    for check in CHECKS:
        await check(channel, sample)
