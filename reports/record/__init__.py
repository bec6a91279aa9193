"""Reading the record: one's own lines, the search for the few who may, and who has opened a student's page."""
