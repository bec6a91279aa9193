"""People who sign in, what they do at the school, and what they therefore may do here."""
