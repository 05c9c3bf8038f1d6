-- Who handed work on, and from where: it may be taken back for some minutes, while nobody has taken it.
CREATE TABLE handed_on (
    work_item_id uuid PRIMARY KEY REFERENCES work_item ON DELETE CASCADE,
    by_id        uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    queue_id     uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    agent_id     uuid REFERENCES agent ON DELETE CASCADE,  -- who had it in hand; null = it waited
    at           timestamptz NOT NULL
);

-- Mails that gather what somebody has not read: written, sent outside any transaction, settled.
CREATE TABLE digest (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    account_id  uuid NOT NULL REFERENCES channel_account ON DELETE CASCADE,  -- the mailbox that sends it
    address     text NOT NULL,
    language    text NOT NULL,
    subject     text NOT NULL,
    body        text,                             -- until it has left
    at          timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'failed')),
    why         text,
    not_before  timestamptz NOT NULL,
    sends       smallint NOT NULL DEFAULT 0,
    lease_until timestamptz
);
CREATE INDEX digest_due ON digest (not_before) WHERE state IN ('queued', 'sending');
CREATE INDEX digest_person ON digest (person_id, at);
CREATE INDEX digest_account ON digest (account_id);
ALTER TABLE notice ADD COLUMN digest_id uuid REFERENCES digest ON DELETE SET NULL;
CREATE INDEX notice_digest ON notice (digest_id) WHERE digest_id IS NOT NULL;
