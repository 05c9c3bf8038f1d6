"""How mail systems word their plain reports: senders, subjects, where the original begins (data)."""

import re

# Who sends reports: local parts and names of mailer daemons.
SENDER = re.compile(
    r"mailer-?daemon|mail-?daemon|postmaster|poostmaster|post_master|mail delivery|mail deliver|delivery (?:sub)?system"
    r"|mail\.delivery\.system|system administrator|mail administrator|interscan|majordomo|daemon@|bounce|mta@|mail system"
    r"|microsoft outlook|microsoftexchange|delivery-?status|complaints@|smtp@|mail-?admin",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"undeliver|undelivered|not delivered|non.?deliver|delivery (?:has )?(?:failed|failure|failre|status|problem|error|notification|report|delay|incomplete)"
    r"|(?:mail|message) (?:delivery|could not|failed|failure|not|delayed|status|system error|undeliver)|failed (?:mail|delivery)|failure (?:notice|delivery|notification)|failure notice|mail failed|mail failure"
    r"|returned (?:mail|to sender|message)|returning (?:mail|message)|return(?:ed)? mail|warning: (?:message|could not|mail)|could ?n[o']t (?:be )?(?:deliver|send)|cannot (?:be )?(?:deliver|send)|unable to deliver|unzustellbar|zustellung|nedoručen|nedoruč|nelze doručit|doručení se nezdařilo|niedostarczon|nie dostarczono|zwrot|nie można dostarczyć|недоставлен|не доставлен|невозможно доставить|недоставленное|доставк|non remis|échec|no entregado|no se pudo entregar|non recapit|mancata consegna|falha na entrega|devolvid|onbestelbaar|kan inte levereras|could not be delivered|error sending your mail|user unknown|delivery.{0,20}(?:fehl|gescheitert)|loop alert|errors from|there was an error|aws notification|配信|送信|mail system error|undelivery|deferred|expired|postfix smtp server",
    re.IGNORECASE,
)
# Sentences that only reports say; one of them and an address near it make a plain text a report.
SENTENCE = re.compile(
    r"this (?:is|message was created automatically by|e-?mail was sent by) (?:the |a )?(?:mail(?: delivery)? |qmail|automatically|dragonfly|mail system|notification)"
    r"|hi\. this is the|message (?:that )?(?:you sent|could not be delivered|was not delivered|was undeliverable|has not been delivered|was automatically|delivery failed|not delivered|undeliverable)"
    r"|(?:could|can) ?n[o']t (?:be )?deliver|unable to deliver|delivery (?:to the following|has failed|failed|attempt)|did not reach|was not (?:delivered|received by)|failed (?:permanently|addresses|to deliver)|permanent (?:and fatal )?errors?|transcript of session|following address|undeliver|returned to (?:you|sender)|the following (?:recipient|address|error|destination)|i'm sorry to have to inform you|i wasn't able to deliver|sorry, (?:your message|we were unable|i)|reason (?:for|of) (?:the )?(?:failure|non)|remote host said|said:|smtp error|user unknown|over quota|mailbox (?:full|unavailable)|no such user|unrouteable|zprávu se nepodařilo doručit|nepodařilo se doručit|nebyla doručena|nie została dostarczona|nie można dostarczyć|nie udało się dostarczyć|не доставлено|не было доставлено|не может быть доставлен|невозможно доставить|konnte nicht zugestellt|nicht zugestellt|n'a pas (?:pu )?être|no se (?:ha )?pud?o? entreg|cannot be (?:sent|delivered)|error:|failure:|address(?:es)? failed|delivery status|deliver",
    re.IGNORECASE,
)
# Where the returned original begins: below it are our own words, never searched.
ORIGINAL = re.compile(
    r"^(?:[\s>*=-]{0,30}(?:below (?:this line|the next line) is (?:a|the) (?:copy|original)|this is a copy of (?:the|your) message|this is a copy of the (?:original )?(?:message|headers)|a copy of the original message|original message (?:follows|attached|headers?|text)?|unsent message (?:follows|below)|undelivered message(?: follows)?|the (?:original|undelivered|attached) message (?:follows|is attached|was|headers)?|message (?:header|headers|text|contents|body|follows|as follows|source)|header of (?:the )?(?:original|message)|headers of the original|original (?:mail|headers|message header)|received message follows|returned message|your (?:original )?message(?: (?:follows|reads))?|start of returned message|enclosed (?:is|message)|following is (?:a|the) (?:copy|original)|the first \d+ lines|beginning of (?:the )?original|mail(?:'s)? header|included is a copy|text of (?:your|the) (?:original )?message|forwarded message|here (?:is|are) (?:a copy of|the) (?:your |message )?|данное сообщение|копия (?:вашего )?сообщения|заголовки)[^\n]{0,80}[:\s=>*-]*)$"
    r"|^(?:received: (?:from|by|\()|return-path: ?<|x-originalarrivaltime:|dkim-signature:|message-id: ?<|arc-seal:)",
    re.IGNORECASE | re.MULTILINE,
)
# An address at the head of its paragraph, as most systems print the failed recipient.
RECIPIENT = re.compile(
    r"^[ \t>*-]{0,12}(?:(?:to|recipient|for|final recipient|original recipient|address|failed recipient|e-?mail|user|mailbox|rcpt|nomail|unknown user|user unknown|undeliverable to|could not deliver mail to|не удалось доставить|получатель|адресат|příjemce|odbiorca|the following address(?:es)?)\b[^\n@<]{0,40}[:\s]+)?"
    r"<?[\"']?([^\s<>@\"'(),;:\[\]]{1,128}@[^\s<>@\"'(),;:\[\]]{1,255}?)[\"']?>?[.,]?(?=[\s:(,;]|$)",
    re.IGNORECASE | re.MULTILINE,
)
ANYWHERE = re.compile(r"<?([A-Za-z0-9._%+=&/'!#$*?^`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62})>?")
SESSION = re.compile(r"^[ \t]*(?:<<<|>>>|<-|->|\.\.\. while|-----? transcript)", re.IGNORECASE)
DELAYED = re.compile(
    r"delay(?:ed)?\b|warning: message|will (?:continue to )?(?:be )?(?:retr|try|kept)|you do not need to resend|not (?:yet )?been delivered (?:yet|after)|still trying|no action is required|temporary",
    re.IGNORECASE,
)
DELIVERED = re.compile(
    r"(?:message|mail).{0,40}(?:was|has been|been) (?:successfully )?(?:delivered|relayed)|successfully (?:delivered|relayed)|delivery (?:successful|receipt)|return receipt|relayed to the following",
    re.IGNORECASE,
)
UNSUBSCRIBE = re.compile(r"sent this e-?mail to unsubscribe", re.IGNORECASE)
FEEDBACK = re.compile(
    r"abuse report|feedback report|spam (?:report|complaint)|complaint (?:about|report)|this is an? (?:e-?mail )?abuse report|fbl\b|feedback loop|forensic report|list-unsubscribe request",
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
