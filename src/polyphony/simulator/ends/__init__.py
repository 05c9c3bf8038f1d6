"""Far ends: what stands on the other side of a door, pretended but speaking the real protocol."""
