"""What a refusal means: the words of mail servers of the world, by reason, as data (§8)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from polyphony.channels.email.parse.shape import Reason

# The first table with a fitting phrase wins. Phrases are what servers say, lower case, by sense:
# a refusal of the sender or of the content must be known before the words of a missing mailbox.
_TABLES: tuple[tuple[Reason, str], ...] = (
    (
        "sender_refused",
        r"sender (?:address|domain)?\s?(?:has been )?(?:rejected|denied|refused|unknown|invalid|verif)"
        r"|sender (?:is )?(?:not|un)\s?(?:allowed|authori[sz]ed|verified|permitted)|invalid sender|bad sender"
        r"|sender verify|sender domain|domain of sender|unresolvable sender|your (?:domain|address|e-?mail address|host|server|ip|mail)"
        r"\b.{0,60}(?:block|reject|denied|listed|not allowed|does ?n[o']t (?:exist|resolve)|refused|banned|reputation|not verified)"
        r"|access denied.{0,40}(?:ip|host|sender)|blocked your mail server"
        r"|cannot find your (?:host|reverse)|(?:helo|ehlo) (?:command )?(?:rejected|invalid|name)"
        r"|mail from (?:command|address)|(?:after|in reply to|response to) (?:pipelined )?mail from|return(?:-path)? (?:domain|address)|envelope sender|from address",
    ),
    (
        "sender_refused",
        r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated (?:e-?mail|message)|sender policy framework"
        r"|reverse (?:dns|lookup|name|mapping)|\brdns\b|\bptr\b|no reverse|without reverse|dns resolution of your"
        r"|hostname (?:lookup|resolution|does not)|fcrdns"
        r"|black-?\s?list|block-?\s?list|\brbl\b|dnsbl|spamhaus|spamcop|sorbs|barracuda|senderbase|talosintelligence|cloudmark|trendmicro|proofpoint|uceprotect|abuseat|invaluement|mailspike|zen\.|cbl\.|bl\.|sbl|xbl"
        r"|reputation|blocked (?:using|by|because|due to|for)|is blocked|are blocked|been blocked|temporarily blocked|host (?:is )?block"
        r"|client host|banned sending ip|ip (?:address )?(?:is |has been |was )?(?:block|list|reject|banned|denied)|dynamic (?:ip|address)|dial-?up|connections? (?:not accepted|rejected|denied) from|connection(?:s)? (?:will )?not (?:be )?accepted from|not accepted from"
        r"|relay(?:ing)?(?: access)?[ _-]?(?:is )?(?:denied|not permitted|not allowed|prohibited|forbidden)|(?:unable|not permitted|not allowed|can ?not|refuse) to relay|relaying mail|relay access|we do not relay|no relay|not a gateway|not an open relay"
        r"|authentication (?:is )?required|must authenticate|must be authenticated|not authenticated|smtp auth|tls required|starttls|encryption (?:needed|required)"
        r"|not (?:authori[sz]ed|permitted|allowed) to send|(?:is|are) not (?:authori[sz]ed|allowed|permitted)|not accept(?:ing)? (?:mail|message|e-?mail)s? from|no mail accepted from|refused? (?:mail|connection|message)s? from|rejected (?:mail )?from|refused by (?:the )?remote|not accepting connections|untrusted|restricted|not have permission"
        r"|access (?:from|to .{1,40} from).{0,60}denied|administrative prohibition|administratively (?:denied|prohibited|blocked)|you are not allowed|not in my|e-?mail address is not verified|dane|mta-sts|5\.7\.(?:23|25|26|27|509|606|708|750|511)",
    ),
    (
        "mailbox_full",
        r"mail ?box.{0,30}\bfull\b|(?:in)?box (?:is )?full|mailfolder is full|mailbox has exceeded|over ?quota|over its quota|\bquota\b(?!.{0,20}rate)|over(?:run|flow).{0,20}storage|exceed(?:ed|s|ing)?.{0,40}(?:storage|disk|space|mailbox size|mailbox limit)|mailbox exceeds"
        r"|insufficient (?:system )?(?:storage|disk|space)|(?:not|no|n't) (?:enough|sufficient|have enough) (?:storage|space|disk|room)|out of (?:storage|space|disk)|storage (?:limit|space|is full|allocation)|no (?:disk )?space left|disk (?:is )?full|account is full|user.{0,20}is full|has too many (?:messages|mails)|mailbox size limit|maximum (?:amount|number) of (?:mail|messages)|user has exhausted|capacity exceeded|delivery failed: over"
        r"|(?:schránka|schranka).{0,30}(?:plná|plna|přepln|prepln)|skrzynka.{0,40}(?:pełna|przepełn)|(?:ящик|почта).{0,30}переполнен|postfach.{0,20}voll|boîte.{0,30}pleine|buz[oó]n.{0,20}lleno|casella.{0,20}piena|caixa.{0,30}cheia",
    ),
    (
        "too_big",
        r"message (?:size )?(?:is )?(?:too (?:large|big|long)|exceed)|(?:message|mail|e-?mail|data) size|size (?:limit|of (?:this|the|your) message)|exceed(?:s|ed)? (?:the )?(?:fixed|maximum|max|current|allow|size|message).{0,30}(?:limit|size|length)|too (?:large|big) (?:message|mail|e-?mail|to)|message (?:file )?too (?:big|large)|(?:larger|bigger) than|maximum (?:message|permitted|allowed).{0,20}(?:size|length)|max(?:imum)? message size|line too long",
    ),
    (
        "disabled",
        r"compte .{0,30}(?:bloqu|suspendu|d[ée]sactiv)|(?:account|mailbox|user|recipient|address|e-?mail|domain|mail ?box|login).{0,50}\b(?:suspended|disabled|deactivated|inactivated|inactive|locked|frozen|terminated|on hold|overdue|temporarily unavailable|discontinued|dormant)\b"
        r"|\b(?:suspended|disabled|deactivated|inactive|locked|dormant|frozen) (?:account|mailbox|user|recipient|address)|account (?:has )?(?:expired|been closed|is closed)|not (?:an )?active (?:account|user|mailbox)?|boite du destinataire archivee|account.{0,20}not active|mailbox currently (?:suspended|disabled)|user.{0,30}has been (?:blocked|disabled)|vacation mode|no longer (?:available due to|in service due)|payment"
        r"|invalid/inactive|inactive on this domain",
    ),
    (
        "moved",
        r"(?:has|have) moved|user (?:is )?not local.{0,20}(?:please )?try|address (?:has )?changed|no longer at this|moved to (?:a )?(?:new|another|<)|please (?:use|try|forward to) <?[^ ]+@|has been replaced by|new e-?mail address",
    ),
    (
        "no_mail_service",
        r"null ?mx|(?:does|do|did) ?n[o']t (?:accept|receive|handle) (?:e-?)?mail|doesn't accept (?:any )?(?:e-?)?mail|not accept(?:ing)? any (?:e-?)?mail|host does not accept|server does not accept|no (?:smtp|mail) service|accepts no (?:e-?)?mail|mail (?:delivery )?is not (?:supported|accepted)|does not support (?:e-?)?mail|no mail ?server|no mx (?:record|found|host)|not accepting network messages|does ?n[o']t receive e?-?mail|couldn't find any mail exchanger|although i'm listed as a best-preference|mail server for .{1,80}is not configured|email not accepted|invalid mx|mx record.{0,40}(?:invalid|localhost|points)",
    ),
    (
        "temporary",
        r"host (?:or domain name )?not found,? try again|name service error.{0,100}try again|name server.{0,30}(?:timeout|temporar)|dns.{0,30}(?:timeout|timed out|temporar|servfail)|temporary (?:dns|lookup)|host name lookup failure.{0,40}try|servfail",
    ),
    (
        "unknown_domain",
        r"host unknown|unknown host|host \S{1,200} not found|host (?:or domain name )?not found|host is unknown|(?:domain|host)(?: name)? (?:is )?(?:unknown|invalid|not found|non-?exist|does ?n[o']t exist|not exist)|no such (?:host|domain)|unknown (?:mail )?domain|invalid domain|unrout(?:e)?able (?:mail )?domain|nxdomain|couldn't find any host|could ?n[o']t (?:find|resolve|locate).{0,30}(?:host|domain|dns)|name or service not known|domain .{1,100} (?:does ?n[o']t exist|could ?n[o']t be found|not found|was not found)|mail domain|illegal host|all relevant mx records point to non|host name lookup failure|non-?existent (?:domain|host)|bad destination system address|bad destination host|domain name.{0,30}(?:wrong|incorrect)|cannot be resolved|no (?:a|dns|address) record|dns name|invalid (?:host|domain)name|server for.{1,80}(?:does ?n[o']t exist|could not be found)|hostname unknown",
    ),
    (
        "content_refused",
        r"\bspam|\bubl?e\b|unsolicited|junk|bulk mail|phish|virus|malware|infected|worm|trojan|uribl|surbl|\bdbl\b|spamassassin|bogofilter|message (?:was |has been )?(?:rejected|refused|blocked|discarded|filtered)(?! by user)|(?:content|attachment|file type|header|subject|url|link).{0,40}(?:not allowed|rejected|refused|forbidden|prohibited|blocked|banned|not accepted|suspicious|invalid|violat)|prohibited|polic(?:y|ies)|bare (?:lf|newline|linefeed)|rfc ?\d{3,4}|not (?:rfc|compliant)|non-?compliant|malformed (?:message|header|mime)|improper use of 8-?bit|missing.{0,20}header|duplicate.{0,20}header|unsafe|high probability|looks like|suspicious|denied by policy|objectionable|message contains|contained a|filtering|filtered by|message refused|rejected by content|dirty|bayes|score",
    ),
    (
        "unknown_recipient",
        r"user (?:is )?(?:unknown|not known|not found|invalid|not exist|does ?n[o']t exist|not local)|unknown (?:user|recipient|address|local|account|mailbox|or illegal|or invalid|alias|e-?mail)|(?:no|not?) such (?:user|recipient|mailbox|address|person|account|alias|local|e-?mail|name|box|virtual|domain or user)|(?:user|account|mailbox|recipient|address|addressee|alias|inbox|mail ?box|username|customer|member|destinataire|person|e-?mail)\b.{0,60}(?:(?:does|do|did)(?: ?n[o']t|nt) exist|not exist|(?:is |was )?(?:unknown|not found|non-?exist)|could ?n[o']t be found|(?:is |was )?n[o']t (?:found|known|listed|recogni[sz]ed|valid|a known|a valid|registered)|no longer exist|not present|is invalid|has been (?:removed|deleted)|is no longer)|(?:invalid|illegal|bad|incorrect|wrong|non-?existent|nonexisting|undefined) (?:recipient|mailbox|user|address|account|destination mailbox|e-?mail|local|to user|alias|addressee)|recipient (?:address )?(?:is )?(?:unknown|invalid|not found)|mailbox (?:name )?(?:not (?:found|available|here)|invalid|syntax)|final delivery userid|name is not recognized|check if (?:the )?address is correct|e-?mail name is not found|recipient address rejected: access denied.{0,80}outlook\.com|(?:that|this) (?:user|account|mailbox|address|e-?mail(?: address)?)?.{0,20}(?:does ?n[o']t|do not) have|does ?n[o']t have an? .{1,40}account|not (?:a )?(?:known|valid|local|existing|registered) (?:user|recipient|mailbox|address|account|customer)|not (?:a )?valid (?:mailbox|recipient|user|address)|not (?:listed|found) in|not our customer|no (?:account|mailbox|user|recipient|longer (?:in use|valid|accepts|a valid|employed|with|works|working|on server|here|have an account))(?: (?:here|by|with|named|found|for|called))?|no valid recipient|there is no (?:such|user|account|one)|unroute?able (?:address|user)|undeliverable address|delivery to this address is restricted|recip(?:ient)?notfound|recipientnotfound|resolver\.adr\.(?:recip|bad|exrecip)|not listed in (?:domino|public)|cannot find (?:the )?(?:user|recipient|address)|couldn't find.{0,20}(?:user|account|recipient)|address rejected: undeliverable|address (?:does ?n[o']t|not) (?:exist|found)|address (?:is )?unknown|who\?|not known (?:here|at this)|is not (?:a )?known|isn't a|is not hosted|unable to (?:find|locate)|badmailbox|dosn't exist|dose not exist|has left|vrfy|user\(s\) unknown|user account doesn"
        r"|neznám[ýá] (?:uživatel|příjemce|adres)|(?:uživatel|příjemce|schránka|adresa|adresát).{0,30}neexistuj|(?:adresát|uživatel|schránka) nenalezen|neexistujúc|brak takiego|nie ma takiego|nieznany (?:użytkownik|odbiorca|adres)|(?:konto|adres|skrzynka|użytkownik|odbiorca).{0,30}nie istnieje|нет такого|не существует|не найден|неизвестн(?:ый|ая) (?:пользователь|адрес|получател)|недопустим.{0,20}адрес|(?:benutzer|empf[äa]nger|adresse|postfach).{0,30}(?:unbekannt|existiert nicht|nicht gefunden)|unbekannter (?:benutzer|empf)|(?:destinataire|utilisateur|adresse).{0,20}inconnu|usuario (?:desconocido|no existe)|usu[áa]rio (?:inexistente|desconhecido)|utente sconosciuto|destinatario (?:sconosciuto|desconocido)|あて先|宛先(?:の)?(?:メールアドレス|不明|が)",
    ),
    (
        "filtered",
        r"(?:refused|rejected|declined|filtered) by (?:the )?(?:recipient|user|addressee)|recipient.{0,30}(?:refused|rejected|refuses|does not want|only accept|not accepting)|user (?:reject|refus)|only accepting (?:mail|messages) from|not currently being accepted for this mailbox|has been filtered|extended inactivity|domain restriction|in blocked list of|permanent failure for one or more recipients|whitelist|white list|resolver\.rst|delivery restriction|not allowed to receive",
    ),
    (
        "temporary",
        r"tim(?:ed|e)[ -]?out|try (?:again|later)|temporar|gr[ea]ylist|too many|throttl|frequency|rate.{0,10}(?:limit|exceed|that)|too (?:fast|quick|frequent)|deferred|defer|delay|connection (?:refused|reset|closed|lost|dropped|died|failed|error|was)|connect(?:ion)? to.{0,80}(?:failed|refused|timed)|could not connect|can ?n[o']t connect|network|no route to host|unreachable|lost connection|conversation with|retry time|not been (?:able|collected|delivered)|has not been delivered|service (?:not|currently|temporarily|is)? ?(?:un)?available|unavailable|loop|too many hops|hop count|lookup (?:failure|failed)|resources|out of memory|queue|expired|insufficient|overload|busy|local error|system error|server error|internal error|i/o error|input/output|configuration|config|(?:could|can) ?n[o']t be (?:delivered|contacted|reached) (?:for|within|in)|undelivered for|days|hours|not responding|no answer|unable to (?:connect|contact)|name server|dns|i'm not going to try again|been in the queue too long|giving up",
    ),
)
_COMPILED: tuple[tuple[Reason, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(words, re.IGNORECASE)) for reason, words in _TABLES
)

# Signs that the address was looked up before any content was sent.
_LOOKED_UP = re.compile(
    r"rcpt|like recipient|\(000[0-9A-F]{5}\)|final delivery userid|not listed in|resolver\."
    r"|check if (?:the )?address is correct|address (?:could ?n[o']t be|not) found"
    r"|(?<![\d.])5\.1\.(?:0|1|2|3|6|10)(?!\d)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"(?<![\d.])55\d(?![\d.])", re.IGNORECASE)
_AFTER_DATA = re.compile(
    r"(?:in reply to|after|response to) (?:the )?(?:end of )?data\b|>>> data\s+<<< 5|\[data\]",
    re.IGNORECASE,
)
_AFTER_SENDER = re.compile(r"(?:after|in reply to|response to) (?:pipelined )?mail from", re.IGNORECASE)
_GENERIC = re.compile(r"user (?:is )?unknown|unknown user|no such user", re.IGNORECASE)
# Mobile carriers that say "user unknown" when the owner's own filter refuses the sender; one that
# names the address in brackets means it.
_CARRIERS = re.compile(
    r"@(?:[a-z0-9-]+\.)*(?:ezweb\.ne\.jp|au\.com|docomo\.ne\.jp|softbank\.(?:ne\.)?jp|"
    r"i\.softbank\.jp|vodafone\.ne\.jp|disney\.ne\.jp|mineo\.jp|uqmobile\.jp)\b",
    re.IGNORECASE,
)
_BY_STATUS: dict[str, Reason] = {
    "1.1": "unknown_recipient",
    "1.2": "unknown_domain",
    "1.3": "unknown_recipient",
    "1.4": "unknown_recipient",
    "1.6": "moved",
    "1.7": "sender_refused",
    "1.8": "sender_refused",
    "1.9": "sender_refused",
    "1.10": "no_mail_service",
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "3.1": "mailbox_full",
    "3.4": "too_big",
    "4.1": "temporary",
    "4.4": "unknown_domain",
    "4.6": "temporary",
    "4.7": "temporary",
    "6.0": "content_refused",
    "7.0": "sender_refused",
    "7.1": "sender_refused",
}
_BY_CODE: dict[str, Reason] = {
    "521": "no_mail_service",
    "525": "disabled",
    "530": "sender_refused",
    "535": "sender_refused",
    "551": "moved",
    "552": "mailbox_full",
    "556": "no_mail_service",
    "421": "temporary",
    "450": "temporary",
    "451": "temporary",
    "452": "mailbox_full",
}
HARD: frozenset[Reason] = frozenset(
    {"unknown_recipient", "unknown_domain", "moved", "no_mail_service"}
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:/\[-])([2-5][0-5]\d)(?=[ -]|$|\))")


@lru_cache(maxsize=2048)
def by_words(text: str) -> Reason | None:
    """Return the reason the words of a server name, None when they say nothing."""
    for reason, words in _COMPILED:
        if words.search(text):
            return reason
    return None


def judge(text: str, status: str, code: str) -> Reason:
    """Return the reason of one failure from its words, then its status, then its code."""
    found = by_words(core(text)) or by_words(text[:2000]) if text else None
    if status.startswith("4") and found in {"filtered", "other"}:
        return "temporary"
    if status == "5.1.6" and found in {"unknown_recipient", "filtered", None}:
        return "moved"
    if found is not None and not (found == "temporary" and status.startswith("5.1.")):
        return found
    if status.startswith("4"):
        return "temporary" if status[2:] != "2.2" else "mailbox_full"
    if status.startswith("5") and (known := _BY_STATUS.get(status[2:])) is not None:
        return known
    if status.startswith("5.7."):
        return "sender_refused"
    if status.startswith("5.6."):
        return "content_refused"
    if found is not None:
        return found
    if (known := _BY_CODE.get(code)) is not None:
        return known
    return "temporary" if code.startswith("4") else "other"


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around the words of a server: the report's text, status, recipient, form."""

    around: str
    status: str
    address: str
    typed: bool


