"""Events of the school: open evenings, health talks, themed weeks, trips; what each was for and what came of it."""
