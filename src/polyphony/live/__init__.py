"""The open line: the event log as a stream."""
