"""The rooms of a tutor's work: groups, attendance, progress, sessions, and the desk where they meet."""
