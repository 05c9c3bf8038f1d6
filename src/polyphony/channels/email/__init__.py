"""The manifest of the e-mail door: what a mailbox is, can carry and needs to be told."""

from polyphony.domain.channel import Capabilities, ChannelKind, Manifest

MIB = 1024 * 1024

Words = dict[str, str]


def _words(en: str, cs: str, pl: str, ru: str) -> Words:
    return {"en": en, "cs": cs, "pl": pl, "ru": ru}


def _text(title: Words, **more: object) -> dict[str, object]:
    return {"type": "string", "x-title": title, **more}


def _secret(title: Words) -> dict[str, object]:
    return _text(title, **{"x-secret": True, "maxLength": 4096})


def _number(title: Words, default: int, low: int, high: int) -> dict[str, object]:
    return {
        "type": "integer",
        "x-title": title,
        "default": default,
        "minimum": low,
        "maximum": high,
    }


def _port(title: Words) -> dict[str, object]:
    return {"type": "integer", "x-title": title, "minimum": 1, "maximum": 65535}


SECURITY = ["tls", "starttls", "none"]

_IN: dict[str, object] = {
    "imap_host": _text(
        _words("Incoming server (IMAP)", "Server příchozí pošty (IMAP)",
               "Serwer poczty przychodzącej (IMAP)", "Сервер входящей почты (IMAP)"),
        maxLength=253,
    ),
    "imap_port": _port(_words("IMAP port", "Port IMAP", "Port IMAP", "Порт IMAP")),
    "imap_security": _text(
        _words("IMAP encryption", "Šifrování IMAP", "Szyfrowanie IMAP", "Шифрование IMAP"),
        enum=SECURITY, default="tls",
    ),
    "imap_user": _text(
        _words("IMAP user name", "Uživatelské jméno IMAP",
               "Nazwa użytkownika IMAP", "Имя пользователя IMAP"),
    ),
    "imap_password": _secret(_words("IMAP password", "Heslo IMAP", "Hasło IMAP", "Пароль IMAP")),
    "folder": _text(_words("Folder", "Složka", "Folder", "Папка"), default="INBOX"),
    "after_read": _text(
        _words("When a mail was taken over", "Po převzetí zprávy",
               "Po przejęciu wiadomości", "После приёма письма"),
        enum=["keep", "seen", "move"], default="keep",
    ),
    "move_to": _text(
        _words("Folder for taken mails", "Složka pro převzaté zprávy",
               "Folder na przejęte wiadomości", "Папка для принятых писем"),
        default="Polyphony",
    ),
    "poll_s": _number(
        _words("Check every … seconds when the server cannot push",
               "Kontrolovat každých … sekund, když server neumí upozornit",
               "Sprawdzaj co … sekund, gdy serwer nie powiadamia",
               "Проверять каждые … секунд, если сервер не уведомляет"),
        60, 1, 3600,
    ),
    "size_limit": _number(
        _words("Largest mail that is read, in bytes", "Největší čtená zpráva v bajtech",
               "Największa czytana wiadomość w bajtach", "Наибольшее читаемое письмо, байт"),
        50 * MIB, MIB, 150 * MIB,
    ),
}  # fmt: skip

