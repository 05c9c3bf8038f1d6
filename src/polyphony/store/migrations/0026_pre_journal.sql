-- The journal of routing: the rules by their content, and every step of the owner with all that came in.

CREATE TABLE routing_policy (
    version          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash             bytea NOT NULL UNIQUE,                       -- of decision version and content
    decision_version int NOT NULL,
    body             bytea NOT NULL,                              -- canonical JSON, deflated
    at               timestamptz NOT NULL DEFAULT now(),
    used_at          timestamptz NOT NULL DEFAULT now()           -- last said to be in force, at least once an hour
);

-- `begin` holds the facts the state was built from, `step` what came in since; one chain of digests over all.
CREATE TABLE routing_cycle (
    at          timestamptz NOT NULL,                             -- grows with (epoch, no)
    epoch       bigint NOT NULL,
    no          bigint NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('begin', 'step')),
    policy      bigint NOT NULL,
    inputs      bytea NOT NULL,                                   -- canonical JSON, deflated
    decisions   bytea NOT NULL,
    n_inputs    int NOT NULL,
    n_decisions int NOT NULL,
    digest      bytea NOT NULL,
    PRIMARY KEY (at, epoch, no)
) PARTITION BY RANGE (at);
ALTER TABLE routing_cycle ALTER inputs SET STORAGE EXTERNAL, ALTER decisions SET STORAGE EXTERNAL;
CREATE INDEX routing_cycle_begin ON routing_cycle (at) WHERE kind = 'begin';

-- Day partitions are made ahead, and dropped when they are old, by the owner; the application may only ask for it.
CREATE FUNCTION ensure_cycle_days(first date, days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE made int := 0; d date; name text;
BEGIN
    FOR i IN 0 .. days - 1 LOOP
        d := first + i;
        name := 'routing_cycle_' || to_char(d, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF routing_cycle FOR VALUES FROM (%L) TO (%L)',
                           name, d::timestamp AT TIME ZONE 'UTC', (d + 1)::timestamp AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
SELECT ensure_cycle_days((now() AT TIME ZONE 'UTC')::date - 1, 9);
-- A row never fails for want of a partition (a stopped clock, a long sleep).
CREATE TABLE routing_cycle_rest PARTITION OF routing_cycle DEFAULT;

-- Only what is older than a week may go, whatever is asked for.
CREATE FUNCTION drop_cycle_days(before date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE gone int := 0; name text; edge date := least(before, (now() AT TIME ZONE 'UTC')::date - 7);
BEGIN
    FOR name IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = 'routing_cycle'::regclass AND c.relname ~ '^routing_cycle_\d{8}$'
                   AND c.relname < 'routing_cycle_' || to_char(edge, 'YYYYMMDD') ORDER BY 1 LOOP
        EXECUTE format('DROP TABLE %I', name);
        gone := gone + 1;
    END LOOP;
    DELETE FROM routing_cycle_rest WHERE at < edge::timestamp AT TIME ZONE 'UTC';
    RETURN gone;
END $$;

-- What the router did to an item besides offering it: relaxed, held, moved, interrupted, blocked; for whoever asks why.
CREATE TABLE work_trace (
    work_item_id uuid NOT NULL REFERENCES work_item ON DELETE CASCADE,
    at           timestamptz NOT NULL,
    code         text COLLATE "C" NOT NULL,
    facts        jsonb NOT NULL
);
CREATE INDEX work_trace_item ON work_trace (work_item_id, at);
CREATE INDEX work_trace_at ON work_trace USING brin (at);
