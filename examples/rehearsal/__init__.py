"""A rehearsal of the sealed benchmark: a host and five companies that do not exist, and yours."""
