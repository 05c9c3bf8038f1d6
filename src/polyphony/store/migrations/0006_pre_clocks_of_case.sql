-- The targets of a Case are read with every picture of it, whatever their state.
CREATE INDEX sla_clock_case ON sla_clock (case_id);
