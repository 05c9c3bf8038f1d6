-- The index of all history: filled behind the log by a follower, never in the transaction of the intake.

-- One row per Message, Case and Customer. Only what never changes of them stands here besides the
-- words: whose Case it is, its department and state are joined when somebody asks, so that a right
-- that is taken away counts at once and a Case that moves needs no new entry.
CREATE TABLE search_doc (
    id    uuid PRIMARY KEY,
    at    timestamptz NOT NULL,
    words tsvector NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
-- Order by time, without visiting the rows.
CREATE INDEX search_doc_at ON search_doc (at DESC, id DESC);
-- Entries of a batch are gathered before they go into the tree; few, since every question reads them.
CREATE INDEX search_doc_words ON search_doc USING gin (words)
    WITH (fastupdate = on, gin_pending_list_limit = 512);

-- How far the index was filled with what was there before the follower: from the newest id down.
CREATE TABLE search_fill (
    kind text COLLATE "C" PRIMARY KEY CHECK (kind IN ('message', 'case', 'customer')),
    id   uuid NOT NULL DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    at   timestamptz,
    rows bigint NOT NULL DEFAULT 0,
    done boolean NOT NULL DEFAULT false
);
INSERT INTO search_fill (kind) VALUES ('message'), ('case'), ('customer');

-- What is gone is gone from the index in the same transaction.
CREATE FUNCTION search_doc_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_doc d USING gone g WHERE d.id = g.id;
    RETURN NULL;
END $$;
CREATE TRIGGER search_doc_gone AFTER DELETE ON message REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_doc_gone();
CREATE TRIGGER search_doc_gone AFTER DELETE ON case_ REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_doc_gone();
CREATE TRIGGER search_doc_gone AFTER DELETE ON customer REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION search_doc_gone();