def settle(reason: Reason, said: str, context: Context) -> Reason:
    """Call an address dead only on good evidence: a wrong "soft" costs a try, a wrong "hard" a customer.

    A temporary status is never hard; a security status or an answer to MAIL FROM is about the
    sender; "user unknown" after DATA, from carriers with filters, or without a sign that the
    address was looked up is the owner's filter.
    """
    status = context.status
    if reason not in HARD:
        return reason
    if status.startswith("4"):
        return "temporary"
    if _AFTER_SENDER.search(context.around) or status in {"5.1.7", "5.1.8", "5.1.9"}:
        return "sender_refused"
    if reason != "unknown_recipient":
        return reason
    if status.startswith("5.7."):
        return "sender_refused"
    return reason if _dead(said, context) else "filtered"


def _dead(said: str, context: Context) -> bool:
    around, status, address = context.around, context.status, context.address.lower()
    if status == "5.1.1":
        return True
    if _CARRIERS.search(address):
        return f"<{address}>: user unknown" in around.lower()
    if _AFTER_DATA.search(around) and _GENERIC.search(said):
        return False
    if status == "5.2.1":
        return re.search(r"(?i)rcpt|like recipient", around) is not None
    if _LOOKED_UP.search(f"{around} {status}"):
        return True
    return context.typed and _ANSWERED.search(said) is not None


def core(text: str) -> str:
    """Return the words of the remote server inside a report: from its answer code on, a few lines."""
    found = _ANSWER.search(text[:6000])
    if found is None:
        return ""
    piece = text[found.start() : found.start() + 700]
    return piece.split("  ")[0] if "\n" not in piece else piece.split("\n\n")[0]


_ANSWER = re.compile(r"(?<![\d.:/\[-])[45][0-5]\d[ -](?![\d.]*\])|(?<![\d.\[])[45]\.\d{1,3}\.\d{1,3}\b")


def status_in(text: str) -> str:
    """Return the first RFC 3463 status of a failure in an SMTP text, or an empty string."""
    for found in _STATUS.finditer(text[:2000]):
        return found.group()
    return ""


def code_in(text: str) -> str:
    """Return the SMTP answer code in a text, or an empty string."""
    for found in _CODE.finditer(text[:2000]):
        if found.group(1)[0] in "45":
            return found.group(1)
    return ""
