-- The audit is sealed behind those who write it: blocks of rows in the order of the horizon, each with
-- the digest of the one before. See docs/decisions/0036.

ALTER TABLE audit ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
DO $$ BEGIN
    EXECUTE format('ALTER TABLE audit ADD COLUMN epoch int NOT NULL DEFAULT %s',
                   (SELECT max(epoch) FROM log_epoch));
END $$;
CREATE INDEX audit_order ON audit (epoch, xid, id);

CREATE TABLE audit_block (
    no      bigint PRIMARY KEY,
    epoch   int NOT NULL,                         -- place of the last row
    xid     xid8 NOT NULL,
    id      uuid NOT NULL,
    n       int NOT NULL CHECK (n > 0),
    ids     bytea NOT NULL,                       -- 16 bytes a row
    leaves  bytea NOT NULL,                       -- 32 bytes a row, in the same order
    prev    bytea NOT NULL,
    hash    bytea NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE audit_block ALTER COLUMN ids SET STORAGE EXTERNAL;
ALTER TABLE audit_block ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- A new history of the cluster: what is written now belongs to the new epoch, also in the audit.
CREATE OR REPLACE FUNCTION ensure_log_epoch(force boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE here text; line text; last log_epoch;
BEGIN
    PERFORM pg_advisory_xact_lock(7065642);
    SELECT system_identifier::text INTO here FROM pg_control_system();
    line := substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8);
    SELECT * INTO last FROM log_epoch ORDER BY epoch DESC LIMIT 1;
    IF NOT force AND last.system_identifier = here AND last.timeline = line THEN
        RETURN last.epoch;
    END IF;
    INSERT INTO log_epoch (epoch, system_identifier, timeline) VALUES (last.epoch + 1, here, line);
    EXECUTE format('ALTER TABLE event ALTER COLUMN epoch SET DEFAULT %s', last.epoch + 1);
    EXECUTE format('ALTER TABLE audit ALTER COLUMN epoch SET DEFAULT %s', last.epoch + 1);
    RETURN last.epoch + 1;
END $$;
