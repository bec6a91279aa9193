"""How long a child's file is kept, why, what holds it, and how it is destroyed: decision 0015."""
