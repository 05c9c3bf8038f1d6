-- One customer, many records: decisions about two records, and what became of customers by them.

-- What a record says weighs by who said it: 0 themselves, 1 somebody we trust, 2 the master system.
ALTER TABLE record ADD COLUMN IF NOT EXISTS trust smallint NOT NULL DEFAULT 0 CHECK (trust BETWEEN 0 AND 2);
CREATE INDEX record_superseded ON record (superseded_by) WHERE superseded_by IS NOT NULL;

-- A customer's id stands for one record, the one it was given for: whatever is joined or parted
-- later, the id goes where this record goes. NULL = nobody has decided anything yet: the oldest.
ALTER TABLE customer ADD COLUMN IF NOT EXISTS founder_id uuid REFERENCES record;
CREATE UNIQUE INDEX customer_founder ON customer (founder_id) WHERE founder_id IS NOT NULL;
CREATE INDEX customer_merged ON customer (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE link (
    id           uuid PRIMARY KEY,
    a            uuid NOT NULL REFERENCES record,
    b            uuid NOT NULL REFERENCES record,
    verdict      text NOT NULL CHECK (verdict IN ('same', 'different', 'relative')),
    tier         text NOT NULL CHECK (tier IN ('exact', 'verified', 'scored', 'human', 'source')),
    bits         real,
    p            real CHECK (p BETWEEN 0 AND 1),
    levels       jsonb,
    model        int,
    actor_kind   text COLLATE "C" NOT NULL,
    actor_id     uuid,
    reason       text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    revoked_at   timestamptz,
    revoked_kind text COLLATE "C",
    revoked_by   uuid,
    revoked_why  text NOT NULL DEFAULT '',
    CHECK (a <> b),
    CHECK ((revoked_at IS NULL) = (revoked_kind IS NULL))
);
-- About two records one thing is true at a time.
CREATE UNIQUE INDEX link_pair ON link (least(a, b), greatest(a, b)) WHERE revoked_at IS NULL;
CREATE INDEX link_a ON link (a);
CREATE INDEX link_b ON link (b);

CREATE TABLE customer_change (
    id         uuid PRIMARY KEY,
    epoch      int NOT NULL,
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    no         bigint GENERATED ALWAYS AS IDENTITY,
    kind       text NOT NULL CHECK (kind IN ('merge', 'split', 'create', 'erase')),
    before     jsonb NOT NULL,                                    -- live customer → its records
    after      jsonb NOT NULL,
    cause      uuid REFERENCES link,
    actor_kind text COLLATE "C" NOT NULL,
    actor_id   uuid,
    at         timestamptz NOT NULL,
    undone_by  uuid REFERENCES customer_change
);
CREATE INDEX customer_change_order ON customer_change (epoch, xid, no);
CREATE INDEX customer_change_cause ON customer_change (cause);

UPDATE role SET version = version + 1,
       rights = ARRAY(SELECT DISTINCT x COLLATE "C" FROM unnest(rights || '{merge}'::text[]) x ORDER BY 1)
 WHERE key IN ('agent', 'supervisor') AND NOT rights @> '{merge}';
