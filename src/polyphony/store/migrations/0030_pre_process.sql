-- no transaction
-- Kinds of Cases, their processes, the steps of a running one; event rules and how far they have read.

-- Every statement may run again: a start that was cut off goes on where it stopped.

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('work_item_step') AND NOT indisvalid) THEN
        DROP INDEX work_item_step;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('case_of_kind') AND NOT indisvalid) THEN
        DROP INDEX case_of_kind;
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS case_kind (
    id            uuid PRIMARY KEY,
    key           text COLLATE "C" NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    name          jsonb NOT NULL DEFAULT '{}',                      -- language → text
    department_id uuid REFERENCES department,                      -- null = of the whole house
    complaint     boolean NOT NULL DEFAULT false,
    deadline      text COLLATE "C",                                -- key of a template of a legal deadline
    visibility    text CHECK (visibility IN ('open', 'sealed')),   -- null = as the department's
    version       bigint NOT NULL DEFAULT 1
);

-- What is published never changes; a running Case keeps what it began with.
CREATE TABLE IF NOT EXISTS process (
    id           uuid PRIMARY KEY,
    kind_id      uuid NOT NULL REFERENCES case_kind ON DELETE CASCADE,
    no           int NOT NULL,
    state        text NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
    steps        jsonb NOT NULL,
    by_id        uuid REFERENCES person,
    at           timestamptz NOT NULL,
    published_at timestamptz,
    version      bigint NOT NULL DEFAULT 1,
    UNIQUE (kind_id, no)
);
CREATE UNIQUE INDEX IF NOT EXISTS process_draft ON process (kind_id) WHERE state = 'draft';
CREATE UNIQUE INDEX IF NOT EXISTS process_published ON process (kind_id) WHERE state = 'published';

ALTER TABLE case_
    ADD COLUMN IF NOT EXISTS kind_id uuid,
    DROP CONSTRAINT IF EXISTS case_kind_fkey,
    ADD CONSTRAINT case_kind_fkey FOREIGN KEY (kind_id) REFERENCES case_kind NOT VALID;
ALTER TABLE case_ VALIDATE CONSTRAINT case_kind_fkey;
CREATE INDEX CONCURRENTLY IF NOT EXISTS case_of_kind ON case_ (kind_id) WHERE kind_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS case_step (
    id           uuid PRIMARY KEY,
    case_id      uuid NOT NULL REFERENCES case_,
    came_case_id uuid REFERENCES case_,                            -- the Case it came from by a merge
    run_id       uuid NOT NULL,                                    -- the steps of one process under way
    process_id   uuid NOT NULL REFERENCES process,
    key          text COLLATE "C" NOT NULL,
    title        text NOT NULL,
    kind         text NOT NULL CHECK (kind IN
                 ('work', 'approval', 'wait_customer', 'wait_third_party', 'timer', 'close')),
    state        text NOT NULL DEFAULT 'todo' CHECK (state IN
                 ('todo', 'active', 'waiting', 'done', 'waived', 'rejected')),
    state_since  timestamptz NOT NULL,
    why          text NOT NULL DEFAULT '',
    reason       text NOT NULL DEFAULT '',                         -- a person's words: why rejected, waived, reopened
    position     smallint NOT NULL,
    group_key    text NOT NULL DEFAULT '',
    queue_id     uuid REFERENCES queue,
    requirements jsonb NOT NULL DEFAULT '[]',
    target_s     int,                                              -- of working time; null = the Queue's
    approvals    smallint NOT NULL DEFAULT 1,
    approved     uuid[] NOT NULL DEFAULT '{}',
    checklist    jsonb NOT NULL DEFAULT '[]',                      -- [{key, title, by, at}]
    form         jsonb NOT NULL DEFAULT '[]',
    answers      jsonb NOT NULL DEFAULT '{}',
    rounds       smallint NOT NULL DEFAULT 0,
    owner_id     uuid REFERENCES person,                           -- who worked on it last
    due_at       timestamptz,
    done_by      uuid REFERENCES person,
    done_at      timestamptz,
    version      bigint NOT NULL DEFAULT 1,
    UNIQUE (run_id, key)
);
CREATE INDEX IF NOT EXISTS case_step_case ON case_step (case_id);
CREATE INDEX IF NOT EXISTS case_step_came ON case_step (came_case_id) WHERE came_case_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS case_step_process ON case_step (process_id);
CREATE INDEX IF NOT EXISTS case_step_due ON case_step (due_at) WHERE state = 'waiting' AND due_at IS NOT NULL;

-- One live WorkItem of a step at most.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS work_item_step ON work_item (step_id)
    WHERE step_id IS NOT NULL AND state NOT IN ('done', 'cancelled');
ALTER TABLE work_item
    DROP CONSTRAINT IF EXISTS work_item_step_fkey,
    ADD CONSTRAINT work_item_step_fkey FOREIGN KEY (step_id) REFERENCES case_step NOT VALID;
ALTER TABLE work_item VALIDATE CONSTRAINT work_item_step_fkey;

CREATE TABLE IF NOT EXISTS event_rule_set (
    version     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rules       jsonb NOT NULL,
    active_from timestamptz NOT NULL DEFAULT now(),
    by          uuid REFERENCES person
);

-- Each (rule, event) once; ``cid`` marks what the actions caused, ``depth`` how far from a person.
CREATE TABLE IF NOT EXISTS event_rule_run (
    rule     text COLLATE "C" NOT NULL,
    event_id bigint NOT NULL,
    epoch    int NOT NULL,
    at       timestamptz NOT NULL,
    case_id  uuid,
    cid      uuid NOT NULL,
    depth    smallint NOT NULL,
    outcome  text COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'error', 'loop', 'nothing')),
    detail   text NOT NULL DEFAULT '',
    PRIMARY KEY (rule, event_id, epoch)
);
CREATE INDEX IF NOT EXISTS event_rule_run_cid ON event_rule_run (cid);
CREATE INDEX IF NOT EXISTS event_rule_run_at ON event_rule_run (rule, at DESC);
CREATE TABLE IF NOT EXISTS event_rule_off (
    rule    text COLLATE "C" PRIMARY KEY,
    off_at  timestamptz NOT NULL,
    version bigint NOT NULL,
    detail  text NOT NULL DEFAULT ''
);

-- How far a durable reader of the log has come.
CREATE TABLE IF NOT EXISTS reader_place (
    name  text COLLATE "C" PRIMARY KEY,
    epoch int NOT NULL,
    xid   bigint NOT NULL,
    id    bigint NOT NULL,
    at    timestamptz NOT NULL
);
