-- no transaction
-- Work belongs to a Case: an Interaction, a step of a process or a callback is what asks for it.
-- Every statement may run again: a start that was cut off goes on where it stopped.

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('interaction_place') AND NOT indisvalid) THEN
        DROP INDEX interaction_place;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('work_item_case') AND NOT indisvalid) THEN
        DROP INDEX work_item_case;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('work_item_parked_case') AND NOT indisvalid) THEN
        DROP INDEX work_item_parked_case;
    END IF;
END $$;

-- What work points to, so that merge and split carry it along.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS interaction_place ON interaction (id, case_id);

-- The release before this one adds work without the Case.
CREATE OR REPLACE FUNCTION work_item_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT case_id INTO NEW.case_id FROM interaction WHERE id = NEW.interaction_id;
    RETURN NEW;
END $$;

DO $$
BEGIN
    ALTER TABLE work_item
        ADD COLUMN IF NOT EXISTS case_id         uuid,
        ADD COLUMN IF NOT EXISTS step_id         uuid,
        ADD COLUMN IF NOT EXISTS callback_id     uuid,
        ADD COLUMN IF NOT EXISTS boost_milli     int NOT NULL DEFAULT 1000 CHECK (boost_milli BETWEEN 100 AND 10000),
        ADD COLUMN IF NOT EXISTS visited         uuid[] NOT NULL DEFAULT '{}',     -- Queues it overflowed from
        ADD COLUMN IF NOT EXISTS moves           smallint NOT NULL DEFAULT 0,
        ADD COLUMN IF NOT EXISTS suspended_by    uuid,                             -- the WorkItem that interrupted it
        ADD COLUMN IF NOT EXISTS suspended_at    timestamptz,
        ADD COLUMN IF NOT EXISTS ask_back_at     timestamptz,
        ADD COLUMN IF NOT EXISTS wrap_until      timestamptz,
        ADD COLUMN IF NOT EXISTS wrap_extended   smallint NOT NULL DEFAULT 0,
        ADD COLUMN IF NOT EXISTS disposition_due boolean NOT NULL DEFAULT false,
        ADD COLUMN IF NOT EXISTS direct_require  boolean NOT NULL DEFAULT false,
        ADD COLUMN IF NOT EXISTS blocker         text COLLATE "C",
        ALTER COLUMN interaction_id DROP NOT NULL,
        DROP CONSTRAINT IF EXISTS work_item_case_fkey,
        DROP CONSTRAINT IF EXISTS work_item_place_fkey,
        DROP CONSTRAINT IF EXISTS work_item_of_interaction,
        DROP CONSTRAINT IF EXISTS work_item_of_step,
        DROP CONSTRAINT IF EXISTS work_item_of_callback,
        ADD CONSTRAINT work_item_case_fkey FOREIGN KEY (case_id) REFERENCES case_ NOT VALID,
        ADD CONSTRAINT work_item_place_fkey FOREIGN KEY (interaction_id, case_id)
            REFERENCES interaction (id, case_id) ON UPDATE CASCADE NOT VALID,  -- merge and split carry work along
        ADD CONSTRAINT work_item_of_interaction CHECK ((kind = 'interaction') = (interaction_id IS NOT NULL)) NOT VALID,
        ADD CONSTRAINT work_item_of_step CHECK ((kind = 'case_step') = (step_id IS NOT NULL)) NOT VALID,
        ADD CONSTRAINT work_item_of_callback CHECK ((kind = 'callback') = (callback_id IS NOT NULL)) NOT VALID;
    CREATE OR REPLACE TRIGGER work_item_place BEFORE INSERT ON work_item FOR EACH ROW
        WHEN (NEW.case_id IS NULL AND NEW.interaction_id IS NOT NULL) EXECUTE FUNCTION work_item_place();
    CREATE OR REPLACE TRIGGER work_item_rehoused BEFORE UPDATE OF interaction_id ON work_item FOR EACH ROW
        WHEN (NEW.interaction_id IS DISTINCT FROM OLD.interaction_id AND NEW.interaction_id IS NOT NULL)
        EXECUTE FUNCTION work_item_place();
