"""The caretaker's door: commands."""
