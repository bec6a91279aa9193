"""Triggers taken away on purpose: the test that holds each must go red, else it proves nothing about the one there."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection, transaction

from tests import factories as make
from tests.attendance import test_registers_held as registers
from tests.conduct import test_held_by_the_database as conduct
from tests.events import test_events as events
from tests.followup import test_who_may as followup
from tests.groups import test_line_managers as lines
from tests.handover import test_cover as cover
from tests.handover import test_handovers as handover
from tests.handover import test_single_students as singly
from tests.plans import test_habits as habits
from tests.plans import test_sign_off as sign_off
from tests.referrals import test_around as around
from tests.referrals import test_held_by_the_database as referrals
from tests.referrals import test_mentoring as mentoring
from tests.safeguarding import test_attachments as attachments
from tests.safeguarding import test_raising as raising
from tests.safeguarding.case import test_held as case
from tests.safeguarding.case import test_standings as standings
from tests.safeguarding.investigations import test_findings_held as findings
from tests.safeguarding.investigations import test_opening as investigations
from tests.safeguarding.investigations import test_statements_held as statements
from tests.safeguarding.pages import World, world
from tests.safeguarding.restraint import test_recording as force
from tests.safeguarding.retention import test_destroying as destroying
from tests.safeguarding.retention import test_keeping as keeping
from tests.safeguarding.retention import test_what_stays as staying
from tests.safeguarding.retention.pages import born, filed
from tests.safeguarding.sharing import test_glass as glass
from tests.safeguarding.sharing import test_lead_cover as lead_cover
from tests.safeguarding.sharing import test_new_readers as new_readers
from tests.safeguarding.transfer import test_held_by_the_database as transfers
from tests.sessions.pages import Scene, scene
from tests.strategies import test_cards as cards
from tests.strategies import test_handling as handling
from tests.strategies import test_own_words as own_words
from tests.tutorials import test_held_by_the_database as tutorials
from tests.tutorials.pages import weekly
from tests.watch import test_watch as watch

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]


def _conduct_kept() -> None:
    kind = make.ConductTypeFactory.create()
    conduct.test_a_follow_up_stays_as_it_was_written(scene(), kind)


def _stays_closed() -> None:
    world = scene()
    referral = make.ReferralFactory.create(student=world.student, referred_by=world.tutor)
    referrals.test_closed_it_stays_as_it_ended_but_for_being_read(world, referral)


def _at_registration(test: Callable[[Scene], None]) -> Callable[[], None]:
    def on_a_school_day() -> None:
        with time_machine.travel(dt.datetime(2026, 11, 18, 8, 40, tzinfo=dt.UTC), tick=False):
            test(scene())

    return on_a_school_day


def _due_file() -> World:
    here = world()
    filed(here)
    born(here.student, 26)
    return here


HELD_BY: dict[str, Callable[[], None]] = {
    "alert_answered ON followup_alert": followup.test_an_alert_is_answered_once_by_whom_it_is_to,
    "warning_issued ON followup_warning": followup.test_a_stage_is_issued_by_the_roles_it_names,
    "warning_decided ON followup_warning": followup.test_an_appeal_is_decided_once_by_somebody_else_and_stays,
    "cover_ends ON accounts_membership": cover.test_when_a_role_ends_its_deputy_has_it_no_longer,
    "line_made ON accounts_linemanager": lines.test_no_circle_past_the_page,
    "line_moved ON accounts_linemanager": lines.test_a_line_is_not_put_off_into_a_circle,
    "own_caseload ON groups_caseloadentry": lambda: singly.test_an_end_of_ones_own_is_not_put_off(scene()),
    "handover_kept ON handover_handover": handover.test_postgresql_holds_who_acknowledges_and_what_rests,
    "conduct_kept ON conduct_conductentry": _conduct_kept,
    "register_taken ON attendance_register": _at_registration(
        registers.test_a_register_is_of_a_school_day_and_not_ahead_of_time
    ),
    "register_said ON attendance_registerentry": _at_registration(
        registers.test_a_past_mark_is_corrected_with_a_reason
    ),
    "mark_said_new ON attendance_mark": _at_registration(
        registers.test_a_mark_is_given_by_what_was_said_before_and_by_whoever_said_it
    ),
    "mark_said_again ON attendance_mark": _at_registration(
        registers.test_a_mark_is_changed_by_what_was_said_and_taken_away_by_an_import_only
    ),
    "tutorial_written ON tutorials_meeting": lambda: tutorials.test_a_meeting_falls_on_a_school_day(weekly()),
    "tutorial_changed ON tutorials_meeting": lambda: tutorials.test_nobody_is_marked_where_it_was_not_held(weekly()),
    "tutorial_attended ON tutorials_presence": lambda: tutorials.test_nobody_is_marked_where_it_was_not_held(weekly()),
    "event_told ON events_schoolevent": lambda: events.test_postgresql_holds_who_says_what_came_of_it(scene()),
    "stays_closed ON referrals_referral": _stays_closed,
    "strategy_kept ON strategies_strategycard": lambda: cards.test_held_by_the_database_past_every_view(scene()),
    "handling_agreed ON strategies_teampart": lambda: handling.test_postgresql_keeps_every_version_and_who_agreed(
        scene()
    ),
    "next_version ON strategies_handlingplan": lambda: handling.test_postgresql_keeps_every_version_and_who_agreed(
        scene()
    ),
    "next_version ON strategies_ownwords": lambda: own_words.test_postgresql_changes_no_version_and_leaves_none_out(
        scene()
    ),
    "incident_dated ON restraint_incident": lambda: force.test_postgresql_says_when_it_was_recorded_and_where_it_stands(
        world()
    ),
    "incident_entry_dated ON restraint_incidententry": lambda: force.test_postgresql_holds_the_time_of_what_is_added(
        world()
    ),
    "incident_entry_in_time ON restraint_incidententry": lambda: force.test_postgresql_holds_the_time_of_what_is_added(
        world()
    ),
    "incident_stands ON restraint_incidententry": lambda: force.test_where_it_stands_follows_from_what_is_added(
        world()
    ),
    "investigation_dated ON investigations_investigation": lambda: (
        investigations.test_postgresql_says_when_and_where_it_stands(world())
    ),
    "investigation_entry_dated ON investigations_investigationentry": lambda: (
        investigations.test_postgresql_says_when_and_where_it_stands(world())
    ),
    "statement_asked ON investigations_statement": lambda: (
        statements.test_postgresql_says_of_whom_a_statement_is_and_when_it_came(world())
    ),
    "statement_told ON investigations_statement": lambda: statements.test_a_colleague_is_alerted(world()),
    "statement_dated ON investigations_statementwords": lambda: (
        statements.test_postgresql_says_of_whom_a_statement_is_and_when_it_came(world())
    ),
    "statement_came ON investigations_statementwords": lambda: (
        statements.test_postgresql_says_of_whom_a_statement_is_and_when_it_came(world())
    ),
    "statement_let_go ON investigations_investigationentry": lambda: statements.test_one_that_came_is_not_let_go(
        world()
    ),
    "investigation_stands ON investigations_investigationentry": lambda: (
        findings.test_a_finding_waits_for_statements_and_makes_its_follow_ups(world())
    ),
    "statement_while_open ON investigations_statement": lambda: (
        findings.test_no_statement_is_asked_for_once_there_is_a_finding(world())
    ),
    "watch_kept ON watch_watch": lambda: watch.test_held_by_the_database_past_every_view(scene()),
    "watch_begun ON watch_watch": lambda: watch.test_held_by_the_database_past_every_view(scene()),
    "looked ON watch_checkin": lambda: watch.test_held_by_the_database_past_every_view(scene()),
    "habit_said ON plans_habitcheck": habits.test_postgresql_asks_whether_the_day_fits_and_the_plan_is_open,
    "habit_corrected ON plans_habitcheck": habits.test_postgresql_asks_whether_the_day_fits_and_the_plan_is_open,
    "agreed ON plans_planstep": sign_off.test_postgresql_takes_nobody_elses_word,
    "agreed_from_the_start ON plans_planstep": sign_off.test_postgresql_takes_nobody_elses_word,
    "reads_otherwise ON plans_planstep": sign_off.test_postgresql_takes_nobody_elses_word,
    "key_person_named ON referrals_keyperson": lambda: (
        around.test_the_key_person_is_somebody_who_may_read_what_there_is(scene())
    ),
    "mentor_named ON referrals_mentoring": lambda: mentoring.test_postgresql_names_only_who_sees_the_student(scene()),
    "stays_ended ON referrals_mentoring": lambda: mentoring.test_postgresql_begins_no_ended_one_again(scene()),
    "concern_routed ON safeguarding_concern": lambda: (
        raising.test_about_a_colleague_it_goes_to_the_head_about_the_head_to_the_chair(world())
    ),
    "receipt_dated ON safeguarding_receipt": lambda: (
        raising.test_when_something_was_raised_and_written_is_the_databases_to_say(world())
    ),
    "entry_dated ON safeguarding_entry": lambda: (
        raising.test_when_something_was_raised_and_written_is_the_databases_to_say(world())
    ),
    "attachment_with_entry ON safeguarding_attachment": lambda: (
        attachments.test_raw_sql_puts_none_with_words_that_stood_there_before(world())
    ),
    **{
        f"{name} ON {table}": lambda: glass.test_past_every_view_it_is_the_databases_to_say_when_and_it_stands(world())
        for name, table in (
            ("glass_dated", "sharing_glassbreak"),
            ("glass_told", "sharing_glassbreak"),
            ("glass_stands", "sharing_glassbreak"),
            ("glass_stays", "sharing_glassbreak"),
            ("glass_seen_dated", "sharing_glassseen"),
            ("glass_stands", "sharing_glassseen"),
            ("glass_stays", "sharing_glassseen"),
        )
    },
    "reader_made_new ON accounts_membership": lambda: new_readers.test_nobody_gives_themselves_a_role(
        new_readers.signed_in()
    ),
    "reader_made ON accounts_membership": lambda: new_readers.test_nor_by_changing_what_is_there(
        new_readers.signed_in()
    ),
    "reader_moved ON accounts_user": lambda: new_readers.test_another_address_of_a_reader_is_told_but_not_ones_own(
        new_readers.signed_in()
    ),
    "reader_back ON accounts_user": lambda: new_readers.test_a_reader_switched_on_again_is_told(
        new_readers.signed_in()
    ),
    "lead_covered_new ON accounts_membership": lambda: lead_cover.test_nobody_stands_in_for_the_chair(world()),
    "cover_word_sound ON sharing_coverword": lambda: (
        lead_cover.test_past_every_view_only_the_head_gives_the_word_and_it_stands(world())
    ),
    "word_stands ON sharing_coverword": lambda: (
        lead_cover.test_past_every_view_only_the_head_gives_the_word_and_it_stands(world())
    ),
    "lead_covered ON accounts_membership": lambda: lead_cover.test_a_cover_once_arranged_goes_to_nobody_else(world()),
    "stays_ended ON case_due": case.test_what_came_to_its_end_stays,
    "due_lets_go ON safeguarding_keptfrom": case.test_whoever_is_kept_from_it_has_it_in_hand_no_more,
    "due_lets_go ON safeguarding_concernchild": case.test_a_child_linked_later_takes_it_out_of_their_hands,
    "due_lets_go ON sharing_confirmation": case.test_once_a_second_person_agreed_it_leaves_the_hands_of_the_lead,
    "standing_follows ON case_standing": standings.test_a_row_is_never_changed_and_supersedes_one_of_the_same_child,
    "standing_dated ON case_standing": standings.test_when_it_was_written_says_the_database,
    "owner_told_first ON case_due": case.test_who_gets_it_in_hand_is_told,
    "owner_told ON case_due": case.test_who_gets_it_in_hand_later_is_told,
    "settled ON case_due": case.test_it_stays_of_its_concern,
    "file_rests ON safeguarding_entry": transfers.test_once_it_went_nothing_is_added_but_to_what_is_new_or_of_others,
    "transfer_kept ON transfer_transfer": transfers.test_what_is_said_of_it_is_said_once,
    "usual_retention_classes ON accounts_school": keeping.test_every_school_has_the_usual_classes,
    "review_sound ON retention_review": lambda: (
        destroying.test_past_every_view_a_proposal_before_its_day_wants_a_reason(_due_file())
    ),
    "entry_keeps_key ON safeguarding_entry": lambda: staying.test_past_every_view_nothing_is_written_that_no_key_opens(
        staying.due_file()
    ),
    "key_opens_words ON safeguarding_concernkey": lambda: staying.test_past_every_view_what_was_destroyed_gets_no_key(
        staying.due_file()
    ),
    "held_stays_linked ON safeguarding_concernchild": lambda: staying.held_past_every_view(staying.due_file()),
    "stays_ended ON referrals_keyperson": lambda: around.test_whose_time_ended_does_not_begin_again(scene()),
}


@pytest.mark.parametrize("trigger", HELD_BY)
def test_its_test_notices_that_the_trigger_is_gone(trigger: str) -> None:
    assert _passes(HELD_BY[trigger]), "the control: with the trigger in its place"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}")
    assert not _passes(HELD_BY[trigger])


def _passes(test: Callable[[], None]) -> bool:
    """Whether it is green; what it did is undone. Only what a test says by itself counts as red, no accident."""
    with transaction.atomic():
        try:
            test()
        except (AssertionError, pytest.fail.Exception):
            return False
        finally:
            transaction.set_rollback(True)
    return True
