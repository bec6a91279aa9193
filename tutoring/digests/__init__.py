"""A mail a week to families who choose it: what went well first, and nothing that a stranger should not read."""
