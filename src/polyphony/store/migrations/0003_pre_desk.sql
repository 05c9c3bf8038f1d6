-- The desk: tickets of the stream, answers kept for repeats, the plain form of names for the search.

CREATE TABLE stream_ticket (
    hash       bytea PRIMARY KEY,
    principal  text COLLATE "C" NOT NULL,          -- person:<id> or chat:<session>
    session_id uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX stream_ticket_age ON stream_ticket (expires_at);

-- The secret of a second factor that has not proved itself by a first code yet; sealed.
ALTER TABLE person ADD COLUMN totp_pending bytea;

ALTER TABLE idempotency ADD COLUMN headers jsonb NOT NULL DEFAULT '{}';

-- Searched without diacritics and without case; unaccent alone is only STABLE.
CREATE FUNCTION plain(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, given))
$$;

CREATE INDEX case_title_plain ON case_ USING gin (plain(title) gin_trgm_ops);
CREATE INDEX customer_name_plain ON customer USING gin (plain(name) gin_trgm_ops);
CREATE INDEX identity_address_trgm ON identity USING gin (address gin_trgm_ops);
CREATE INDEX message_text_plain ON message USING gin (plain(left(text, 2000)) gin_trgm_ops)
    WHERE kind IN ('in', 'out');
CREATE INDEX case_last ON case_ (last_at DESC, id);
CREATE INDEX case_due ON case_ (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX delivery_repair ON delivery (message_id) WHERE state IN ('failed', 'uncertain');
CREATE INDEX work_item_queue_open ON work_item (queue_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX event_recent_type ON event (type, at) WHERE case_id IS NULL;
