"""Mails to staff that say only that there is something to read, as each of them wants it."""
