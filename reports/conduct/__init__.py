"""Totals and trends of rewards and sanctions, on screen and as a file."""
