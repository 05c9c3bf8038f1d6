-- The matter: notices to people, followers, help, snoozes, forwarded letters, tags as suggestions.

CREATE TABLE notice (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('mention', 'followed_reply', 'sla_warning', 'delivery_failed',
                                             'help_raised', 'whisper', 'job_done', 'snooze_over')),
    case_id    uuid REFERENCES case_,
    message_id uuid REFERENCES message,
    from_name  text NOT NULL DEFAULT '',
    text       text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    read_at    timestamptz,
    version    bigint NOT NULL DEFAULT 1
);
CREATE INDEX notice_person ON notice (person_id, at DESC, id DESC);
CREATE INDEX notice_unread ON notice (person_id, kind, case_id) WHERE read_at IS NULL;
CREATE INDEX notice_at ON notice (at);
CREATE INDEX notice_case ON notice (case_id);
CREATE INDEX notice_message ON notice (message_id);

CREATE TABLE follower (
    case_id   uuid NOT NULL REFERENCES case_,
    person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    at        timestamptz NOT NULL,
    PRIMARY KEY (case_id, person_id)
);
CREATE INDEX follower_person ON follower (person_id);

-- Who put a Case aside and when it shall come back to him; gone when it has.
CREATE TABLE snooze (
    case_id   uuid PRIMARY KEY REFERENCES case_,
    person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    until     timestamptz NOT NULL,
    said      text NOT NULL DEFAULT '',                           -- the words it was asked for with
    heard     bigint NOT NULL DEFAULT 0,                          -- position of the customer's last word then
    at        timestamptz NOT NULL
);
CREATE INDEX snooze_until ON snooze (until);
CREATE INDEX snooze_person ON snooze (person_id);

-- A raised flag: {"by", "name", "text", "at"}; null when nobody asks for help.
ALTER TABLE case_ ADD COLUMN help jsonb;
CREATE INDEX case_help ON case_ (department_id) WHERE help IS NOT NULL;
CREATE INDEX case_tagged ON case_ (last_at DESC) WHERE tags <> '{}';

-- A forwarded letter is a note with a delivery of its own.
ALTER TABLE delivery DROP CONSTRAINT delivery_purpose_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_purpose_check
    CHECK (purpose IN ('reply', 'service', 'auto', 'forward'));
