-- Calling for help: other systems a ladder tells, what they were told, and who is on call.

CREATE TABLE hook (
    id         uuid PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    url        text NOT NULL,
    active     boolean NOT NULL DEFAULT true,
    secret     bytea,                                              -- sealed; what calls are signed with
    old_secret bytea,                                              -- sealed; signs beside the new one …
    old_until  timestamptz,                                        -- … until then
    version    bigint NOT NULL DEFAULT 1
);

-- A call is kept with its very bytes: each try sends and signs the same ones.
CREATE TABLE hook_call (
    id         uuid PRIMARY KEY,
    hook_id    uuid NOT NULL REFERENCES hook ON DELETE CASCADE,
    case_id    uuid REFERENCES case_ ON DELETE CASCADE,
    type       text COLLATE "C" NOT NULL,
    body       text NOT NULL,
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    tries      smallint NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL,                               -- sending: until when nobody else tries
    status     smallint,                                           -- of the last answer; null = none
    why        text,
    created_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE INDEX hook_call_due ON hook_call (hook_id, not_before) WHERE state IN ('queued', 'sending');
CREATE INDEX hook_call_of ON hook_call (hook_id, created_at DESC);
CREATE INDEX hook_call_failed ON hook_call (settled_at) WHERE state = 'failed';
CREATE INDEX hook_call_case ON hook_call (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE roster (
    id            uuid PRIMARY KEY,
    department_id uuid NOT NULL UNIQUE REFERENCES department ON DELETE CASCADE,
    people        uuid[] NOT NULL DEFAULT '{}',                    -- a week each, in this order
    begins        date,                                            -- when the first week begins …
    hour          smallint NOT NULL DEFAULT 8 CHECK (hour BETWEEN 0 AND 23),   -- … and weeks change
    turns         jsonb NOT NULL DEFAULT '[]',                     -- [{person, from, until}]: go before weeks
    version       bigint NOT NULL DEFAULT 1
);
