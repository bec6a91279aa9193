"""Runs of the termly report: what a report says, the rows that make a run safe, and its pages."""
