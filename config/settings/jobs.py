"""Jobs: PostgreSQL keeps the truth, Redis only rings the bell."""

from config.settings.environment import env

REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# A fresh process now and then: what a library leaks stays small. KiB; drawing reports takes about a third of it.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "audit-watch-seals": {"task": "audit.watch_seals", "schedule": 5 * 60.0},
    # The doorbell may be lost with Redis; the sweeper rings it again for work that waits.
    "reports-sweep": {"task": "reports.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "exchange-sweep": {"task": "exchange.sweep", "schedule": 5.0},
    "accounts-purge-sessions": {"task": "accounts.purge_sessions", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # What waits for the morning, or whose bell was lost.
    "messages-home": {"task": "tutor_sessions.send_home_messages", "schedule": 60.0, "options": {"expires": 60}},
    # Whoever has not come back from a home visit by the time they said.
    "visits-raise-alarms": {"task": "visits.raise_alarms", "schedule": 60.0, "options": {"expires": 60}},
    # Asking teachers and reminding them, on weekdays from 7 to 18.
    "roundrobin-send-mails": {"task": "roundrobin.send_mails", "schedule": 60.0, "options": {"expires": 60}},
    # Mails to staff, as each chose; a look at somebody whose hour has not come costs nothing.
    "notices-send": {"task": "notices.send_notices", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # The weekly mail to families, on Friday afternoon; any other hour finds nothing to do.
    "digests-send": {"task": "digests.send_family_digests", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # What was booked with somebody who no longer has the student.
    "diary-release-bookings": {"task": "diary.release_bookings", "schedule": 60 * 60.0, "options": {"expires": 60}},
    # On the first day of a school year; any other hour finds nothing to do.
    "handover-start-years": {"task": "handover.start_years", "schedule": 60 * 60.0, "options": {"expires": 60}},
    # Whom a concern is for; the bell rings at once, this is for a lost one.
    "safeguarding-send-alerts": {"task": "safeguarding.send_alerts", "schedule": 60.0, "options": {"expires": 60}},
    "safeguarding-give-keys": {"task": "safeguarding.give_keys", "schedule": 5 * 60.0, "options": {"expires": 60}},
    # What nobody reads any more finds a reader; and a role that must be filled is empty, said of no concern.
    "sharing-sweep-readers": {"task": "sharing.sweep_readers", "schedule": 60.0, "options": {"expires": 60}},
    "sharing-empty-roles": {"task": "sharing.tell_of_empty_roles", "schedule": 24 * 60 * 60.0},
    "accounts-purge-drafts": {"task": "accounts.purge_drafts", "schedule": 24 * 60 * 60.0},
}
