"""Referrals: whom a student was referred to, on what consent, what was shared, what came of it."""
