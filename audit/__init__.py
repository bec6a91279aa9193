"""Who did what: append-only events, no foreign keys, so that nothing is lost with what it names."""