END $$;

-- In small steps, items in the order everybody locks them in. Of an Interaction only the key is held: intake goes on,
-- and one that is changing its Case is waited for, so that what is read here is the last word.
DO $$
DECLARE
    batch uuid[];
    after uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    LOOP
        SELECT array_agg(id ORDER BY id) INTO batch FROM (
            SELECT id FROM work_item WHERE case_id IS NULL AND id > after ORDER BY id LIMIT 2000 FOR NO KEY UPDATE) x;
        EXIT WHEN batch IS NULL;
        PERFORM FROM interaction WHERE id IN (SELECT interaction_id FROM work_item WHERE id = ANY (batch))
                ORDER BY id FOR KEY SHARE;
        UPDATE work_item w SET case_id = i.case_id FROM interaction i WHERE w.id = ANY (batch) AND i.id = w.interaction_id;
        after := batch[array_upper(batch, 1)];
        COMMIT;
    END LOOP;
END $$;

CREATE INDEX CONCURRENTLY IF NOT EXISTS work_item_case ON work_item (case_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS work_item_parked_case ON work_item (case_id) WHERE state = 'parked';
DROP INDEX CONCURRENTLY IF EXISTS work_item_parked;

-- Not before: a check holds for every change of a row, and the release before goes on moving what is not filled yet.
ALTER TABLE work_item
    DROP CONSTRAINT IF EXISTS work_item_case_known,
    ADD CONSTRAINT work_item_case_known CHECK (case_id IS NOT NULL) NOT VALID;
ALTER TABLE work_item
    VALIDATE CONSTRAINT work_item_case_fkey,
    VALIDATE CONSTRAINT work_item_place_fkey,
    VALIDATE CONSTRAINT work_item_case_known,
    VALIDATE CONSTRAINT work_item_of_interaction,
    VALIDATE CONSTRAINT work_item_of_step,
    VALIDATE CONSTRAINT work_item_of_callback;
-- The check proves it, so nothing is read again; the key with the Case says what the old one said, and more.
ALTER TABLE work_item ALTER COLUMN case_id SET NOT NULL;
ALTER TABLE work_item
    DROP CONSTRAINT work_item_case_known,
    DROP CONSTRAINT IF EXISTS work_item_interaction_id_fkey;

ALTER TABLE queue_stay
    ADD COLUMN IF NOT EXISTS reason         text COLLATE "C",
    ADD COLUMN IF NOT EXISTS first_offer_at timestamptz,
    ADD COLUMN IF NOT EXISTS answered_at    timestamptz,
    ADD COLUMN IF NOT EXISTS step_at_end    smallint,
    ADD COLUMN IF NOT EXISTS x_at_end       int,                               -- thousandths of the target
    ADD COLUMN IF NOT EXISTS announced_s    int;                               -- the wait the customer was told

UPDATE role SET version = version + 1,
       rights = ARRAY(SELECT DISTINCT x COLLATE "C" FROM unnest(rights || '{boards,levers,overbook,reports}'::text[]) x
                       ORDER BY 1)
 WHERE key = 'supervisor' AND NOT rights @> '{boards,levers,overbook,reports}';

-- Kinds of notices to come: who is told what by supervisors, clocks and levers.
ALTER TABLE notice DROP CONSTRAINT IF EXISTS notice_kind_check, ADD CONSTRAINT notice_kind_check CHECK (kind IN (
    'mention', 'followed_reply', 'sla_warning', 'delivery_failed', 'help_raised', 'whisper', 'job_done', 'snooze_over',
    'presence_changed', 'return_due', 'taken_over', 'monitored', 'escalation', 'lever_confirm', 'rule_failed')) NOT VALID;
ALTER TABLE notice VALIDATE CONSTRAINT notice_kind_check;
