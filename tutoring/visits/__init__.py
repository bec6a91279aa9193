"""Home visits: planned with a risk check, out and back in one tap each, and an alarm when nobody is back."""