_OUT: dict[str, object] = {
    "smtp_host": _text(
        _words("Outgoing server (SMTP)", "Server odchozí pošty (SMTP)",
               "Serwer poczty wychodzącej (SMTP)", "Сервер исходящей почты (SMTP)"),
        maxLength=253,
    ),
    "smtp_port": _port(_words("SMTP port", "Port SMTP", "Port SMTP", "Порт SMTP")),
    "smtp_security": _text(
        _words("SMTP encryption", "Šifrování SMTP", "Szyfrowanie SMTP", "Шифрование SMTP"),
        enum=SECURITY, default="starttls",
    ),
    "smtp_user": _text(
        _words("SMTP user name", "Uživatelské jméno SMTP",
               "Nazwa użytkownika SMTP", "Имя пользователя SMTP"),
    ),
    "smtp_password": _secret(_words("SMTP password", "Heslo SMTP", "Hasło SMTP", "Пароль SMTP")),
    "from_name": _text(
        _words("Name shown as sender", "Zobrazené jméno odesílatele",
               "Wyświetlana nazwa nadawcy", "Отображаемое имя отправителя"),
        maxLength=200,
    ),
    "return_path": _text(
        _words("Undeliverable mail comes back to", "Nedoručitelná pošta se vrací na",
               "Zwroty wracają na adres", "Недоставленная почта возвращается на"),
        enum=["bounce", "plus", "address"], default="bounce",
        **{"x-help": _words(
            "bounce: b+token@ of the same domain · plus: address+token · address: the address",
            "bounce: b+token@ téže domény · plus: adresa+token · address: sama adresa",
            "bounce: b+token@ tej samej domeny · plus: adres+token · address: sam adres",
            "bounce: b+token@ того же домена · plus: адрес+token · address: сам адрес",
        )},
    ),
    "auto_ack": {
        "type": "boolean",
        "default": False,
        "x-title": _words(
            "Confirm new matters by an automatic mail", "Potvrzovat nové případy automaticky",
            "Potwierdzaj nowe sprawy automatycznie", "Подтверждать новые обращения автоматически",
        ),
    },
    "undo_s": _number(
        _words("Undo time in seconds", "Čas na vrácení v sekundách",
               "Czas na cofnięcie w sekundach", "Время на отмену, секунд"),
        10, 0, 60,
    ),
    "per_minute": {
        "type": "integer",
        "minimum": 1,
        "maximum": 60_000,
        "x-title": _words(
            "Mails sent a minute at most", "Nejvýše odeslaných zpráv za minutu",
            "Najwięcej wysłanych wiadomości na minutę", "Лимит писем в минуту",
        ),
        "x-help": _words(
            "What your provider allows; empty = no limit of ours",
            "Kolik povoluje váš poskytovatel; prázdné = bez našeho omezení",
            "Ile pozwala dostawca; puste = bez naszego limitu",
            "Сколько разрешает провайдер; пусто = без нашего ограничения",
        ),
    },
}  # fmt: skip

_PROOF: dict[str, object] = {
    "auth": _text(
        _words("Sign-in", "Přihlášení", "Logowanie", "Вход"),
        enum=["password", "oauth2"], default="password",
    ),
    "oauth_token_url": _text(
        _words("OAuth token address", "Adresa pro OAuth token",
               "Adres tokenu OAuth", "Адрес токена OAuth"),
        format="uri",
    ),
    "oauth_client_id": _text(
        _words("OAuth client id", "OAuth ID klienta", "OAuth ID klienta", "OAuth ID клиента")
    ),
    "oauth_client_secret": _secret(
        _words("OAuth client secret", "OAuth tajný klíč klienta",
               "OAuth sekret klienta", "OAuth секрет клиента")
    ),
    "oauth_refresh_token": _secret(
        _words("OAuth refresh token", "OAuth obnovovací token",
               "OAuth token odświeżania", "OAuth токен обновления")
    ),
    "oauth_scope": _text(_words("OAuth scope", "OAuth rozsah", "OAuth zakres", "OAuth область")),
    "authserv_id": _text(
        _words("Name of our mail server in Authentication-Results",
               "Jméno našeho serveru v Authentication-Results",
               "Nazwa naszego serwera w Authentication-Results",
               "Имя нашего сервера в Authentication-Results"),
        maxLength=253,
        **{"x-help": _words(
            "Only its verdicts about DKIM and DMARC are believed; empty = none",
            "Věříme jen jeho výrokům o DKIM a DMARC; prázdné = žádným",
            "Wierzymy tylko jego wynikom DKIM i DMARC; puste = żadnym",
            "Вердикты DKIM и DMARC только этого сервера верны; пусто = никакие",
        )},
    ),
    "ca": _text(
        _words("Certificate authority of the company (PEM)", "Firemní certifikační autorita (PEM)",
               "Firmowy urząd certyfikacji (PEM)", "Корпоративный центр сертификации (PEM)"),
        maxLength=65536,
    ),
}  # fmt: skip

MANIFEST = Manifest(
    door="email",
    kind=ChannelKind.EMAIL,
    how="pull",
    title=_words("E-mail", "E-mail", "E-mail", "Электронная почта"),
    help=_words(
        "A mailbox: mail is fetched by IMAP or handed to the built-in receiver, answers leave "
        "by SMTP.",
        "Poštovní schránka: pošta se stahuje přes IMAP nebo ji přebírá vestavěný přijímač, "
        "odpovědi odcházejí přes SMTP.",
        "Skrzynka pocztowa: poczta jest pobierana przez IMAP lub przyjmowana przez wbudowany "
        "odbiornik, odpowiedzi wychodzą przez SMTP.",
        "Почтовый ящик: почта забирается по IMAP или принимается встроенным приёмником, "
        "ответы уходят по SMTP.",
    ),
    settings={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": _IN | _OUT | _PROOF,
    },
    capabilities=Capabilities(
        format="html",
        subject=True,
        file_max_bytes=25 * MIB,
        receipts=("sent", "failed"),
        proactive=True,
    ),
    undo_s=10,
    evidence="counterparty",
    limits={"connections": 4, "references": 20},
)
