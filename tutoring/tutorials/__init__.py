"""The weekly tutorial of a tutor group: the school's programme by week, what was covered, and who was there."""
