"""The database: the web role reads and writes rows, the owner role alone changes tables."""

from typing import Any

import pghistory

from config.settings.environment import env

# Connections a process keeps open; 0 opens one for each request, as behind PgBouncer (where it must be 0) and in tests.
_POOL_SIZE = env.int("DATABASE_POOL", default=8)


def _database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = env.db_url_config(url)
    # Ours binds the actor to each transaction: policies in the database ask who acts.
    config["ENGINE"] = "core.postgresql"
    config.setdefault("OPTIONS", {})
    return config


DATABASES = {"default": _database(env.str("DATABASE_URL"))}
DATABASES["owner"] = _database(env.str("DATABASE_OWNER_URL", default=env.str("DATABASE_URL")))
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
# After a restart of the server the first query finds a fresh connection, not a dead one.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 3}
if _POOL_SIZE:
    # Not behind somebody else's pooler: what is prepared belongs to one connection (`prepared_cursor`, decision 0010).
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 5
    # Attempts to reconnect double their waits; given up soon, the next request begins anew once the server is back.
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": _POOL_SIZE, "timeout": 3, "reconnect_timeout": 2}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and rate limits live in PostgreSQL, so that every page works while Redis is away.
CACHES = {"default": {"BACKEND": "core.cache.PlainDatabaseCache", "LOCATION": "cache"}}
SESSION_ENGINE = "accounts.session_store"  # keeps only hashes of the keys
SESSION_COOKIE_AGE = 10 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# A history's keys are not looked up from the other side, so they need no index of their own.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
