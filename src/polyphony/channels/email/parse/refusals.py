"""The words of mail servers of the world by what they mean, as data (read-json.md §8)."""
# ruff: noqa: ISC004 - one long pattern for each reason, in many alphabets

from polyphony.channels.email.parse.shape import Reason

# The first table with a fitting phrase wins. Phrases are what servers say, lower case, by sense:
# a refusal of the sender or of the content must be known before the words of a missing mailbox.
TABLES: tuple[tuple[Reason, str], ...] = (
    (
        "sender_refused",
        r"sender (?:address|domain)?\s?(?:has been )?(?:rejected|denied|refused|unknown|invalid"
        r"|verif)"
        r"|sender (?:is )?(?:not|un)\s?(?:allowed|authori[sz]ed|verified|permitted)"
        r"|invalid sender|bad sender"
        r"|sender verify|sender domain|domain of sender|unresolvable sender|your (?:domain"
        r"|address|e-?mail address|host|server|ip|mail)"
        r"\b.{0,60}(?:block|reject|denied|listed|not allowed|does ?n[o']t (?:exist|resolve)"
        r"|refused|banned|reputation|not verified)"
        r"|access denied.{0,40}(?:ip|host|sender)|blocked your mail server"
        r"|cannot find your (?:host|reverse)|(?:helo|ehlo) (?:command )?(?:rejected|invalid|name)"
        r"|mail from (?:command|address)|(?:after|in reply to"
        r"|response to) (?:pipelined )?mail from|return(?:-path)? (?:domain|address)"
        r"|envelope sender|from address",
    ),
    (
        "sender_refused",
        r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated (?:e-?mail|message)|sender policy framework"
        r"|reverse (?:dns|lookup|name|mapping)|\brdns\b|\bptr\b|no reverse|without reverse"
        r"|dns resolution of your"
        r"|hostname (?:lookup|resolution|does not)|fcrdns"
        r"|black-?\s?list|block-?\s?list|\brbl\b|dnsbl|spamhaus|spamcop|sorbs|barracuda"
        r"|senderbase|talosintelligence|cloudmark|trendmicro|proofpoint|uceprotect|abuseat"
        r"|invaluement|mailspike|zen\.|cbl\.|bl\.|sbl|xbl"
        r"|reputation|blocked (?:using|by|because|due to|for)|is blocked|are blocked"
        r"|been blocked|temporarily blocked|host (?:is )?block"
        r"|client host|banned sending ip|ip (?:address )?(?:is |has been |was )?(?:block|list"
        r"|reject|banned|denied)|dynamic (?:ip|address)|dial-?up|connections? (?:not accepted"
        r"|rejected|denied) from|connection(?:s)? (?:will )?not (?:be )?accepted from"
        r"|not accepted from"
        r"|relay(?:ing)?(?: access)?[ _-]?(?:is )?(?:denied|not permitted|not allowed|prohibited"
        r"|forbidden)|(?:unable|not permitted|not allowed|can ?not|refuse) to relay"
        r"|relaying mail|relay access|we do not relay|no relay|not a gateway|not an open relay"
        r"|authentication (?:is )?required|must authenticate|must be authenticated"
        r"|not authenticated|smtp auth|tls required|starttls|encryption (?:needed|required)"
        r"|not (?:authori[sz]ed|permitted|allowed) to send|(?:is|are) not (?:authori[sz]ed"
        r"|allowed|permitted)|not accept(?:ing)? (?:mail|message|e-?mail)s? from"
        r"|no mail accepted from|refused? (?:mail|connection|message)s? from"
        r"|rejected (?:mail )?from|refused by (?:the )?remote|not accepting connections"
        r"|untrusted|restricted|not have permission"
        r"|access (?:from|to .{1,40} from).{0,60}denied|administrative prohibition"
        r"|administratively (?:denied|prohibited|blocked)|you are not allowed|not in my"
        r"|e-?mail address is not verified|dane|mta-sts|5\.7\.(?:23|25|26|27|509|606|708|750|511)",
    ),
    (
        "mailbox_full",
        r"mail ?box.{0,30}\bfull\b|(?:in)?box (?:is )?full|mailfolder is full"
        r"|mailbox has exceeded|over ?quota|over its quota|\bquota\b(?!.{0,20}rate)|over(?:run"
        r"|flow).{0,20}storage|exceed(?:ed|s|ing)?.{0,40}(?:storage|disk|space|mailbox size"
        r"|mailbox limit)|mailbox exceeds"
        r"|insufficient (?:system )?(?:storage|disk|space)|(?:not|no|n't) (?:enough|sufficient"
        r"|have enough) (?:storage|space|disk|room)|out of (?:storage|space|disk)"
        r"|storage (?:limit|space|is full|allocation)|no (?:disk )?space left|disk (?:is )?full"
        r"|account is full|user.{0,20}is full|has too many (?:messages|mails)|mailbox size limit"
        r"|maximum (?:amount|number) of (?:mail|messages)|user has exhausted|capacity exceeded"
        r"|delivery failed: over"
        r"|(?:schránka|schranka).{0,30}(?:plná|plna|přepln|prepln)|skrzynka.{0,40}(?:pełna"
        r"|przepełn)|(?:ящик|почта).{0,30}переполнен|postfach.{0,20}voll|boîte.{0,30}pleine"
        r"|buz[oó]n.{0,20}lleno|casella.{0,20}piena|caixa.{0,30}cheia",
    ),
    (
        "too_big",
        r"message (?:size )?(?:is )?(?:too (?:large|big|long)|exceed)|(?:message|mail|e-?mail"
        r"|data) size|size (?:limit|of (?:this|the|your) message)|exceed(?:s"
        r"|ed)? (?:the )?(?:fixed|maximum|max|current|allow|size|message).{0,30}(?:limit|size"
        r"|length)|too (?:large|big) (?:message|mail|e-?mail|to)|message (?:file )?too (?:big"
        r"|large)|(?:larger|bigger) than|maximum (?:message|permitted|allowed).{0,20}(?:size"
        r"|length)|max(?:imum)? message size|line too long",
    ),
    (
        "disabled",
        r"compte .{0,30}(?:bloqu|suspendu|d[ée]sactiv)|(?:account|mailbox|user|recipient|address"
        r"|e-?mail|domain|mail ?box|login).{0,50}\b(?:suspended|disabled|deactivated|inactivated"
        r"|inactive|locked|frozen|terminated|on hold|overdue|temporarily unavailable"
        r"|discontinued|dormant)\b"
        r"|\b(?:suspended|disabled|deactivated|inactive|locked|dormant|frozen) (?:account"
        r"|mailbox|user|recipient|address)|account (?:has )?(?:expired|been closed|is closed)"
        r"|not (?:an )?active (?:account|user|mailbox)?|boite du destinataire archivee"
        r"|account.{0,20}not active|mailbox currently (?:suspended|disabled)"
        r"|user.{0,30}has been (?:blocked|disabled)|vacation mode|no longer (?:available due to"
        r"|in service due)|payment"
        r"|invalid/inactive|inactive on this domain",
    ),
    (
        "moved",
        r"(?:has|have) moved|user (?:is )?not local.{0,20}(?:please )?try"
        r"|address (?:has )?changed|no longer at this|moved to (?:a )?(?:new|another|<)"
        r"|please (?:use|try|forward to) <?[^ ]+@|has been replaced by|new e-?mail address",
    ),
    (
        "no_mail_service",
        r"null ?mx|(?:does|do|did) ?n[o']t (?:accept|receive|handle) (?:e-?)?mail"
        r"|doesn't accept (?:any )?(?:e-?)?mail|not accept(?:ing)? any (?:e-?)?mail"
        r"|host does not accept|server does not accept|no (?:smtp|mail) service"
        r"|accepts no (?:e-?)?mail|mail (?:delivery )?is not (?:supported|accepted)"
        r"|does not support (?:e-?)?mail|no mail ?server|no mx (?:record|found|host)"
        r"|not accepting network messages|does ?n[o']t receive e?-?mail"
        r"|couldn't find any mail exchanger|although i'm listed as a best-preference"
        r"|mail server for .{1,80}is not configured|email not accepted|invalid mx"
        r"|mx record.{0,40}(?:invalid|localhost|points)",
    ),
    (
        "temporary",
        r"host (?:or domain name )?not found,? try again|name service error.{0,100}try again"
        r"|name server.{0,30}(?:timeout|temporar)|dns.{0,30}(?:timeout|timed out|temporar"
        r"|servfail)|temporary (?:dns|lookup)|host name lookup failure.{0,40}try|servfail",
    ),
    (
        "unknown_domain",
        r"host unknown|unknown host|host \S{1,200} not found|host (?:or domain name )?not found"
        r"|host is unknown|(?:domain|host)(?: name)? (?:is )?(?:unknown|invalid|not found"
        r"|non-?exist|does ?n[o']t exist|not exist)|no such (?:host|domain)"
        r"|unknown (?:mail )?domain|invalid domain|unrout(?:e)?able (?:mail )?domain|nxdomain"
        r"|couldn't find any host|could ?n[o']t (?:find|resolve|locate).{0,30}(?:host|domain"
        r"|dns)|name or service not known|domain .{1,100} (?:does ?n[o']t exist"
        r"|could ?n[o']t be found|not found|was not found)|mail domain|illegal host"
        r"|all relevant mx records point to non|host name lookup failure|non-?existent (?:domain"
        r"|host)|bad destination system address|bad destination host|domain name.{0,30}(?:wrong"
        r"|incorrect)|cannot be resolved|no (?:a|dns|address) record|dns name|invalid (?:host"
        r"|domain)name|server for.{1,80}(?:does ?n[o']t exist|could not be found)"
        r"|hostname unknown",
    ),
    (
        "content_refused",
        r"\bspam|\bubl?e\b|unsolicited|junk|bulk mail|phish|virus|malware|infected|worm|trojan"
        r"|uribl|surbl|\bdbl\b|spamassassin|bogofilter|message (?:was |has been )?(?:rejected"
        r"|refused|blocked|discarded|filtered)(?! by user)|(?:content|attachment|file type"
        r"|header|subject|url|link).{0,40}(?:not allowed|rejected|refused|forbidden|prohibited"
        r"|blocked|banned|not accepted|suspicious|invalid|violat)|prohibited|polic(?:y|ies)"
        r"|bare (?:lf|newline|linefeed)|rfc ?\d{3,4}|not (?:rfc|compliant)|non-?compliant"
        r"|malformed (?:message|header|mime)|improper use of 8-?bit|missing.{0,20}header"
        r"|duplicate.{0,20}header|unsafe|high probability|looks like|suspicious|denied by policy"
        r"|objectionable|message contains|contained a|filtering|filtered by|message refused"
        r"|rejected by content|dirty|bayes|score",
    ),
    (
        "unknown_recipient",
        r"user (?:is )?(?:unknown|not known|not found|invalid|not exist|does ?n[o']t exist"
        r"|not local)|unknown (?:user|recipient|address|local|account|mailbox|or illegal"
        r"|or invalid|alias|e-?mail)|(?:no|not?) such (?:user|recipient|mailbox|address|person"
        r"|account|alias|local|e-?mail|name|box|virtual|domain or user)|(?:user|account|mailbox"
        r"|recipient|address|addressee|alias|inbox|mail ?box|username|customer|member"
        r"|destinataire|person|e-?mail)\b.{0,60}(?:(?:does|do|did)(?: ?n[o']t|nt) exist"
        r"|not exist|(?:is |was )?(?:unknown|not found|non-?exist)|could ?n[o']t be found|(?:is "
        r"|was )?n[o']t (?:found|known|listed|recogni[sz]ed|valid|a known|a valid|registered)"
        r"|no longer exist|not present|is invalid|has been (?:removed|deleted)|is no longer)"
        r"|(?:invalid|illegal|bad|incorrect|wrong|non-?existent|nonexisting"
        r"|undefined) (?:recipient|mailbox|user|address|account|destination mailbox|e-?mail"
        r"|local|to user|alias|addressee)|recipient (?:address )?(?:is )?(?:unknown|invalid"
        r"|not found)|mailbox (?:name )?(?:not (?:found|available|here)|invalid|syntax)"
        r"|final delivery userid|name is not recognized|check if (?:the )?address is correct"
        r"|e-?mail name is not found"
        r"|recipient address rejected: access denied.{0,80}outlook\.com|(?:that|this) (?:user"
        r"|account|mailbox|address|e-?mail(?: address)?)?.{0,20}(?:does ?n[o']t|do not) have"
        r"|does ?n[o']t have an? .{1,40}account|not (?:a )?(?:known|valid|local|existing"
        r"|registered) (?:user|recipient|mailbox|address|account|customer)"
        r"|not (?:a )?valid (?:mailbox|recipient|user|address)|not (?:listed|found) in"
        r"|not our customer|no (?:account|mailbox|user|recipient|longer (?:in use|valid|accepts"
        r"|a valid|employed|with|works|working|on server|here|have an account))(?: (?:here|by"
        r"|with|named|found|for|called))?|no valid recipient|there is no (?:such|user|account"
        r"|one)|unroute?able (?:address|user)|undeliverable address"
        r"|delivery to this address is restricted|recip(?:ient)?notfound|recipientnotfound"
        r"|resolver\.adr\.(?:recip|bad|exrecip)|not listed in (?:domino|public)"
        r"|cannot find (?:the )?(?:user|recipient|address)|couldn't find.{0,20}(?:user|account"
        r"|recipient)|address rejected: undeliverable|address (?:does ?n[o']t|not) (?:exist"
        r"|found)|address (?:is )?unknown|who\?|not known (?:here|at this)|is not (?:a )?known"
        r"|isn't a|is not hosted|unable to (?:find|locate)|badmailbox|dosn't exist"
        r"|dose not exist|has left|vrfy|user\(s\) unknown|user account doesn"
        r"|neznám[ýá] (?:uživatel|příjemce|adres)|(?:uživatel|příjemce|schránka|adresa"
        r"|adresát).{0,30}neexistuj|(?:adresát|uživatel|schránka) nenalezen|neexistujúc"
        r"|brak takiego|nie ma takiego|nieznany (?:użytkownik|odbiorca|adres)|(?:konto|adres"
        r"|skrzynka|użytkownik|odbiorca).{0,30}nie istnieje|нет такого|не существует|не найден"
        r"|неизвестн(?:ый|ая) (?:пользователь|адрес|получател)|недопустим.{0,20}адрес"
        r"|(?:benutzer|empf[äa]nger|adresse|postfach).{0,30}(?:unbekannt|existiert nicht"
        r"|nicht gefunden)|unbekannter (?:benutzer|empf)|(?:destinataire|utilisateur"
        r"|adresse).{0,20}inconnu|usuario (?:desconocido|no existe)|usu[áa]rio (?:inexistente"
        r"|desconhecido)|utente sconosciuto|destinatario (?:sconosciuto|desconocido)|あて先"
        r"|宛先(?:の)?(?:メールアドレス|不明|が)",
    ),
    (
        "filtered",
        r"(?:refused|rejected|declined|filtered) by (?:the )?(?:recipient|user|addressee)"
        r"|recipient.{0,30}(?:refused|rejected|refuses|does not want|only accept|not accepting)"
        r"|user (?:reject|refus)|only accepting (?:mail|messages) from"
        r"|not currently being accepted for this mailbox|has been filtered|extended inactivity"
        r"|domain restriction|in blocked list of|permanent failure for one or more recipients"
        r"|whitelist|white list|resolver\.rst|delivery restriction|not allowed to receive",
    ),
    (
        "temporary",
        r"tim(?:ed|e)[ -]?out|try (?:again|later)|temporar|gr[ea]ylist|too many|throttl"
        r"|frequency|rate.{0,10}(?:limit|exceed|that)|too (?:fast|quick|frequent)|deferred|defer"
        r"|delay|connection (?:refused|reset|closed|lost|dropped|died|failed|error|was)"
        r"|connect(?:ion)? to.{0,80}(?:failed|refused|timed)|could not connect"
        r"|can ?n[o']t connect|network|no route to host|unreachable|lost connection"
        r"|conversation with|retry time|not been (?:able|collected|delivered)"
        r"|has not been delivered|service (?:not|currently|temporarily|is)? ?(?:un)?available"
        r"|unavailable|loop|too many hops|hop count|lookup (?:failure|failed)|resources"
        r"|out of memory|queue|expired|insufficient|overload|busy|local error|system error"
        r"|server error|internal error|i/o error|input/output|configuration|config|(?:could"
        r"|can) ?n[o']t be (?:delivered|contacted|reached) (?:for|within|in)|undelivered for"
        r"|days|hours|not responding|no answer|unable to (?:connect|contact)|name server|dns"
        r"|i'm not going to try again|been in the queue too long|giving up",
    ),
)
