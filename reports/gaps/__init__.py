"""Gaps between groups: attendance, conduct, 1:1s, plans and grades of each group beside everybody else’s."""
