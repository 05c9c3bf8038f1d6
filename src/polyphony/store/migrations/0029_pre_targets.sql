-- no transaction
-- Promises: policies with precedence, ladders of escalation, deadlines of the law, days of rest from files.
-- Every statement may run again: a start that was cut off goes on where it stopped.

CREATE TABLE IF NOT EXISTS escalation (
    id      uuid PRIMARY KEY,
    name    text NOT NULL UNIQUE,
    steps   jsonb NOT NULL,                            -- [{"at_pct": 75, "action": "notify", "to": [{"who": "lead"}]}, …]
    version bigint NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS sla_policy (
    id            uuid PRIMARY KEY,
    name          text NOT NULL UNIQUE,
    rank          int NOT NULL DEFAULT 0,              -- among policies of one level the lower one wins
    active        boolean NOT NULL DEFAULT true,
    scope         jsonb NOT NULL DEFAULT '{}',         -- {"tiers": ["vip"], "queues": […]}; the closest key is its level
    targets       jsonb NOT NULL DEFAULT '{}',         -- {"first_response_s": 3600, "resolution_s": 86400}
    pauses        text[] COLLATE "C" NOT NULL DEFAULT '{wait_customer,wait_third_party}',
    warn_pct      smallint NOT NULL DEFAULT 75 CHECK (warn_pct BETWEEN 1 AND 99),
    on_change     text COLLATE "C" NOT NULL DEFAULT 'stricter' CHECK (on_change IN ('stricter', 'replace', 'keep')),
    calendar_id   uuid REFERENCES calendar,            -- its own hours; without them those of the queue
    escalation_id uuid REFERENCES escalation,
    version       bigint NOT NULL DEFAULT 1
);
CREATE TABLE IF NOT EXISTS deadline_template (
    id            uuid PRIMARY KEY,
    key           text COLLATE "C" NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{1,39}$'),
    name          jsonb NOT NULL DEFAULT '{}',
    rule          jsonb NOT NULL,                      -- {"unit": "days", "amount": 30, "zone": …, "country": …}
    unverified    boolean NOT NULL DEFAULT true,       -- nobody has read it in the law itself
    escalation_id uuid REFERENCES escalation,
    version       bigint NOT NULL DEFAULT 1
);

ALTER TABLE calendar ADD COLUMN IF NOT EXISTS imported jsonb NOT NULL DEFAULT '{}';   -- {"2026-12-24": "Christmas Eve"}: closed

ALTER TABLE case_
    ADD COLUMN IF NOT EXISTS sla_policy_id  uuid REFERENCES sla_policy ON DELETE SET NULL,   -- set by a person
    ADD COLUMN IF NOT EXISTS sla_reason     text,
    ADD COLUMN IF NOT EXISTS sla_by         uuid REFERENCES person,
    ADD COLUMN IF NOT EXISTS legal_template text COLLATE "C",
    ADD COLUMN IF NOT EXISTS legal_due_at   timestamptz,
    ADD COLUMN IF NOT EXISTS legal_extended boolean NOT NULL DEFAULT false;
CREATE INDEX CONCURRENTLY IF NOT EXISTS case_sla_policy ON case_ (sla_policy_id) WHERE sla_policy_id IS NOT NULL;

ALTER TABLE sla_clock
    DROP CONSTRAINT IF EXISTS sla_clock_type_check,
    ADD CONSTRAINT sla_clock_type_check CHECK (type IN ('first_response', 'next_response', 'resolution', 'acknowledge',
        'update_every', 'step', 'legal')) NOT VALID,
    ADD COLUMN IF NOT EXISTS step_id       uuid,
    ADD COLUMN IF NOT EXISTS policy_id     uuid REFERENCES sla_policy ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS level         text COLLATE "C" NOT NULL DEFAULT 'usual',   -- why this promise
    ADD COLUMN IF NOT EXISTS warn_pct      smallint NOT NULL DEFAULT 75,
    ADD COLUMN IF NOT EXISTS pauses        text[] COLLATE "C" NOT NULL DEFAULT '{wait_customer,wait_third_party}',
    ADD COLUMN IF NOT EXISTS losers        jsonb NOT NULL DEFAULT '[]',                 -- promises that fit and were not kept
    ADD COLUMN IF NOT EXISTS escalation_id uuid REFERENCES escalation ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS rung          smallint NOT NULL DEFAULT 0,                 -- the next one …
    ADD COLUMN IF NOT EXISTS round         smallint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS rung_ms       bigint,                                      -- … at so much consumed
    ADD COLUMN IF NOT EXISTS escalate_at   timestamptz;
ALTER TABLE sla_clock VALIDATE CONSTRAINT sla_clock_type_check;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('sla_clock_once') AND NOT indisvalid) THEN
        DROP INDEX sla_clock_once;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('sla_clock_escalate') AND NOT indisvalid) THEN
        DROP INDEX sla_clock_escalate;
    END IF;
END $$;
-- Two clocks of a type never run for one thing; a thing is an Interaction, a step or the Case itself.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS sla_clock_once ON sla_clock (case_id, type, interaction_id, step_id)
    NULLS NOT DISTINCT WHERE state IN ('running', 'paused', 'breached');
DROP INDEX CONCURRENTLY IF EXISTS sla_clock_live;
CREATE INDEX CONCURRENTLY IF NOT EXISTS sla_clock_escalate ON sla_clock (escalate_at) WHERE escalate_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS escalation_run (
    id         uuid NOT NULL UNIQUE,
    clock_id   uuid NOT NULL REFERENCES sla_clock ON DELETE CASCADE,
    step       smallint NOT NULL,
    round      smallint NOT NULL,
    case_id    uuid NOT NULL REFERENCES case_,
    at         timestamptz NOT NULL,
    action     text COLLATE "C" NOT NULL,
    outcome    jsonb NOT NULL DEFAULT '{}',            -- whom it told, what it moved, why it could not
    answerable boolean NOT NULL DEFAULT false,         -- somebody shall say that he has it
    ack_at     timestamptz,
    ack_by     uuid REFERENCES person,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (clock_id, step, round)                -- each step once
);
CREATE INDEX IF NOT EXISTS escalation_run_case ON escalation_run (case_id, at DESC);

ALTER TABLE notice ADD COLUMN IF NOT EXISTS urgent boolean NOT NULL DEFAULT false,    -- goes to devices at any hour
    ADD COLUMN IF NOT EXISTS run_id uuid;                                             -- the rung somebody shall answer
