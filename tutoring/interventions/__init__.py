"""Interventions: what several students get together for a while, how much of it each had, and what it changed."""
