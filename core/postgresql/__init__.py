"""Django's PostgreSQL backend, with the actor bound to every transaction."""
