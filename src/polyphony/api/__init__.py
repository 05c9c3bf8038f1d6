"""The front desk: HTTP; check, call one flow, shape the answer."""
