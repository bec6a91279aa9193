"""Use of force in figures, for governors, the headteacher and the safeguarding leads."""
