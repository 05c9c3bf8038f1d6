-- Policy of the core: own ladders, related queues, orderings, reserve, limits and overflow per queue; proficiency with
-- validity and evidence; kept handle times and classes. Every default is what the house did before.

ALTER TABLE queue
    ADD COLUMN ladder                   jsonb,                          -- null = the usual one
    ADD COLUMN related                  uuid[] NOT NULL DEFAULT '{}',   -- queues whose members join last
    ADD COLUMN skip_if_nobody           boolean NOT NULL DEFAULT true,
    ADD COLUMN ordering                 text NOT NULL DEFAULT 'score'
        CHECK (ordering IN ('score', 'longest_idle', 'static_priority', 'fifo')),
    ADD COLUMN reserve                  jsonb,                          -- {"agents": 5}; null = by the rule
    ADD COLUMN reserve_off_before_close_s int NOT NULL DEFAULT 0 CHECK (reserve_off_before_close_s BETWEEN 0 AND 86400),
    ADD COLUMN decline_allowed          boolean NOT NULL DEFAULT true,
    ADD COLUMN miss_limits              jsonb NOT NULL DEFAULT '{}',    -- {"chat": 2}; missing = the channel's
    ADD COLUMN miss_limit_all           smallint NOT NULL DEFAULT 3 CHECK (miss_limit_all BETWEEN 1 AND 50),
    ADD COLUMN grace_s                  int NOT NULL DEFAULT 60 CHECK (grace_s BETWEEN 0 AND 86400),
    ADD COLUMN async_kept_s             int NOT NULL DEFAULT 900 CHECK (async_kept_s BETWEEN 0 AND 86400),
    ADD COLUMN auto_ready               boolean NOT NULL DEFAULT false,
    ADD COLUMN paused                   boolean NOT NULL DEFAULT false,
    ADD COLUMN overflow_before          jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN overflow_after           jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN announce                 jsonb NOT NULL DEFAULT '{"position": true, "wait": true}',
    ADD COLUMN callback                 boolean NOT NULL DEFAULT false;

ALTER TABLE agent_skill
    ADD COLUMN valid_from date,
    ADD COLUMN valid_to   date,                                         -- the last day it counts
    ADD COLUMN source     text NOT NULL DEFAULT 'admin' CHECK (source IN ('admin', 'scim', 'test')),
    ADD COLUMN evidence   text NOT NULL DEFAULT '',
    ADD CONSTRAINT agent_skill_valid CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to);

-- How long work took in the last 28 days: of everybody (agent null) and of each agent.
CREATE TABLE handle_time (
    queue_id     uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    channel_kind text NOT NULL,
    agent_id     uuid REFERENCES agent ON DELETE CASCADE,
    sum_ms       bigint NOT NULL,
    n            int NOT NULL,
    at           timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (queue_id, channel_kind, agent_id)
);
CREATE INDEX handle_time_agent ON handle_time (agent_id) WHERE agent_id IS NOT NULL;

-- The requirement classes of the last 28 days, most frequent first.
CREATE TABLE seen_class (
    queue_id     uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    channel_kind text NOT NULL,
    requirements jsonb NOT NULL,
    n            int NOT NULL,
    at           timestamptz NOT NULL
);
CREATE INDEX seen_class_n ON seen_class (n DESC);
CREATE INDEX seen_class_queue ON seen_class (queue_id);
