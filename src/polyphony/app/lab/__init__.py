"""`polyphony lab`: made-up people and the judges of matching."""
