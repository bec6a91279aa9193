"""1:1 sessions and other conversations, and the next steps agreed in them."""
