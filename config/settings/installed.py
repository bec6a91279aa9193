"""Apps, middleware and templates, each in the order that counts."""

from config.settings.environment import BASE_DIR

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
    "pgtrigger",
    "pghistory",
    # Ours, from the ground up: an app may import only those above it in this list.
    "core",
    "audit",
    "accounts",
    "students",
    "tutoring.groups",
    "tutoring.events",
    "tutoring.strategies",
    "tutoring.attendance",
    "tutoring.tutorials",
    "tutoring.progress",
    "tutoring.roundrobin",
    "tutoring.conduct",
    "tutoring.sessions",
    "tutoring.diary",
    "tutoring.visits",
    "tutoring.watch",
    "tutoring.plans",
    "tutoring.interventions",
    "tutoring.handover",
    "tutoring.followup",
    "tutoring.referrals",
    "tutoring.digests",
    "tutoring.notices",
    "tutoring.desk",
    "safeguarding",
    "safeguarding.restraint",
    "safeguarding.sharing",
    "safeguarding.case",
    "safeguarding.transfer",
    "safeguarding.investigations",
    "safeguarding.retention",
    "exchange",
    "reports",
]

MIDDLEWARE = [
    # The headers first: every answer goes through them, also one that a guard below gives.
    "core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.StrangeRequestsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Outside the request's transaction, so that a refusal stays on record when the request is rolled back.
    "audit.middleware.RecordMiddleware",
    # These two stand outside of the transaction: what waits for its end still finds the request, and may say something.
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.sign_in_middleware.SignInMiddleware",
    "core.middleware.KeepTypedTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "tutoring.sessions.handed_over.HandedOverMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sign_in_middleware.ConfirmAgainMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.navigation.context",
                "accounts.demo.context",
                "accounts.second_factor.context",
                "accounts.single_sign_on.context",
                "safeguarding.offline.context",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
