"""The diary: slots a tutor gives, appointments with students and what became of them, a private calendar link."""
