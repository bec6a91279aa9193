"""Students, their families, and the school calendar."""
