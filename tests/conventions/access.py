"""What every address asks of a person: the table the sweep walks. An address that is missing here fails the build."""

from dataclasses import dataclass
from enum import Enum, auto

from accounts.permissions import Permission as P


class Open(Enum):
    """Addresses that ask for no permission of ours."""

    ANYBODY = auto()  # answers a stranger too
    SIGNED_IN = auto()  # any member of staff, for themselves


@dataclass(frozen=True)
class Access:
    """Who may open an address, which methods do something there, and what its argument names.

    `subject` is a fixture of the sweep's world: the student everybody in the world can reach, or something of theirs.
    `empty` is the answer to a form sent without a single field, where it is not the usual form with its errors.
    """

    needs: P | Open
    subject: str = ""
    get: bool = True
    post: bool = False
    empty: int | None = None


def page(needs: P | Open, subject: str = "") -> Access:
    return Access(needs, subject)


def form(needs: P | Open, subject: str = "", empty: int | None = None) -> Access:
    return Access(needs, subject, post=True, empty=empty)


def action(needs: P | Open, subject: str = "", empty: int | None = None) -> Access:
    return Access(needs, subject, get=False, post=True, empty=empty)


TABLE: dict[str, Access] = {
    "accounts:school-settings": form(P.CHANGE_SCHOOL),
    "accounts:permission-table": page(P.USE_WAYMARK),
    "accounts:draft-save": action(Open.SIGNED_IN, "form", empty=403),  # it must say whose text it is
    "accounts:draft-discard": action(Open.SIGNED_IN),
    "accounts:staff-sign-ins": form(P.MANAGE_STAFF),
    "accounts:staff-sign-in": form(P.MANAGE_STAFF, "colleague", empty=401),
    "sign_in:step-up": form(Open.SIGNED_IN),
    "sign_in:session-list": form(Open.SIGNED_IN),
    "sign_in:invitation-accept": form(Open.ANYBODY),
    "sign_in:invitation-open": page(Open.ANYBODY, "kind"),  # any word that is no token
    "students:calendar": form(P.CHANGE_SCHOOL),
    "students:term-create": form(P.CHANGE_SCHOOL),
    "students:term-edit": form(P.CHANGE_SCHOOL, "term"),
    "students:closure-remove": action(P.CHANGE_SCHOOL, "closure"),
    "groups:staff-list": page(P.CHANGE_SCHOOL),
    "core:health": page(Open.ANYBODY),
    "core:csrf": page(Open.ANYBODY),
    "core:policy-report": action(Open.ANYBODY, empty=400),
    "core:keys": page(Open.SIGNED_IN),
    "core:accessibility": page(Open.ANYBODY),
    "desk:today": page(P.USE_WAYMARK),
    "desk:priority-order": page(P.USE_WAYMARK),
    "desk:term-clock": page(P.VIEW_TEAM_SESSION),
    "desk:find": form(P.FIND_STUDENT),
    "desk:student-list": page(P.VIEW_STUDENT),
    "desk:student-story": page(P.VIEW_STUDENT, "student"),
    "desk:student-preparation": page(P.LOG_SESSION, "student"),
    "desk:student-attendance": page(P.VIEW_ATTENDANCE, "student"),
    "desk:student-progress": page(P.VIEW_PROGRESS, "student"),
    "desk:student-behaviour": page(P.VIEW_PROGRESS, "student"),
    "desk:student-family": page(P.VIEW_FAMILY, "student"),
    "desk:student-support": page(P.VIEW_SUPPORT, "student"),
    "tutor_sessions:praise-home": form(P.PRAISE_HOME, "student", empty=409),
    "tutor_sessions:entitlement-edit": form(P.CHANGE_SCHOOL),
    "tutor_sessions:exemption-edit": form(P.EXEMPT_STUDENT, "student"),
    "tutor_sessions:together": form(P.LOG_SESSION, empty=409),
    "tutor_sessions:tag-list": page(P.CHANGE_SCHOOL),
    "tutor_sessions:tag-create": form(P.CHANGE_SCHOOL),
    "tutor_sessions:tag-edit": form(P.CHANGE_SCHOOL, "session_tag"),
    "tutor_sessions:kind-list": page(P.CHANGE_SCHOOL),
    "tutor_sessions:kind-create": form(P.CHANGE_SCHOOL),
    "tutor_sessions:kind-edit": form(P.CHANGE_SCHOOL, "session_kind"),
    "diary:week": page(P.LOG_SESSION),
    "diary:appointment-book": form(P.LOG_SESSION, "student"),
    "diary:appointment-move": form(P.LOG_SESSION, "appointment"),
    "diary:appointment-outcome": form(P.LOG_SESSION, "appointment"),
    "diary:slot-list": form(P.LOG_SESSION),
    "diary:slot-remove": action(P.LOG_SESSION, "slot"),
    "diary:term-book": form(P.LOG_SESSION),
    "diary:calendar-link": form(P.LOG_SESSION),
    "diary:calendar-feed": page(Open.ANYBODY, "calendar"),
    "tutor_sessions:session-list": page(P.LOG_SESSION),
    "tutor_sessions:session-create": form(P.LOG_SESSION, "student", empty=409),
    "tutor_sessions:session-detail": page(Open.SIGNED_IN, "session"),
    "tutor_sessions:session-update": form(P.LOG_SESSION, "session", empty=409),
    "tutor_sessions:hand-over": form(P.LOG_SESSION, "session"),
    "tutor_sessions:hand-back": page(P.LOG_SESSION),
    "tutor_sessions:agreed-copy": page(P.LOG_SESSION, "session"),
    "tutor_sessions:step-done": action(P.LOG_SESSION, "step"),
    "tutor_sessions:step-update": form(P.LOG_SESSION, "step"),
    "desk:student-plans": page(P.VIEW_PLAN, "student"),
    "plans:plan-create": form(P.MAKE_PLAN, "student", empty=409),
    "plans:plan-from-session": form(P.MAKE_PLAN, "session", empty=409),
    "plans:plan-detail": page(P.VIEW_PLAN, "plan"),
    "plans:plan-update": form(P.MAKE_PLAN, "plan", empty=409),
    "plans:plan-agree": form(P.MAKE_PLAN, "plan"),
    "plans:plan-review": form(P.MAKE_PLAN, "plan", empty=409),
    "plans:plan-close": form(P.MAKE_PLAN, "plan", empty=409),
    "desk:student-warnings": page(P.VIEW_WARNING, "student"),
    "followup:warning-create": form(P.ISSUE_WARNING, "student", empty=409),
    "followup:warning-detail": page(P.VIEW_WARNING, "warning"),
    "followup:warning-response": form(P.ISSUE_WARNING, "warning", empty=409),
    "followup:warning-appeal": form(P.ISSUE_WARNING, "warning", empty=409),
    "followup:warning-decide": form(P.DECIDE_APPEAL, "warning", empty=409),
    "followup:warning-letter": page(P.ISSUE_WARNING, "warning"),
    "desk:student-handovers": page(P.VIEW_HANDOVER, "student"),
    "handover:handover-list": page(P.WRITE_HANDOVER),
    "handover:handover-write": form(P.WRITE_HANDOVER, "student", empty=409),
    "handover:handover-detail": form(P.VIEW_HANDOVER, "handover", empty=409),
    "handover:handover-take-back": action(P.WRITE_HANDOVER, "handover"),
    "handover:handover-copy": page(P.VIEW_HANDOVER, "handover"),
    "handover:new-year": form(P.IMPORT_DATA),
    "handover:group-list": page(P.CHANGE_TUTOR),
    "handover:group-tutor": form(P.CHANGE_TUTOR, "group"),
    "digests:preview": page(P.PRAISE_HOME),
    "digests:choice": form(P.PRAISE_HOME, "home contact"),
    "digests:change": action(P.PRAISE_HOME, "home contact", empty=400),
    "visits:visit-list": page(P.USE_WAYMARK),
    "visits:visit-plan": form(P.PLAN_VISIT, "student", empty=409),
    "visits:visit-detail": page(P.USE_WAYMARK, "visit"),
    "visits:visit-move": action(P.USE_WAYMARK, "visit"),
    "visits:visit-note": action(P.USE_WAYMARK, "visit"),
    "interventions:list": page(P.USE_WAYMARK),
    "interventions:choose": page(P.RUN_INTERVENTION),
    "interventions:create": form(P.RUN_INTERVENTION, empty=409),
    "interventions:detail": page(P.USE_WAYMARK, "intervention"),
    "interventions:update": form(P.USE_WAYMARK, "intervention", empty=409),
    "interventions:add": form(P.USE_WAYMARK, "intervention"),
    "interventions:measures": form(P.USE_WAYMARK, "intervention"),
    "interventions:meeting": form(P.USE_WAYMARK, "intervention"),
    "interventions:evaluate": form(P.USE_WAYMARK, "intervention", empty=409),
    "interventions:meeting-edit": form(P.USE_WAYMARK, "intervention meeting"),
    "interventions:member-edit": form(P.USE_WAYMARK, "intervention member"),
    "followup:alert-list": page(P.LOG_SESSION),
    "followup:alert-create": form(P.LOG_SESSION, "student", empty=409),
    "followup:alert-detail": form(P.LOG_SESSION, "alert", empty=409),
    "desk:student-referrals": page(P.VIEW_REFERRAL, "student"),
    "referrals:referral-list": page(P.VIEW_REFERRAL),
    "referrals:referral-create": form(P.MAKE_REFERRAL, "student", empty=409),
    "referrals:referral-detail": form(P.VIEW_REFERRAL, "referral", empty=409),
    "referrals:referral-tap": action(P.VIEW_REFERRAL, "referral"),
    "referrals:referral-hand-over": action(P.VIEW_REFERRAL, "referral"),
    "referrals:referral-close": form(P.VIEW_REFERRAL, "referral", empty=409),
    "referrals:directory": page(P.VIEW_REFERRAL),
    "referrals:agency-list": page(P.CHANGE_SCHOOL),
    "referrals:agency-keep-usual": action(P.CHANGE_SCHOOL),
    "referrals:agency-create": form(P.CHANGE_SCHOOL),
    "referrals:agency-edit": form(P.CHANGE_SCHOOL, "agency"),
    "referrals:contact-create": form(P.CHANGE_SCHOOL, "agency"),
    "referrals:contact-edit": form(P.CHANGE_SCHOOL, "agency contact"),
    "followup:stage-list": page(P.CHANGE_SCHOOL),
    "followup:stage-create": form(P.CHANGE_SCHOOL),
    "followup:stage-edit": form(P.CHANGE_SCHOOL, "stage"),
    "conduct:entry-list": page(P.ENTER_CONDUCT),
    "conduct:entry-create": form(P.ENTER_CONDUCT),
    "conduct:entry-detail": form(P.ENTER_CONDUCT, "conduct entry"),
    "attendance:register-list": page(P.TAKE_REGISTER),
    "attendance:unexplained-list": page(P.TAKE_REGISTER),
    "attendance:register-morning": form(P.TAKE_REGISTER, "register group"),
    "attendance:register-afternoon": form(P.TAKE_REGISTER, "register group"),
    "conduct:planner-list": page(P.CHECK_PLANNERS),
    "conduct:planner-check": form(P.CHECK_PLANNERS, "planner group"),
    "conduct:planner-detail": page(P.CHECK_PLANNERS, "planner check"),
    "conduct:planner-correct": form(P.CHECK_PLANNERS, "planner check"),
    "conduct:type-list": page(P.CHANGE_SCHOOL),
    "conduct:type-create": form(P.CHANGE_SCHOOL),
    "conduct:type-edit": form(P.CHANGE_SCHOOL, "conduct type"),
    "conduct:rhythm-edit": form(P.CHANGE_SCHOOL),
    "tutorials:tutorial-list": page(P.RUN_TUTORIAL),
    "tutorials:series-create": form(P.RUN_TUTORIAL),
    "tutorials:series-edit": form(P.RUN_TUTORIAL, "tutorial"),
    "tutorials:meeting-write": form(P.RUN_TUTORIAL, "tutorial day", empty=409),
    "tutorials:meeting-detail": page(P.VIEW_TUTORIAL, "tutorial meeting"),
    "tutorials:programme": page(P.USE_WAYMARK),
    "tutorials:programme-copy": action(P.KEEP_PROGRAMME),
    "tutorials:topic-create": form(P.KEEP_PROGRAMME),
    "tutorials:topic-edit": form(P.KEEP_PROGRAMME, "topic"),
    "tutorials:coverage": page(P.VIEW_DASHBOARD),
    "reports:conduct-totals": page(P.VIEW_PROGRESS),
    "reports:conduct-export": page(P.EXPORT_CONDUCT, "kind"),
    "plans:plan-from-model": form(P.MAKE_PLAN, "model use", empty=409),
    "plans:model-list": page(P.VIEW_PLAN),
    "plans:model-choose": page(P.MAKE_PLAN, "student"),
    "plans:model-detail": page(P.VIEW_PLAN, "model"),
    "plans:model-create": form(P.MAKE_PLAN, empty=409),
    "plans:model-from-plan": form(P.MAKE_PLAN, "plan", empty=409),
    "plans:model-update": form(P.MAKE_PLAN, "model", empty=409),
    "plans:barrier-list": page(P.CHANGE_SCHOOL),
    "plans:barrier-keep": action(P.CHANGE_SCHOOL),
    "plans:barrier-create": form(P.CHANGE_SCHOOL),
    "plans:barrier-edit": form(P.CHANGE_SCHOOL, "barrier"),
    "plans:step-done": action(P.LOG_SESSION, "plan step"),
    "plans:step-update": form(P.LOG_SESSION, "plan step"),
    "reports:run-list": page(P.RUN_REPORTS),
    "reports:run-start": form(P.RUN_REPORTS),
    "reports:run-detail": page(P.RUN_REPORTS, "run"),
    "reports:run-retry": action(P.RUN_REPORTS, "run"),
    "reports:run-zip": page(P.RUN_REPORTS, "run"),
    "reports:run-print": page(P.RUN_REPORTS, "run"),
    "reports:report-file": page(P.VIEW_REPORT, "report"),
    "reports:student-reports": page(P.VIEW_REPORT, "student"),
    "reports:student-report-make": action(P.RUN_REPORTS, "student"),
    "tutor_sessions:comment-list": form(P.WRITE_COMMENT, empty=409),
    "tutor_sessions:comment-update": form(P.WRITE_COMMENT, "student", empty=409),
    "exchange:run-list": form(P.IMPORT_DATA),
    "exchange:run-detail": page(P.IMPORT_DATA, "import"),
    "exchange:run-apply": action(P.IMPORT_DATA, "import"),
    "exchange:run-discard": action(P.IMPORT_DATA, "import"),
    "exchange:run-findings": page(P.IMPORT_DATA, "import"),
    "safeguarding:raise-concern": page(Open.SIGNED_IN),
    "reports:house-dashboard": page(P.VIEW_DASHBOARD),
    "reports:student-rows": page(P.VIEW_DASHBOARD),
    "reports:needs-list": page(P.VIEW_NEEDS),
    "reports:needs-export": page(P.VIEW_NEEDS, "kind"),
    "reports:student-list": page(P.EXPORT_STUDENTS),
    "reports:student-export": page(P.EXPORT_STUDENTS, "kind"),
    "reports:student-record": page(P.EXPORT_STUDENTS, "student"),
    "reports:student-record-export": page(P.EXPORT_STUDENTS, "record"),
    "record:mine": page(P.USE_WAYMARK),
    "record:search": form(P.SEARCH_RECORD),
    "record:export": page(P.SEARCH_RECORD),
    "record:student-readers": page(P.SEARCH_RECORD, "student"),
    "roundrobin:asked-of-me": page(P.USE_WAYMARK),
    "roundrobin:ask-teachers": form(P.ASK_TEACHERS, "student"),
    "roundrobin:sheet": page(P.ASK_TEACHERS, "round"),
    "roundrobin:answer": form(P.USE_WAYMARK, "ask"),
    "roundrobin:link": form(Open.ANYBODY, "ask link"),
}

# django-allauth's own pages: their permissions are its concern, that none is missing from this list is ours.
ALLAUTH = {
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate", "account_email",
    "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "mfa_index", "mfa_authenticate", "mfa_login_webauthn", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "openid_connect_login", "openid_connect_callback", "socialaccount_connections", "socialaccount_login_cancelled",
}  # fmt: skip
