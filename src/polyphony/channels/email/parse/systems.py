"""How mail systems word their plain reports: senders, subjects, marks of the original."""

import re

# Who sends reports: local parts and names of mailer daemons.
SENDER = re.compile(
    r"mailer-?daemon|mail-?daemon|postmaster|poostmaster|post_master|mail delivery|mail deliver"
    r"|delivery (?:sub)?system"
    r"|mail\.delivery\.system|system administrator|mail administrator|interscan|majordomo"
    r"|daemon@|bounce|mta@|mail system"
    r"|microsoft outlook|microsoftexchange|delivery-?status|complaints@|smtp@|mail-?admin",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"undeliver|undelivered|not delivered|non.?deliver|delivery (?:has )?(?:failed|failure"
    r"|failre|status|problem|error|notification|report|delay|incomplete)"
    r"|(?:mail|message) (?:delivery|could not|failed|failure|not|delayed|status|system error"
    r"|undeliver)|failed (?:mail|delivery)|failure (?:notice|delivery|notification)"
    r"|failure notice|mail failed|mail failure"
    r"|returned (?:mail|to sender|message)|returning (?:mail|message)|return(?:ed)? mail"
    r"|warning: (?:message|could not|mail)|could ?n[o']t (?:be )?(?:deliver|send)"
    r"|cannot (?:be )?(?:deliver|send)|unable to deliver|unzustellbar|zustellung|nedoručen"
    r"|nedoruč|nelze doručit|doručení se nezdařilo|niedostarczon|nie dostarczono|zwrot"
    r"|nie można dostarczyć|недоставлен|не доставлен|невозможно доставить|недоставленное|доставк"
    r"|non remis|échec|no entregado|no se pudo entregar|non recapit|mancata consegna"
    r"|falha na entrega|devolvid|onbestelbaar|kan inte levereras|could not be delivered"
    r"|error sending your mail|user unknown|delivery.{0,20}(?:fehl|gescheitert)|loop alert"
    r"|errors from|there was an error|aws notification|配信|送信|mail system error|undelivery"
    r"|deferred|expired|postfix smtp server",
    re.IGNORECASE,
)
# Sentences that only reports say; one of them and an address near it make a plain text a report.
SENTENCE = re.compile(
    r"this (?:is|message was created automatically by|e-?mail was sent by) (?:the "
    r"|a )?(?:mail(?: delivery)? |qmail|automatically|dragonfly|mail system|notification)"
    r"|hi\. this is the|message (?:that )?(?:you sent|could not be delivered|was not delivered"
    r"|was undeliverable|has not been delivered|was automatically|delivery failed|not delivered"
    r"|undeliverable)"
    r"|(?:could|can) ?n[o']t (?:be )?deliver|unable to deliver|delivery (?:to the following"
    r"|has failed|failed|attempt)|did not reach|was not (?:delivered|received by)"
    r"|failed (?:permanently|addresses|to deliver)|permanent (?:and fatal )?errors?"
    r"|transcript of session|following address|undeliver|returned to (?:you|sender)"
    r"|the following (?:recipient|address|error|destination)|i'm sorry to have to inform you"
    r"|i wasn't able to deliver|sorry, (?:your message|we were unable|i)|reason (?:for"
    r"|of) (?:the )?(?:failure|non)|remote host said|said:|smtp error|user unknown|over quota"
    r"|mailbox (?:full|unavailable)|no such user|unrouteable|zprávu se nepodařilo doručit"
    r"|nepodařilo se doručit|nebyla doručena|nie została dostarczona|nie można dostarczyć"
    r"|nie udało się dostarczyć|не доставлено|не было доставлено|не может быть доставлен"
    r"|невозможно доставить|konnte nicht zugestellt|nicht zugestellt|n'a pas (?:pu )?être"
    r"|no se (?:ha )?pud?o? entreg|cannot be (?:sent|delivered)|error:|failure:"
    r"|address(?:es)? failed|delivery status|deliver",
    re.IGNORECASE,
)
# Where the returned original begins: below it are our own words, never searched.
ORIGINAL = re.compile(
    r"^(?:[\s>*=-]{0,30}(?:below (?:this line|the next line) is (?:a|the) (?:copy|original)"
    r"|this is a copy of (?:the|your) message|this is a copy of the (?:original )?(?:message"
    r"|headers)|a copy of the original message|original message (?:follows|attached|headers?"
    r"|text)?|unsent message (?:follows|below)|undelivered message(?: follows)?|the (?:original"
    r"|undelivered|attached) message (?:follows|is attached|was|headers)?|message (?:header"
    r"|headers|text|contents|body|follows|as follows|source)|header of (?:the )?(?:original"
    r"|message)|headers of the original|original (?:mail|headers|message header)"
    r"|received message follows|returned message|your (?:original )?message(?: (?:follows"
    r"|reads))?|start of returned message|enclosed (?:is|message)|following is (?:a|the) (?:copy"
    r"|original)|the first \d+ lines|beginning of (?:the )?original|mail(?:'s)? header"
    r"|included is a copy|text of (?:your|the) (?:original )?message|forwarded message"
    r"|here (?:is|are) (?:a copy of|the) (?:your |message )?|данное сообщение"
    r"|копия (?:вашего )?сообщения|заголовки)[^\n]{0,80}[:\s=>*-]*)$"
    r"|^(?:received: (?:from|by|\()|return-path: ?<|x-originalarrivaltime:|dkim-signature:"
    r"|message-id: ?<|arc-seal:)",
    re.IGNORECASE | re.MULTILINE,
)
# An address at the head of its paragraph, as most systems print the failed recipient.
RECIPIENT = re.compile(
    r"^[ \t>*-]{0,12}(?:(?:to|recipient|for|final recipient|original recipient|address"
    r"|failed recipient|e-?mail|user|mailbox|rcpt|nomail|unknown user|user unknown"
    r"|undeliverable to|could not deliver mail to|не удалось доставить|получатель|адресат"
    r"|příjemce|odbiorca|the following address(?:es)?)\b[^\n@<]{0,40}[:\s]+)?"
    r"<?[\"']?([^\s<>@\"'(),;:\[\]]{1,128}@[^\s<>@\"'(),;:\[\]]{1,255}?)[\"']?>?[.,]?(?=[\s:(,;]"
    r"|$)",
    re.IGNORECASE | re.MULTILINE,
)
ANYWHERE = re.compile(
    r"<?([A-Za-z0-9._%+=&/'!#$*?^`{"
    r"|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62})>?"
)
SESSION = re.compile(r"^[ \t]*(?:<<<|>>>|<-|->|\.\.\. while|-----? transcript)", re.IGNORECASE)
DELAYED = re.compile(
    r"delay(?:ed)?\b|warning: message|will (?:continue to )?(?:be )?(?:retr|try|kept)"
    r"|you do not need to resend|not (?:yet )?been delivered (?:yet|after)|still trying"
    r"|no action is required|temporary",
    re.IGNORECASE,
)
DELIVERED = re.compile(
    r"(?:message|mail).{0,40}(?:was|has been|been) (?:successfully )?(?:delivered|relayed)"
    r"|successfully (?:delivered|relayed)|delivery (?:successful|receipt)|return receipt"
    r"|relayed to the following",
    re.IGNORECASE,
)
UNSUBSCRIBE = re.compile(r"sent this e-?mail to unsubscribe", re.IGNORECASE)
FEEDBACK = re.compile(
    r"abuse report|feedback report|spam (?:report|complaint)|complaint (?:about|report)"
    r"|this is an? (?:e-?mail )?abuse report|fbl\b|feedback loop|forensic report"
    r"|list-unsubscribe request",
    re.IGNORECASE,
)

