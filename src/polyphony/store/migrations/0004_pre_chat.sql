-- Web chat: mailed codes leave by themselves; they are no Messages, so no code stands in a Case.

ALTER TABLE mailed_code
    ADD COLUMN account_id  uuid REFERENCES channel_account,   -- the mailbox that sends it
    ADD COLUMN language    text NOT NULL DEFAULT 'en',
    ADD COLUMN sealed      bytea,                             -- the code, until it has left
    ADD COLUMN state       text NOT NULL DEFAULT 'queued' CHECK (state IN
                           ('queued', 'sending', 'sent', 'uncertain', 'failed', 'expired')),
    ADD COLUMN why         text,
    ADD COLUMN not_before  timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN sends       smallint NOT NULL DEFAULT 0,
    ADD COLUMN lease_until timestamptz,
    ADD COLUMN created_at  timestamptz NOT NULL DEFAULT now();
CREATE INDEX mailed_code_due ON mailed_code (not_before) WHERE state IN ('queued', 'sending');
CREATE INDEX mailed_code_address ON mailed_code (address, created_at);
CREATE INDEX mailed_code_session ON mailed_code (session_id, created_at DESC);
CREATE INDEX chat_session_account ON chat_session (account_id, seen_at);
