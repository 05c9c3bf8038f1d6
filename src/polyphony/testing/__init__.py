"""For makers of channels: the contract every door must pass."""
