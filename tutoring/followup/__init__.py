"""Following up: warnings on the school’s own ladder, and alerts to a colleague who leads."""
