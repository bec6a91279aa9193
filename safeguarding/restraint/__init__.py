"""Restrictive interventions: significant force, seclusion and restraint, recorded the same day; the letter home."""
