-- More levers: callbacks on or off, a channel that is out of order until somebody says that it is back, and
-- skills that count for agents who are lent. Hours can be opened as well as closed: that is an amount, no column.

ALTER TABLE lever DROP CONSTRAINT lever_kind_check;
ALTER TABLE lever ADD CONSTRAINT lever_kind_check CHECK (kind IN
    ('weight', 'ladder_now', 'reserve', 'overflow', 'hours', 'pause', 'capacity', 'lend', 'callback', 'outage'));

ALTER TABLE lever DROP CONSTRAINT lever_check;
ALTER TABLE lever ADD CONSTRAINT lever_check                       -- an outage in force has no end of its own
    CHECK (from_at IS NOT NULL OR until_at IS NULL),
    ADD CONSTRAINT lever_ends CHECK (from_at IS NULL OR (until_at IS NULL) = (kind = 'outage'));

CREATE TABLE lent_skill (                                           -- beside agent_skill: the higher level counts
    lever_id uuid NOT NULL REFERENCES lever ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    skill_id uuid NOT NULL REFERENCES skill ON DELETE CASCADE,
    level    smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (lever_id, agent_id, skill_id)
);
CREATE INDEX lent_skill_agent ON lent_skill (agent_id);
