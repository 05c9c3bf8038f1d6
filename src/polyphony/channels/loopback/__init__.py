"""Loopback: a door that talks to itself, for tests and for makers of channels."""

from polyphony.domain.channel import Capabilities, ChannelKind, Manifest

MANIFEST = Manifest(
    door="loopback",
    kind=ChannelKind.LOOPBACK,
    how="pull",
    title={"en": "Loopback", "cs": "Smyčka", "pl": "Pętla zwrotna", "ru": "Петля"},
    help={
        "en": "Sends to itself; shows how a channel is built.",
        "cs": "Posílá sám sobě; ukazuje, jak se staví kanál.",
        "pl": "Wysyła do siebie; pokazuje, jak zbudować kanał.",
        "ru": "Отправляет самому себе; показывает, как устроен канал.",  # noqa: RUF001 - Russian
    },
    settings={"type": "object", "additionalProperties": False, "properties": {}},
    capabilities=Capabilities(text_max=100_000, subject=True, proactive=True),
    evidence="stub",
)
