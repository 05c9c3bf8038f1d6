"""Short and tender forms of given names, one file per language; each line is one group."""
