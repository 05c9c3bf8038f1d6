-- Lists: saved views, jobs over many Cases, and text compared without diacritics.

-- The twin of domain/fold.py and of the screens' fold.ts: taken apart, marks dropped, small letters.
CREATE FUNCTION folded(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT translate(
        replace(replace(replace(
            lower(regexp_replace(normalize(given, NFD), '[\u0300-\u036f]', '', 'g')),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        'łđøħŧıς', 'ldohtiσ')
$$;

-- A list under a name: the filter tree as it was written, whose it is, how it is sorted.
CREATE TABLE saved_view (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    sharing       text NOT NULL CHECK (sharing IN ('personal', 'team', 'shared')),
    owner_id      uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    department_id uuid REFERENCES department ON DELETE CASCADE,
    colour        text NOT NULL DEFAULT 'plain' CHECK (colour IN ('plain', 'accent', 'good', 'warn', 'bad', 'note')),
    sort          text NOT NULL DEFAULT 'due' CHECK (sort IN ('due', 'newest', 'oldest', 'priority')),
    place         int NOT NULL DEFAULT 0,
    filter        jsonb NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    CHECK ((sharing = 'team') = (department_id IS NOT NULL))
);
CREATE INDEX saved_view_owner ON saved_view (owner_id);
CREATE INDEX saved_view_department ON saved_view (department_id) WHERE department_id IS NOT NULL;

-- A change of many Cases at once: rows are written when the job is made, done in batches by the worker.
CREATE TABLE bulk_job (
    id          uuid PRIMARY KEY,
    person_id   uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    action      text NOT NULL,
    args        jsonb NOT NULL DEFAULT '{}',
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'cancelled')),
    total       int NOT NULL,
    done        int NOT NULL DEFAULT 0,
    failed      int NOT NULL DEFAULT 0,
    undo        text NOT NULL DEFAULT 'no' CHECK (undo IN ('no', 'offered', 'asked', 'done')),
    undone      int NOT NULL DEFAULT 0,
    kept        int NOT NULL DEFAULT 0,                -- rows an undo left alone: somebody had changed them
    cid         uuid,
    created_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    version     bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);
CREATE INDEX bulk_job_due ON bulk_job (created_at) WHERE state IN ('queued', 'running') OR undo = 'asked';
CREATE INDEX bulk_job_person ON bulk_job (person_id, created_at DESC);

CREATE TABLE bulk_row (
    job_id   uuid NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
    case_id  uuid NOT NULL REFERENCES case_,
    ordinal  int NOT NULL,
    state    text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed', 'undone', 'kept')),
    why      text COLLATE "C",
    was      jsonb,                                    -- the values the job found, for the undo
    became   jsonb,                                    -- and left: what has changed since is not undone
    PRIMARY KEY (job_id, case_id)
) WITH (fillfactor = 80);
CREATE INDEX bulk_row_waiting ON bulk_row (job_id, ordinal) WHERE state = 'waiting';

-- The list of what was put aside.
CREATE INDEX work_item_parked ON work_item (interaction_id) WHERE state = 'parked';
