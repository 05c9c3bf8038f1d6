"""Which queue, which agent, and why: the decision core; pure, integer, deterministic."""
