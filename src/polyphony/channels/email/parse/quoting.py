"""How mail programs of the world introduce a quote: words and shapes by language, as data."""
# ruff: noqa: RUF001, E501 - words of many languages and alphabets

import re

# Verbs at the end (or in the middle) of "On … X wrote:".
_WROTE = (
    r"wrote|writes|has written"  # en
    r"|napsala?(?:\(a\))?|psala?(?:\(a\))?|píše|napísala?(?:\(a\))?|písala?"  # cs, sk
    r"|napisał(?:a|\(a\))?|pisze|napisali|napisana przez"  # pl
    r"|пишет|писал(?:а|\(а\)|и)?|написал(?:а|\(а\)|и)?|пише|писав|написав(?:\(-ла\))?|писали"  # ru, uk
    r"|schrieb(?:en)?|hat geschrieben|geschrieben"  # de
    r"|a écrit|écrit|écrivit"  # fr
    r"|escribió|escribio|escribe|va escriure"  # es, ca
    r"|escreveu"  # pt
    r"|ha scritto|scrive|scriveva"  # it
    r"|schreef(?: het volgende)?|heeft geschreven|geschreven"  # nl
    r"|skrev|skrifaði"  # sv, da, no, is
    r"|kirjoitti"  # fi
    r"|írta|ezt írta"  # hu
    r"|a scris|scris"  # ro
    r"|je napisao/la|je napisala?|je napisao|написа|je pisao"  # hr, sr, bg
    r"|έγραψε|yazdı|şunu yazdı|כתב|写道|寫道|のメッセージ|のメール|작성"
)
WROTE = re.compile(rf"(?:^|[\s>\"'\])]|\b)(?:{_WROTE})\b|写道|寫道", re.IGNORECASE)
WROTE_END = re.compile(
    rf"(?:^|[\s>\"'\]),]|\b)(?:{_WROTE})(?:[\s\xa0]*\S{{0,40}})?[\s\xa0]*[:：]?[\s*]*$",
    re.IGNORECASE,
)

# What such a line begins with.
STARTS = re.compile(
    r"[\s*>]{0,6}(?:on|at|in article|dne|dňa|dnia|w dniu|wiadomość|am|le|el|il|em|a les|op|den|på|"
    r"quoting|citát|zitat von|citando|mon|tue|wed|thu|fri|sat|sun|"
    r"po|út|st|čt|pá|so|ne|pondělí|úterý|středa|čtvrtek|pátek|sobota|neděle|ut|št|pi|"
    r"pon|wt|śr|sr|czw|pt|sob|niedz|nie|poniedziałek|wtorek|środa|czwartek|piątek|niedziela|"
    r"пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|"
    r"субботу|воскресенье|понеділок|вівторок|середа|п['’]ятниця|неділя|"
    r"mo|di|mi|do|fr|sa|lun|mar|mer|jeu|ven|sam|dim|lör|sön|tis|tors|ma|ti|ke|to|pe|la|su|"
    r"в|во|вы писали|you wrote|psal jste|\d{1,4}[./\s年년-]|在|於)(?![\w])|[\s*>]{0,6}\d{1,4}[./年-]",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s<>@\"(),;:]+@[^\s<>@\"(),;:]+\.\w{2,}|<mailto:|\[mailto:", re.IGNORECASE)
TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b|\b\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}\b")
# Gmail of older days: `2013/7/20 sam <a@b>` and `2016-03-03 17:21 GMT+01:00 Some One:`.
OLD_GMAIL = re.compile(
    r"\s*(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2})? (?:GMT[+-]\d{1,2}:\d{2} )?[^\n]{1,150}"
    r"<[^<>\s]+@[^<>\s]+>:?|\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:GMT"
    r"|UTC)[+-]\d{1,2}:\d{2} [^\n]{1,150})\s*$"
)
# Programs that end with a name and address and no verb: Gmail ru, Apple cs, Yandex, Mail.ru.
NO_VERB = re.compile(
    r"\s*(?:[^\W\d_]{2,12}\.?,? )?(?:\d{1,2}[. ]|\d{4}[-年년])[^\n]{0,200}\d{1,2}[:.]\d{2}[^\n]{0,200}"
    r"(?:<[^<>\s]+@[^<>\s]+>|\"[^\"\n]{1,100}\")\s*[:：]\s*$"
)

# Labels of header blocks: who, when, to whom, about what.
_FROM = "from|od|von|de|da|от|від|från|fra|van|expéditeur|remitente|mittente|feladó|lähettäjä|gönderen|de la|自|发件人|寄件者|差出人|보낸 사람|odesílatel|odosielateľ|nadawca|отправитель|absender"
_WHEN = (
    "sent|date|odesláno|datum|odoslané|dátum|wysłano|wysłane|data|data wysłania|"
    "отправлено|дата|дата отправки|надіслано|gesendet|datum|envoyé|envoyé le|date|enviado|"
    "enviado el|enviada em|fecha|inviato|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|"
    "küldve|elküldve|gönderildi|tarih|trimis|发送时间|日期|送信日時|보낸 날짜|poslano"
)
_TO = "to|komu|pro|do|кому|an|à|a|para|per|aan|till|til|pour|címzett|vastaanottaja|kime|către|收件人|宛先|받는 사람|za|empfänger|destinataire"
_ABOUT = (
    "subject|předmět|predmet|temat|тема|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|"
    "emne|aihe|tárgy|konu|subiect|主题|主旨|件名|제목|objekt|věc|dotyczy"
)
_MORE = (
    "cc|kopie|kópia|copy|dw|do wiadomości|копия|копія|kopia|reply-to|reply to|risposta|importance|"
    "důležitost|wichtigkeit|priorita|important|attachments|přílohy|bcc|uw|odpověď komu|organization"
)
LABEL = re.compile(
    rf"[\s*|_]{{0,6}}(?:(?P<who>{_FROM})|(?P<when>{_WHEN})|(?P<to>{_TO})|(?P<about>{_ABOUT})|"
    rf"(?P<more>{_MORE}))[\s*]{{0,3}}[:：](?P<rest>[\s*]*\S.*|\s*)$",
    re.IGNORECASE,
)