# Cheap first looks: pieces of words one of which is in whatever the patterns above find.
_SENDER_STEMS = re.compile(
    r"daemon|post|mail|deliver|admin|interscan|majordomo|bounce|mta@|microsoft|complaint|smtp"
)
_SUBJECT_STEMS = re.compile(
    r"deliver|fail|return|not |n't |unable|zust|doru|niedost|nie |zwrot|достав|non |remis|échec|"
    r"no |mancata|falha|devol|onbestel|kan inte|error|unknown|loop|notif|配信|送信|mail|warning|"
    r"defer|expire|auto|abwes|out|office|vacation|holiday|leave|away|nep|mimo|dovol|nieobec|poza|"
    r"urlop|авто|отпуск|отсут|нет на|відпов|urlaub|büro|buro|abs|fuera|fuori|risposta|respuesta|"
    r"resposta|réponse|reponse|ausência|svar|abuse|feedback|spam|complaint|fbl|forensic|report"
)


def may_be_sender(named: str) -> bool:
    """Tell quickly whether a sender can be a mail system."""
    return _SENDER_STEMS.search(named.lower()) is not None and SENDER.search(named) is not None


def may_be_subject(subject: str) -> bool:
    """Tell quickly whether a subject can be a report's or an answering program's."""
    return _SUBJECT_STEMS.search(subject.lower()) is not None
