"""Web chat: our own widget on the pages of the accounts' origins."""

from polyphony.domain.channel import Capabilities, ChannelKind, Manifest
from polyphony.domain.chat import (
    FILE_MAX_BYTES,
    FILES_MAX,
    MESSAGES_PER_MINUTE,
    SESSIONS_PER_HOUR,
    TEXT_MAX,
)

MANIFEST = Manifest(
    door="chat",
    kind=ChannelKind.CHAT,
    how="own",
    title={"en": "Web chat", "cs": "Chat na webu", "pl": "Czat na stronie", "ru": "Чат на сайте"},
    help={
        "en": "One line of script on your page; customers write without an account.",
        "cs": "Jeden řádek skriptu na vaší stránce; zákazníci píší bez účtu.",
        "pl": "Jeden wiersz skryptu na stronie; klienci piszą bez konta.",
        "ru": "Одна строка скрипта на странице; клиенты пишут без учётной записи.",
    },
    settings={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "origins": {
                "type": "array",
                "items": {"type": "string", "pattern": "^https?://[^/]+$"},
                "description": "Exact origins of the pages that may show the widget",
            },
            "enforce": {
                "enum": ["off", "identified", "all"],
                "default": "off",
                "description": "Refuse names without proof, or everybody without proof",
            },
            "trust_email": {
                "type": "boolean",
                "default": False,
                "description": "The addresses in our signed tokens are verified",
            },
            "public_key": {"type": "string", "description": "PEM, for tokens signed by RS256"},
            "title": {"type": "string", "maxLength": 60},
            "greeting": {"type": "string", "maxLength": 300},
            "color": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
            "position": {"enum": ["left", "right"], "default": "right"},
            "theme": {
                "enum": ["auto", "light", "dark"],
                "default": "auto",
                "description": "Light, dark, or as the visitor's device is set",
            },
            "launcher": {
                "type": "string",
                "maxLength": 30,
                "description": "Words beside the sign on the button; empty: the sign alone",
            },
            "former_key": {
                "type": "string",
                "maxLength": 100,
                "description": "The websiteToken in the Chatwoot snippet a site already has",
            },
            "undo_s": {
                "type": "integer",
                "minimum": 0,
                "maximum": 10,
                "default": 0,
                "description": "Seconds in which an answer can be taken back",
            },
            "messages_per_minute": {
                "type": "integer",
                "minimum": 1,
                "default": MESSAGES_PER_MINUTE,
                "description": "Lines of one visitor a minute",
            },
            "sessions_per_hour": {
                "type": "integer",
                "minimum": 1,
                "default": SESSIONS_PER_HOUR,
                "description": "New visitors an hour from one network address",
            },
            "hmac_secret": {
                "type": "string",
                "minLength": 32,
                "x-secret": True,
                "description": "Signs tokens (HS256) and user ids (HMAC-SHA256)",
            },
        },
    },
    capabilities=Capabilities(
        text_max=TEXT_MAX,
        file_max_bytes=FILE_MAX_BYTES,
        files_per_message=FILES_MAX,
        typing=True,
        receipts=("delivered", "read"),
        live=True,
    ),
    undo_s=0,
    undo_max_s=10,
    evidence="counterparty",
)
