-- no transaction
-- Steps the machine does (something is sent, something is set), and titles of steps by language.

-- Every statement may run again: a start that was cut off goes on where it stopped.

ALTER TABLE case_step
    ADD COLUMN IF NOT EXISTS titles jsonb NOT NULL DEFAULT '{}',       -- language → text; {} = one title for all
    DROP CONSTRAINT IF EXISTS case_step_kind_check,
    ADD CONSTRAINT case_step_kind_check CHECK (kind IN (
        'work', 'approval', 'wait_customer', 'wait_third_party', 'timer', 'send', 'system', 'close')) NOT VALID;
ALTER TABLE case_step VALIDATE CONSTRAINT case_step_kind_check;
