"""What stands on the record, in words a person uses; the kinds by which it is searched."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import TextChoices

from accounts.models import School
from tutoring.sessions.enums import Kind as SessionKind


class Kind(TextChoices):
    """What one looks for."""

    OPENED = "opened", "Opened or read"
    TAKEN = "taken", "Exported or downloaded"
    WRITTEN = "written", "Written or changed"
    SIGN_IN = "sign_in", "Signing in"
    REFUSED = "refused", "Refused"


_O, _T, _W, _S, _R = Kind.OPENED, Kind.TAKEN, Kind.WRITTEN, Kind.SIGN_IN, Kind.REFUSED
ACTIONS: dict[str, tuple[Kind, str]] = {
    "student.opened": (_O, "opened a student’s page"),
    "session.opened": (_O, "opened a 1:1"),
    "session.read": (_O, "read a 1:1 kept for named people"),
    "record.opened": (_O, "opened a student’s whole record"),
    "record.searched": (_O, "searched this record"),
    "export.made": (_T, "exported a list or record"),
    "reports.downloaded": (_T, "downloaded termly reports"),
    "import.findings_downloaded": (_T, "downloaded an import’s findings"),
    "session.logged": (_W, "logged a session"),
    "session.changed": (_W, "changed a session"),
    "agreement.answered": (_W, "had a student answer what was agreed"),
    "reflection.kept": (_W, "had a student write before a 1:1"),
    "reflection.opened": (_O, "opened what a student wrote before 1:1s"),
    "agreement.copied": (_T, "made a copy of what was agreed"),
    "home.praised": (_W, "wrote a message of praise home"),
    "home.urgent": (_W, "wrote an urgent message home"),
    "home_message.sent": (_T, "sent a message home"),
    "home_message.failed": (_W, "could not send a message home"),
    "step.done": (_W, "ticked a step off"),
    "step.reopened": (_W, "opened a step again"),
    "step.changed": (_W, "changed a step"),
    "appointment.booked": (_W, "booked an appointment"),
    "appointment.moved": (_W, "moved an appointment"),
    "appointment.held": (_W, "marked an appointment as held"),
    "appointment.missed": (_W, "marked an appointment as missed"),
    "appointment.refused": (_W, "marked an appointment as refused"),
    "appointment.cancelled": (_W, "cancelled an appointment"),
    "appointment.removed": (_W, "took back that something was missed or refused"),
    "appointment.reopened": (_W, "took an appointment’s outcome back"),
    "slot.added": (_W, "gave a time of the week"),
    "slot.removed": (_W, "took a time of the week back"),
    "calendar_link.made": (_W, "made a private calendar link"),
    "calendar_link.removed": (_W, "switched a private calendar link off"),
    "file.raised": (_W, "raised a safeguarding concern"),
    "file.opened": (_O, "opened the safeguarding file"),
    "file.searched": (_O, "searched the safeguarding file"),
    "file.taken": (_T, "took a child’s chronology away"),
    "file.attachment_taken": (_T, "took a file that came with a concern away"),
    "file.listed": (_O, "looked through the safeguarding desk"),
    "file.written": (_W, "wrote on the safeguarding file"),
    "file.received": (_W, "took a concern in hand"),
    "file.levelled": (_W, "said how soon a concern is seen to"),
    "file.given": (_W, "gave a concern to a colleague"),
    "file.told": (_W, "told whoever raised a concern"),
    "file.linked": (_W, "linked a child to a concern"),
    "file.transfer_begun": (_W, "began to send a child’s file on"),
    "file.transfer_where": (_W, "said where a child’s file goes"),
    "file.packed": (_T, "took a child’s whole file away, sealed"),
    "file.transfer_sent": (_W, "sent a child’s file on"),
    "file.transfer_received": (_W, "noted that a child’s file came where it went"),
    "file.transfer_chased": (_W, "asked after a child’s file that was sent on"),
    "file.transfer_copy": (_W, "said whether a copy of a child’s file is kept"),
    "file.transfer_reopened": (_W, "opened a child’s file that was sent on again"),
    "file.transfer_stays": (_W, "said that a child’s file stays here"),
    "file.held": (_W, "put a hold on a child’s file"),
    "file.hold_lifted": (_W, "lifted a hold on a child’s file"),
    "file.retention_changed": (_W, "changed how long records of the safeguarding file are kept"),
    "file.reviewed": (_W, "reviewed how long a child’s file is kept"),
    "file.destruction_refused": (_W, "refused or took back that a child’s file is destroyed"),
    "file.destroyed": (_W, "approved that a child’s file is destroyed, which was done"),
    "file.certificate_taken": (_T, "took the certificate of a destruction away"),
    "file.kept_from": (_W, "kept a colleague from a concern or a child’s file"),
    "file.lead_kept_from": (_W, "kept whoever leads on safeguarding from something"),
    "file.kept_decided": (_W, "answered whether whoever leads on safeguarding is kept from something"),
    "file.cover_confirmed": (_W, "confirmed in writing who stands in for a safeguarding lead"),
    "file.glass_broken": (_O, "broke the glass of a child’s file"),
    "file.glass_looked": (_O, "looked who broke the glass of a child’s file"),
    "file.glass_seen": (_W, "said that they know whose glass was broken"),
    "file.line_published": (_W, "published a line to staff about a student"),
    "file.line_withdrawn": (_W, "withdrew a line to staff"),
    "file.handovers_answered": (_W, "answered whether the next tutors need to know something"),
    "file.line_opened": (_O, "opened a line that staff need to know"),
    "file.line_understood": (_W, "said that a line was read and understood"),
    "file.standing_written": (_W, "wrote down where a child stands with the authority"),
    "file.register_taken": (_T, "took the list of vulnerable children away"),
    "file.kept_from_ended": (_W, "let a colleague read a concern or a child’s file again"),
    "force.recorded": (_W, "recorded a use of force, seclusion or restraint"),
    "file.force_opened": (_O, "opened the record of a use of force"),
    "file.force_added": (_W, "added to the record of a use of force"),
    "file.force_letter": (_W, "wrote the letter home about a use of force"),
    "file.force_taken": (_T, "took the letter home about a use of force"),
    "file.force_told": (_W, "noted that parents have the letter about a use of force"),
    "file.force_excused": (_W, "decided that parents are not told of a use of force"),
    "file.force_staff": (_W, "noted a talk with staff after a use of force"),
    "file.force_pupil": (_W, "noted a talk with the pupil after a use of force"),
    "file.force_plan": (_W, "noted that a plan was looked at after a use of force"),
    "file.force_reviewed": (_W, "reviewed a use of force"),
    "file.investigation_begun": (_W, "opened an investigation"),
    "file.investigation_opened": (_O, "read an investigation"),
    "file.investigation_named": (_W, "named somebody in an investigation"),
    "file.investigation_added": (_W, "added to an investigation"),
    "file.investigation_evidence": (_W, "noted evidence in an investigation"),
    "file.investigation_asked": (_W, "asked for a statement"),
    "file.investigation_let_go": (_W, "noted that a statement will not come"),
    "file.statement_written": (_W, "wrote or took down a statement"),
    "file.investigation_finding": (_W, "wrote what an investigation found"),
    "file.investigation_followed": (_W, "noted whether it stopped after an investigation"),
    "file.investigation_dropped": (_W, "left a follow-up of an investigation out"),
    "file.investigation_closed": (_W, "closed an investigation"),
    "file.investigation_reopened": (_W, "opened an investigation again"),
    "file.investigation_action": (_W, "noted what was done in an investigation"),
    "plan.opened": (_O, "opened an action plan"),
    "plan.made": (_W, "made an action plan"),
    "plan.changed": (_W, "changed an action plan"),
    "plan.agreed": (_W, "recorded who agreed to an action plan"),
    "plan.reviewed": (_W, "reviewed an action plan"),
    "plan.closed": (_W, "closed an action plan"),
    "model_plan.saved": (_W, "saved a model plan"),
    "barriers.kept": (_W, "made the list of barriers the school’s own"),
    "barrier.saved": (_W, "saved a barrier"),
    "plan_step.done": (_W, "ticked a step of a plan off"),
    "plan_step.agreed": (_W, "said that they do a step of a plan"),
    "plan_step.reopened": (_W, "opened a step of a plan again"),
    "plan_step.changed": (_W, "changed a step of a plan"),
    "warning.opened": (_O, "opened a warning"),
    "warning.issued": (_W, "issued a warning"),
    "warning.answered": (_W, "recorded what a student says to a warning"),
    "warning.appealed": (_W, "recorded an appeal against a warning"),
    "warning.decided": (_W, "decided an appeal against a warning"),
    "warning.letter": (_T, "made the letter of a warning"),
    "handover.opened": (_O, "opened a handover"),
    "handover.begun": (_W, "began a handover"),
    "handover.changed": (_W, "changed a handover"),
    "handover.given": (_W, "handed a student over"),
    "handover.taken_back": (_W, "took a handover back"),
    "handover.acknowledged": (_W, "acknowledged a handover"),
    "handover.copied": (_T, "made a copy of a handover"),
    "rollover.begun": (_W, "began a preview of the next school year"),
    "rollover.done": (_W, "moved the school into the next year"),
    "rollover.undone": (_W, "undid the move into the next year"),
    "rollover.started": (_W, "began the new school year"),
    "tutor.changed": (_W, "changed who has a group"),
    "role.given": (_W, "gave a colleague a role"),
    "role.ended": (_W, "ended a colleague’s role"),
    "line.named": (_W, "named a colleague’s line manager"),
    "line.ended": (_W, "said until when somebody manages a colleague"),
    "line.removed": (_W, "took a line manager off a colleague’s list"),
    "caseload.given": (_W, "gave a colleague a single student"),
    "caseload.ended": (_W, "said until when a colleague has a single student"),
    "caseload.removed": (_W, "took a single student off a colleague’s list"),
    "cover.arranged": (_W, "arranged who stands in for a colleague"),
    "cover.ended": (_W, "ended that somebody stands in for a colleague"),
    "alert.opened": (_O, "opened an alert"),
    "alert.raised": (_W, "alerted a colleague"),
    "alert.answered": (_W, "answered an alert"),
    "ask.sent": (_W, "asked a student’s teachers"),
    "ask.answered": (_W, "answered what was asked of a student"),
    "ask.opened": (_O, "opened what teachers answered"),
    "mails.chosen": (_W, "chose how mails to them come"),
    "digest.chosen": (_W, "recorded whether somebody at home gets the weekly mail"),
    "digest.stopped": (_W, "stopped their weekly mail by the link in it"),
    "digest.held": (_W, "held a weekly mail home back"),
    "digest.released": (_W, "let a weekly mail home go again"),
    "digest.changed": (_W, "left a line of a weekly mail home out, or put it back"),
    "digest.sent": (_T, "sent a weekly mail home"),
    "digest.empty": (_W, "sent no weekly mail home: there was nothing good to tell"),
    "digest.failed": (_W, "could not send a weekly mail home"),
    "habit.noted": (_W, "noted whether a habit of a plan was kept"),
    "watch.begun": (_W, "began to watch over a student"),
    "watch.looked": (_W, "noted a look at a student watched over"),
    "watch.changed": (_W, "changed a watch over a student"),
    "watch.ended": (_W, "ended a watch over a student"),
    "watch.opened": (_O, "opened who watches over a student"),
    "strategy.written": (_W, "wrote a card of what helps"),
    "strategy.still_true": (_W, "left a card of what helps standing"),
    "strategy.put_away": (_W, "put a card of what helps away"),
    "strategy.sheet_opened": (_O, "opened the page of what helps"),
    "own_words.written": (_W, "wrote a student’s own words with them"),
    "handling.opened": (_O, "opened a handling plan"),
    "handling.written": (_W, "wrote a version of a handling plan"),
    "handling.ended": (_W, "ended a handling plan"),
    "handling.agreed": (_W, "noted who agreed to a handling plan"),
    "school_event.saved": (_W, "added or changed an event of the school"),
    "school_event.told": (_W, "wrote what came of an event"),
    "visit.opened": (_O, "opened a home visit"),
    "visit.planned": (_W, "planned a home visit"),
    "visit.out": (_W, "left for a home visit"),
    "visit.back": (_W, "came back from a home visit"),
    "visit.noted": (_W, "noted whether the child was seen on a home visit"),
    "visit.cancelled": (_W, "cancelled a home visit"),
    "visit.alarm": (_W, "told colleagues that a home visit is past its time"),
    "intervention.opened": (_O, "opened an intervention"),
    "intervention.made": (_W, "set up an intervention"),
    "intervention.changed": (_W, "changed an intervention"),
    "intervention.student_added": (_W, "took a student into an intervention"),
    "intervention.student_changed": (_W, "changed a student’s days in an intervention"),
    "intervention.measured": (_W, "wrote entry and exit of an intervention"),
    "intervention.met": (_W, "logged a meeting of an intervention"),
    "intervention.meeting_corrected": (_W, "put a meeting of an intervention right"),
    "intervention.evaluated": (_W, "evaluated an intervention"),
    "referral.opened": (_O, "opened a referral"),
    "referral.told": (_O, "read about referrals on a student’s story"),
    "referral.made": (_W, "referred a student"),
    "referral.noted": (_W, "added to the history of a referral"),
    "referral.handed": (_W, "handed a referral over to another key person"),
    "person_around.saved": (_W, "kept somebody around a student"),
    "mentoring.begun": (_W, "named a student’s mentor"),
    "mentoring.changed": (_W, "changed what a mentoring is for"),
    "mentoring.ended": (_W, "ended a mentoring"),
    "key_person.named": (_W, "named a student’s key person"),
    "meeting.recorded": (_W, "wrote a meeting up"),
    "meeting.changed": (_W, "changed the record of a meeting"),
    "meeting.moved": (_W, "moved the next meeting"),
    "referral.closed": (_W, "closed a referral"),
    "agencies.kept": (_W, "began the directory of agencies with the usual list"),
    "agency.saved": (_W, "saved an agency of the directory"),
    "agency_contact.saved": (_W, "saved a person of the directory"),
    "warning_stage.saved": (_W, "saved a stage of the ladder of warnings"),
    "register.taken": (_W, "took a group’s register"),
    "register.corrected": (_W, "corrected a group’s register"),
    "planners.checked": (_W, "checked a group’s planners"),
    "planners.corrected": (_W, "corrected a planner check"),
    "planner_rhythm.saved": (_W, "said how often planners are checked"),
    "tutorial.written": (_W, "wrote up a group tutorial"),
    "tutorial.corrected": (_W, "corrected a group tutorial"),
    "tutorial_series.saved": (_W, "saved a group’s weekly tutorial"),
    "tutorial_series.removed": (_W, "took away a weekly tutorial that never met"),
    "tutorial_topic.saved": (_W, "saved a topic of the tutorial programme"),
    "tutorial_topic.removed": (_W, "took a topic out of the tutorial programme"),
    "tutorial_topics.copied": (_W, "copied the tutorial programme of the year before"),
    "conduct.entered": (_W, "entered a reward or sanction"),
    "conduct.followed_up": (_W, "followed a reward or sanction up"),
    "conduct.withdrawn": (_W, "withdrew a reward or sanction"),
    "conduct_type.saved": (_W, "saved a reward or sanction of the school’s list"),
    "comments.saved": (_W, "saved comments for the term"),
    "school.changed": (_W, "changed the school’s settings"),
    "term.saved": (_W, "saved a term"),
    "reflection_sheet.saved": (_W, "changed what students write before a 1:1"),
    "entitlement.saved": (_W, "said what each student is promised"),
    "student.exempted": (_W, "left a student out of what each is promised"),
    "student.entitled": (_W, "took a student back into what each is promised"),
    "session_tag.saved": (_W, "changed the school’s tags"),
    "session_kind.saved": (_W, "saved a kind of session"),
    "terms.proposed": (_W, "proposed terms from the marks"),
    "closure.added": (_W, "added a closed day"),
    "closure.removed": (_W, "took a closed day out"),
    "import.uploaded": (_W, "sent files to import"),
    "import.asked": (_W, "asked for an import"),
    "import.applied": (_W, "imported the school’s data"),
    "import.discarded": (_W, "gave an import up"),
    "import.failed": (_W, "an import failed"),
    "reports.started": (_W, "had reports made"),
    "reports.finished": (_W, "finished making reports"),
    "reports.retried": (_W, "had failed reports made again"),
    "invitation.sent": (_W, "invited somebody"),
    "account.switched_on": (_W, "switched an account on"),
    "account.switched_off": (_W, "switched an account off"),
    "sign_in.succeeded": (_S, "signed in"),
    "sign_in.failed": (_S, "did not get in"),
    "sign_in.ended": (_S, "signed out"),
    "sign_in.locked": (_S, "was locked out after wrong passwords"),
    "invitation.accepted": (_S, "accepted an invitation"),
    "session.ended": (_S, "was signed out elsewhere"),
    "password.changed": (_S, "changed the password"),
    "password.set": (_S, "set a password"),
    "password.reset_asked": (_S, "asked for a new password"),
    "password.reset": (_S, "reset the password"),
    "factor.added": (_S, "added a second factor"),
    "factor.removed": (_S, "removed a second factor"),
    "factor.renewed": (_S, "renewed recovery codes"),
    "factor.used": (_S, "used a second factor"),
    "factor.refused": (_S, "gave a wrong second factor"),
    "single_sign_on.refused": (_S, "was turned away at single sign-on"),
    "step_up.passed": (_S, "proved again who they are"),
    "single_sign_on.linked": (_S, "linked single sign-on"),
    "single_sign_on.unlinked": (_S, "unlinked single sign-on"),
    "file.refused": (_R, "was refused a page of the safeguarding file"),
    "file.not_found": (_R, "asked for a page of the safeguarding file that is not there, or not theirs"),
    "access.refused": (_R, "was refused a page"),
    "access.not_found": (_R, "asked for something that is not there for them"),
}
_TABS = {"student-story": "story", "student-preparation": "preparation sheet", "student-readers": "who has opened it"}
_LISTS = {
    "record": "student’s record",
    "own-data": "student’s record, for a request for their own data,",
    "needs": "students with needs",
    "students": "all students",
    "conduct": "rewards and sanctions",
    "gaps": "gaps between groups",
    "pack": "pack for a meeting",
    "record-of-actions": "the record of actions",
}
_FACTORS = {
    Authenticator.Type.TOTP.value: "app",
    Authenticator.Type.WEBAUTHN.value: "passkey",
    Authenticator.Type.RECOVERY_CODES.value: "recovery codes",
    "code": "code",
    "all": "all of them",
}
_ENDED = {"idle": "unused for too long", "old": "signed in too long ago", "left": "no longer works here"}
_COUNTED = {"rows": "row", "reports": "report", "steps": "step", "comments": "comment"}


def who(actor_name: str, action: str, *, known: bool) -> str:
    """The name; at the door, where nobody has signed in yet, "somebody"."""
    kind = ACTIONS.get(action, (Kind.WRITTEN, ""))[0]
    return actor_name if known or kind != Kind.SIGN_IN else "somebody"


def actions_of(kind: str) -> list[str]:
    """The actions of a kind."""
    return [action for action, (of, _) in ACTIONS.items() if of == kind]


def said(action: str) -> str:
    """What was done, after the name of whoever did it."""
    return ACTIONS[action][1] if action in ACTIONS else action


def told(action: str, detail: dict[str, Any]) -> str:
    """The few particulars worth a glance, as "student’s record as PDF, 14 rows"; digests and the like are left out."""
    parts = [
        _tab(str(detail.get("page", ""))),
        "named people only" if detail.get("limited") else "",
        _what(action, detail),
        *(_count(detail[name], noun) for name, noun in _COUNTED.items() if name in detail),
        *(f"{detail[name]} {name}" for name in ("made", "failed") if name in detail),
        ", ".join(_setting(name) for name in detail.get("fields") or []),
        f"tried: {detail['tried']}" if detail.get("tried") else "",
        _why(action, str(detail.get("reason") or "")),
    ]
    return ", ".join(part for part in parts if part)


def _tab(page: str) -> str:
    tab = page.rpartition(":")[2]
    return _TABS.get(tab, tab.removeprefix("student-"))


def _what(action: str, detail: dict[str, Any]) -> str:
    """Which list, which kind of conversation, factor or file."""
    kind = str(detail.get("kind") or "")
    if action == "export.made":
        name = str(detail.get("list", ""))
        return f"{_LISTS.get(name, name)} as {str(detail.get('format', 'file')).upper()}"
    if action == "reports.downloaded":
        return f"as {kind.upper()}" if kind else ""
    if action.startswith("factor."):
        return _FACTORS.get(kind, kind)
    return SessionKind(kind).label if kind in SessionKind.values else kind


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _setting(name: str) -> str:
    """What the form of the school's settings calls the field."""
    known = {field.name: field for field in School._meta.fields}
    return str(known[name].verbose_name) if name in known else name


def _why(action: str, reason: str) -> str:
    return _ENDED.get(reason, reason) if action == "session.ended" else reason
