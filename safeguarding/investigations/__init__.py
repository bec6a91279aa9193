"""Bullying and other investigations: who is said to have done what, statements, a finding, and whether it stopped."""
