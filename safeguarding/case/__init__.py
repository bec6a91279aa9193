"""What follows a concern: who does what by when, referrals and their answers, meetings."""
