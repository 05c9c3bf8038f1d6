-- Alerts: what needs those who lead, raised by the router, by thresholds of boards, by ladders and by looking.

CREATE TABLE alert (
    id            uuid PRIMARY KEY,
    kind          text COLLATE "C" NOT NULL,
    key           text COLLATE "C" NOT NULL,                          -- what it is about: one at a time of each
    department_id uuid NOT NULL REFERENCES department ON DELETE CASCADE,
    queue_id      uuid REFERENCES queue ON DELETE CASCADE,
    agent_id      uuid REFERENCES agent ON DELETE CASCADE,
    work_item_id  uuid REFERENCES work_item ON DELETE CASCADE,
    case_id       uuid REFERENCES case_ ON DELETE CASCADE,
    run_id        uuid REFERENCES escalation_run (id) ON DELETE SET NULL,
    facts         jsonb NOT NULL DEFAULT '{}',
    at            timestamptz NOT NULL,
    settled_at    timestamptz,                                        -- somebody took care of it
    settled_by    uuid REFERENCES person ON DELETE SET NULL,
    gone_at       timestamptz,                                        -- it is so no longer
    version       bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);
-- Settled by hand it stays one and the same until what it is about is over: it is not raised again meanwhile.
CREATE UNIQUE INDEX alert_now ON alert (kind, key) WHERE gone_at IS NULL;
CREATE INDEX escalation_run_open ON escalation_run (clock_id) WHERE answerable AND ack_at IS NULL;
CREATE INDEX alert_department ON alert (department_id, at DESC);

-- Kinds of notices of those who lead: alerts; work taken over; a supervisor who reads along.
ALTER TABLE notice DROP CONSTRAINT IF EXISTS notice_kind_check, ADD CONSTRAINT notice_kind_check CHECK (kind IN (
    'mention', 'followed_reply', 'sla_warning', 'delivery_failed', 'help_raised', 'whisper', 'job_done', 'snooze_over',
    'presence_changed', 'return_due', 'taken_over', 'monitored', 'escalation', 'lever_confirm', 'rule_failed',
    'alert')) NOT VALID;
ALTER TABLE notice VALIDATE CONSTRAINT notice_kind_check;
