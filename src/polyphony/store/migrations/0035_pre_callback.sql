-- no transaction
-- Callbacks: people who want to be called or written to instead of waiting, and what was tried.

-- Every statement may run again: a start that was cut off goes on where it stopped.

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('work_item_callback') AND NOT indisvalid) THEN
        DROP INDEX work_item_callback;
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS callback (
    id             uuid PRIMARY KEY,
    interaction_id uuid NOT NULL REFERENCES interaction,            -- the chat it was asked for in; its Case is the Case
    record_id      uuid NOT NULL REFERENCES record,
    queue_id       uuid NOT NULL REFERENCES queue,                  -- where it was asked for
    way            text NOT NULL CHECK (way IN ('phone', 'chat', 'email')),
    address        text NOT NULL DEFAULT '',                        -- the number, the mail address
    language       text NOT NULL DEFAULT '',
    reason         text NOT NULL DEFAULT '',
    window_from    timestamptz,                                     -- null = as soon as it is his turn
    window_to      timestamptz,
    asked_at       timestamptz NOT NULL,
    place_since    timestamptz NOT NULL,                            -- since when he waits: his place is kept
    attempts       smallint NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 3),
    expires_at     timestamptz NOT NULL,
    state          text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'expired', 'withdrawn')),
    state_since    timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1
);
-- One live request per customer and Queue, one per number and Queue.
CREATE UNIQUE INDEX IF NOT EXISTS callback_live ON callback (record_id, queue_id) WHERE state = 'open';
CREATE UNIQUE INDEX IF NOT EXISTS callback_live_address ON callback (way, address, queue_id)
    WHERE state = 'open' AND address <> '';
CREATE INDEX IF NOT EXISTS callback_asked ON callback (record_id, asked_at);
CREATE INDEX IF NOT EXISTS callback_chat ON callback (interaction_id);

CREATE TABLE IF NOT EXISTS callback_attempt (
    callback_id uuid NOT NULL REFERENCES callback ON DELETE CASCADE,
    no          smallint NOT NULL CHECK (no BETWEEN 1 AND 3),
    agent_id    uuid NOT NULL REFERENCES person,
    at          timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('reached', 'busy', 'no_answer', 'wrong_number')),
    PRIMARY KEY (callback_id, no)
);

-- One live WorkItem of a callback at most.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS work_item_callback ON work_item (callback_id)
    WHERE callback_id IS NOT NULL AND state NOT IN ('done', 'cancelled');
ALTER TABLE work_item
    DROP CONSTRAINT IF EXISTS work_item_callback_fkey,
    ADD CONSTRAINT work_item_callback_fkey FOREIGN KEY (callback_id) REFERENCES callback NOT VALID;
ALTER TABLE work_item VALIDATE CONSTRAINT work_item_callback_fkey;
