"""Every address of the site, by app."""

from django.urls import include, path

handler500 = "core.views.server_error"

urlpatterns = [
    path("account/", include("accounts.allauth_urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("school/", include("accounts.urls")),
    path("school/", include("students.urls")),
    path("school/", include("tutoring.groups.urls")),
    path("", include("core.urls")),
    path("", include("tutoring.desk.urls")),
    path("diary/", include("tutoring.diary.urls")),
    path("watch/", include("tutoring.watch.urls")),
    path("visits/", include("tutoring.visits.urls")),
    path("digests/", include("tutoring.digests.urls")),
    path("mails/", include("tutoring.notices.urls")),
    path("sessions/", include("tutoring.sessions.urls")),
    path("interventions/", include("tutoring.interventions.urls")),
    path("strategies/", include("tutoring.strategies.urls")),
    path("plans/", include("tutoring.plans.urls")),
    path("handover/", include("tutoring.handover.urls")),
    path("followup/", include("tutoring.followup.urls")),
    path("referrals/", include("tutoring.referrals.urls")),
    path("conduct/", include("tutoring.conduct.urls")),
    path("events/", include("tutoring.events.urls")),
    path("tutorials/", include("tutoring.tutorials.urls")),
    path("attendance/", include("tutoring.attendance.urls")),
    path("asked/", include("tutoring.roundrobin.urls")),
    path("progress/", include("tutoring.progress.urls")),
    path("safeguarding/", include("safeguarding.urls")),
    path("safeguarding/case/", include("safeguarding.case.urls")),
    path("use-of-force/", include("safeguarding.restraint.urls")),
    path("safeguarding/transfer/", include("safeguarding.transfer.urls")),
    path("investigations/", include("safeguarding.investigations.urls")),
    path("safeguarding/keeping/", include("safeguarding.retention.urls")),
    path("import/", include("exchange.urls")),
    path("reports/", include("reports.urls")),
    path("record/", include("reports.record.urls")),
]
