"""The events of a term with their outcomes, as a file."""
