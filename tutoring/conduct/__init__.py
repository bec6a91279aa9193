"""Planner checks, and rewards and sanctions entered here."""