_ORIGINAL = (
    "original message|original mail|original e-?mail|původní zpráva|původní e-?mail|"
    "původní zpráva přeposlána|pôvodná správa|pôvodný e-?mail|oryginalna wiadomość|"
    "wiadomość oryginalna|treść oryginalnej wiadomości|original appointment|"
    "исходное сообщение|исходное письмо|оригинальное сообщение|оригінальне повідомлення|"
    "вихідне повідомлення|ursprüngliche nachricht|originalnachricht|original-nachricht|"
    "ursprüngliche e-?mail|message d'origine|message original|mensaje original|mensagem original|"
    "messaggio originale|messaggio inoltrato|oorspronkelijk bericht|ursprungligt meddelande|"
    "oprindelig meddelelse|alkuperäinen viesti|eredeti üzenet|reply message|reply above|"
    "mesaj original|orijinal mesaj|原始邮件|元のメッセージ|previous message|předchozí zpráva"
)
ORIGINAL = re.compile(
    rf"[\s*>]{{0,6}}[-_=*]{{2,}}[\s*]*(?:{_ORIGINAL})[\s:*]*[-_=*]{{2,}}[\s*]*$", re.IGNORECASE
)
ORIGINAL_BARE = re.compile(rf"[\s*]{{0,6}}(?:{_ORIGINAL})[\s*]*[:：]?[\s*]*$", re.IGNORECASE)

_FORWARD = (
    "forwarded message|forwarded by|begin forwarded message|forwarded mail|fwd|přeposlaná zpráva|"
    "začátek přeposlané zprávy|přeposlaný e-?mail|preposlaná správa|začiatok preposlanej správy|"
    "wiadomość przekazana|przekazana wiadomość|"
    "początek przekazywanej wiadomości|treść przekazanej wiadomości|forwarded|"
    "пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения|"
    "начало пересылаемого сообщения|переслане повідомлення|переслано|"
    "weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    "|anfang der weitergeleiteten e-?mail|"
    "message transféré|début du message transféré|début du message réexpédié|mensaje reenviado|"
    "inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|"
    "mensagem encaminhada|doorgestuurd bericht|vidarebefordrat|videresendt|továbbított üzenet"
)
FORWARD = re.compile(
    rf"[\s*]{{0,6}}(?:[-_=]{{2,}}[\s*]*(?:{_FORWARD})\b[^\n]{{0,200}}?[-_=]{{2,}}"
    rf"|(?:{_FORWARD})[\s*]*[:：])[\s*]*$",
    re.IGNORECASE,
)

SENT_FROM = re.compile(
    r"[\s*_<\[]{0,6}(?:sent (?:from|with|via|using) (?:my |the |a )?\S|get outlook for|"
    r"odesláno z |odeslané z |odoslané z |poslané z |posláno z |odesláno pomocí |odeslal jsem |"
    r"získejte outlook|získať outlook|stáhněte si outlook|získejte aplikaci outlook|"
    r"wysłane? z |wysłano z |wysłane za pomocą |pobierz (?:aplikację )?outlook|uzyskaj outlook|"
    r"отправлено (?:с|из|со|через|при помощи) |скачать outlook|получить outlook|послано с |"
    r"надіслано (?:з|із|за допомогою) |завантажити outlook|"
    r"von meine[mr] .{1,40} gesendet|gesendet (?:von|mit) |diese nachricht wurde von mein"
    r"|outlook für |holen sie sich outlook|"
    r"envoyé (?:de|depuis|à partir) |télécharge[zr] outlook|obtenir outlook|"
    r"enviado desde |enviado do |enviado de |enviado por |obtener outlook|obter o outlook|"
    r"inviato da|scarica outlook|ottieni outlook|verzonden (?:vanaf|met|via) |verstuurd vanaf |"
    r"skickat från |sendt fra |lähetetty |elküldve |iphone'?umdan gönderildi)"
    r"[^\n]{0,160}$|[\s*]{0,6}(?:发自我的|從我的|iPhoneから送信)[^\n]{0,80}$",
    re.IGNORECASE,
)
DASHES = re.compile(r"\s*(?:--|—|––|―)[ \xa0]?\s*$")
RULE = re.compile(r"\s*[-_=*~#+•·—–]{3,}\s*$")
QUOTE = re.compile(r" {0,3}>")
INITIALS = re.compile(r"[^\W\d_]{1,12}>{1,5}(?: |$)")
TRACKER = re.compile(r"[\sᐧ᐀\u200b\u200c\u200d\ufeff]*$")
