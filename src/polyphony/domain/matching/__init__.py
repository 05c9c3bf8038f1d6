"""Who wrote? Names and addresses made comparable, keys, evidence in bits, and the verdict."""
