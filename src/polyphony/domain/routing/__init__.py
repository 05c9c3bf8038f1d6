"""Which queue, which agent, and why."""
