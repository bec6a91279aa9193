"""Action plans made with a student: what is in the way, targets, who does what by when, reviews and the end."""
