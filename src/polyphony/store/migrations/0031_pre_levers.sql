-- Levers: what those who lead change for a while without touching the set-up. A lever in force lies over the
-- rules (weight, ladder, reserve, overflow, pause, hours) or over rows (capacity, loans); its end takes it off.

CREATE TABLE lever (
    id            uuid PRIMARY KEY,
    kind          text COLLATE "C" NOT NULL CHECK (kind IN
                  ('weight', 'ladder_now', 'reserve', 'overflow', 'hours', 'pause', 'capacity', 'lend')),
    department_id uuid REFERENCES department ON DELETE CASCADE,      -- null = the house
    queue_id      uuid REFERENCES queue ON DELETE CASCADE,
    channel       text COLLATE "C",
    tier          text COLLATE "C",
    agents        uuid[] NOT NULL DEFAULT '{}',
    value         jsonb NOT NULL DEFAULT '{}',
    seconds       int NOT NULL CHECK (seconds BETWEEN 300 AND 86400),
    reason        text NOT NULL,
    by_id         uuid NOT NULL,
    second_id     uuid,                                              -- who confirmed what needs two
    asked_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    from_at       timestamptz,                                       -- null = waits for a second person
    until_at      timestamptz,
    ended_at      timestamptz,
    how           text COLLATE "C" CHECK (how IN ('undone', 'expired', 'permanent', 'withdrawn')),
    ended_by      uuid,
    before        jsonb NOT NULL DEFAULT '{}',                       -- what it lies over
    seen          jsonb,                                             -- what the preview had said
    effect        jsonb,                                             -- what was so at its end
    version       bigint NOT NULL DEFAULT 1,
    CHECK ((from_at IS NULL) = (until_at IS NULL)),
    CHECK ((ended_at IS NULL) = (how IS NULL))
);
CREATE INDEX lever_open ON lever (until_at) WHERE ended_at IS NULL;
CREATE INDEX lever_ended ON lever (ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE queue_member
    ADD COLUMN lever_id uuid REFERENCES lever;                       -- lent: goes with the lever
CREATE INDEX queue_member_lever ON queue_member (lever_id) WHERE lever_id IS NOT NULL;

-- A lever on the capacity of an agent counts instead of what is set up.
CREATE OR REPLACE FUNCTION agent_load_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.routed_units > OLD.routed_units AND NEW.routed_units > coalesce(NEW.cap_lever, NEW.cap_max) THEN
        RAISE EXCEPTION 'agent % above capacity: % of %', NEW.agent_id, NEW.routed_units,
              coalesce(NEW.cap_lever, NEW.cap_max)
              USING ERRCODE = 'check_violation', CONSTRAINT = 'agent_load_fits';
    END IF;
    RETURN NEW;
END $$;
