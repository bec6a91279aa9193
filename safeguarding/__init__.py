"""Safeguarding: may know the other rooms, is known by none."""
