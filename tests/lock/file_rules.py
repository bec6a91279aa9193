"""Who reads and writes the safeguarding file, in plain Python: held against policies like the sentences of rules.py.

Words themselves (`Entry`), and files beside them, are never read here: what is opened must be committed first, and
the worlds compared never are. tests/safeguarding/test_reading.py holds that.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission as P
from accounts.permissions import roles_with
from safeguarding.enums import Store
from safeguarding.models import Concern, ConcernChild, KeptFrom
from safeguarding.sharing.enums import Sealed
from safeguarding.sharing.models import Confirmation, GlassBreak, LastReader, StaffLine, StaffLineReader
from tests.lock.reference import Eyes, Row
from tutoring.handover.models import Handover

# Concerns of a world that are not being raised in this very transaction.
LONG_SINCE = 2020


def _concern(eyes: Eyes, key: Any) -> Any:
    return next((row for row in eyes.facts.rows[Concern] if row.pk == key), None)


def _children(eyes: Eyes, key: Any) -> set[Any]:
    return {row.student_id for row in eyes.facts.rows[ConcernChild] if row.concern_id == key}


def _kept_from(eyes: Eyes, concern: Row) -> bool:
    waits = {row.kept_id for row in eyes.facts.rows[Confirmation] if not row.agreed}
    mine = [row for row in eyes.facts.rows[KeptFrom] if row.person_id == eyes.uid and row.ended_at is None]
    mine = [row for row in mine if row.pk not in waits]
    return any(row.concern_id == concern.pk or row.student_id in _children(eyes, concern.pk) - {None} for row in mine)


def in_file(eyes: Eyes, key: Any) -> bool:
    """Proved afresh, of one's own school, not about oneself, not kept from it, and one's own store or children."""
    concern = _concern(eyes, key)
    if concern is None or eyes.uid is None or not eyes.elevated or concern.school_id != eyes.school:
        return False
    if concern.about_staff_id == eyes.uid or _kept_from(eyes, concern):
        return False
    if _last_reader(eyes, concern):
        return True
    if concern.store == Store.STAFF:
        return eyes.holds(P.KEEP_STAFF_FILE)
    if concern.store == Store.HEAD:
        return eyes.holds(P.KEEP_HEAD_FILE)
    whole = any(
        m.role in roles_with(P.KEEP_FILE) and m.house_id is None and m.year_group is None for m in eyes.memberships
    )
    return whole or bool(_children(eyes, key) & eyes.students(P.KEEP_FILE))


def _last_reader(eyes: Eyes, concern: Row) -> bool:
    """Because nobody else did, and as long as one leads the school or its governors."""
    mine = [row for row in eyes.facts.rows[LastReader] if row.person_id == eyes.uid and row.ended_at is None]
    leads = eyes.holds(P.KEEP_STAFF_FILE) or eyes.holds(P.KEEP_HEAD_FILE)
    return leads and any(row.concern_id == concern.pk for row in mine)


def of_file(eyes: Eyes, row: Row) -> bool:
    return in_file(eyes, row.concern_id)


def itself(eyes: Eyes, row: Row) -> bool:
    return in_file(eyes, row.id)


def by_glass(eyes: Eyes, key: Any) -> bool:
    """About the child whose glass one broke last, within the hour; of children, not kept from it, to read only."""
    concern = _concern(eyes, key)
    mine = sorted((r for r in eyes.facts.rows[GlassBreak] if r.person_id == eyes.uid), key=lambda r: r.opened_at)
    if concern is None or eyes.uid is None or not eyes.elevated or not mine or not eyes.holds(P.KEEP_STAFF_FILE):
        return False
    child = mine[-1].student_id if mine[-1].opened_at > timezone.now() - dt.timedelta(hours=1) else None
    ours = concern.school_id == eyes.school and concern.store == Store.CHILDREN and child in _children(eyes, key)
    return ours and concern.about_staff_id != eyes.uid and not _kept_from(eyes, concern)


def concern_read(eyes: Eyes, row: Row) -> bool:
    return in_file(eyes, row.id) or by_glass(eyes, row.id)


def part_read(eyes: Eyes, row: Row) -> bool:
    return in_file(eyes, row.concern_id) or by_glass(eyes, row.concern_id)


def word_read(eyes: Eyes, row: Row) -> bool:
    """By whom it is about, and by everybody who opens the file, of colleagues at their school."""
    if eyes.uid is not None and eyes.uid in (row.person_id, row.away_id):
        return True
    return eyes.uid is not None and eyes.elevated and eyes.holds(P.OPEN_FILE) and _works_with(eyes, row.person_id)


def reader_news_read(eyes: Eyes, row: Row) -> bool:
    """By everybody who opens the file, of their school."""
    return eyes.uid is not None and eyes.elevated and eyes.holds(P.OPEN_FILE) and row.school_id == eyes.school


def word_given(eyes: Eyes, row: Row) -> bool:
    """In one's own name, as whoever leads the school; for whom it may be is a trigger's to say."""
    mine = eyes.uid is not None and row.confirmed_by_id == eyes.uid
    return mine and eyes.elevated and eyes.holds(P.KEEP_STAFF_FILE)


def glass_read(eyes: Eyes, row: Row) -> bool:
    """By whoever broke it, and by those who keep the child's file."""
    if eyes.uid is None or not eyes.elevated:
        return False
    return row.person_id == eyes.uid or keeps_child(eyes, row.student_id)


def glass_broken(eyes: Eyes, row: Row) -> bool:
    """In one's own name, as whoever leads the school, of somebody whose file one does not keep anyway."""
    mine = eyes.uid is not None and row.person_id == eyes.uid and eyes.elevated and eyes.holds(P.KEEP_STAFF_FILE)
    return mine and eyes.sees(row.student_id, P.FIND_STUDENT) and not eyes.sees(row.student_id, P.KEEP_FILE)


def glass_seen_read(eyes: Eyes, row: Row) -> bool:
    """By those who keep the child's file; it is nobody's own alarm."""
    glass = next(one for one in eyes.facts.rows[GlassBreak] if one.pk == row.glass_id)
    return glass.person_id != eyes.uid and keeps_child(eyes, glass.student_id)


def glass_seen(eyes: Eyes, row: Row) -> bool:
    return row.person_id == eyes.uid and glass_seen_read(eyes, row)


def handover_answer_read(eyes: Eyes, row: Row) -> bool:
    """One's own alone."""
    return eyes.uid is not None and row.person_id == eyes.uid


def handover_answered(eyes: Eyes, row: Row) -> bool:
    """By a lead for themselves, of a student they reach, after it was handed over."""
    handover = next(one for one in eyes.facts.rows[Handover] if one.pk == row.handover_id)
    mine = row.person_id == eyes.uid and eyes.elevated and handover.handed_on is not None
    return mine and eyes.sees(handover.student_id, P.KEEP_FILE)


def _raised_now(eyes: Eyes, key: Any) -> bool:
    concern = _concern(eyes, key)
    mine = concern is not None and eyes.uid is not None and concern.reporter_id == eyes.uid
    return mine and concern.raised_at.year != LONG_SINCE


def raises(eyes: Eyes, row: Row) -> bool:
    """In one's own name at one's own school, untouched, and after nothing or something of one's own."""
    if eyes.uid is None or row.reporter_id != eyes.uid or eyes.school is None or row.school_id != eyes.school:
        return False
    before = _concern(eyes, row.follows_id)
    if row.follows_id and (before is None or before.reporter_id != eyes.uid):
        return False
    return row.status == "sent" and not (row.level or row.step or row.owner_id or row.due_on)


def links(eyes: Eyes, row: Row) -> bool:
    return eyes.sees(row.student_id, P.FIND_STUDENT) and (_raised_now(eyes, row.concern_id) or of_file(eyes, row))


def wraps(eyes: Eyes, row: Row) -> bool:
    found = row.student_id is None or eyes.sees(row.student_id, P.FIND_STUDENT)
    return found and (_raised_now(eyes, row.concern_id) or of_file(eyes, row))


def unwraps(eyes: Eyes, row: Row) -> bool:
    return row.student_id is None and of_file(eyes, row)


def writes(eyes: Eyes, row: Row) -> bool:
    if eyes.uid is None or row.author_id != eyes.uid:
        return False
    return _raised_now(eyes, row.concern_id) if row.kind == "raised" else of_file(eyes, row)


def attaches(eyes: Eyes, row: Row) -> bool:
    """In one's own name; that it belongs to words of the same moment is a trigger's to say."""
    mine = eyes.uid is not None and row.added_by_id == eyes.uid
    return mine and (_raised_now(eyes, row.concern_id) or of_file(eyes, row))


def receipt_read(eyes: Eyes, row: Row) -> bool:
    return (eyes.uid is not None and row.reporter_id == eyes.uid) or part_read(eyes, row)


def receipt_made(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.reporter_id == eyes.uid
    return mine and row.status == "sent" and _raised_now(eyes, row.concern_id)


def kept_read(eyes: Eyes, row: Row) -> bool:
    """By those who read what it keeps somebody from, and never by that person."""
    if eyes.uid is None or row.person_id == eyes.uid:
        return False
    if row.concern_id is not None:
        return of_file(eyes, row)
    return eyes.elevated and eyes.sees(row.student_id, P.KEEP_FILE)


def kept_set(eyes: Eyes, row: Row) -> bool:
    return row.set_by_id == eyes.uid and row.ended_at is None and kept_read(eyes, row)


def _kept_of(eyes: Eyes, row: Row) -> Any:
    return next(kept for kept in eyes.facts.rows[KeptFrom] if kept.pk == row.kept_id)


def _of_our_school(eyes: Eyes, kept: Any) -> bool:
    return _works_with(eyes, kept.person_id)


def _works_with(eyes: Eyes, who: Any) -> bool:
    person = next(user for user in eyes.facts.rows[User] if user.pk == who)
    return eyes.school is not None and person.school_id == eyes.school


def confirmation_read(eyes: Eyes, row: Row) -> bool:
    """By the headteacher, and by those who read what somebody is to be kept from; never by that person."""
    kept = _kept_of(eyes, row)
    if eyes.uid is None or not eyes.elevated or not _of_our_school(eyes, kept):
        return False
    return kept.person_id != eyes.uid and (eyes.holds(P.KEEP_STAFF_FILE) or kept_read(eyes, kept))


def confirmation_decided(eyes: Eyes, row: Row) -> bool:
    """By the headteacher, where they are neither who keeps nor who is kept."""
    kept = _kept_of(eyes, row)
    second = eyes.uid not in (None, kept.person_id, kept.set_by_id) and row.decided_by_id in (None, eyes.uid)
    return second and eyes.elevated and eyes.holds(P.KEEP_STAFF_FILE) and _of_our_school(eyes, kept)


def keeps_child(eyes: Eyes, student: Any) -> bool:
    """Keeps this child's file, and is kept from nothing of it."""
    waits = {row.kept_id for row in eyes.facts.rows[Confirmation] if not row.agreed}
    kept = {
        row.student_id
        for row in eyes.facts.rows[KeptFrom]
        if row.person_id == eyes.uid and row.ended_at is None and row.pk not in waits
    }
    return eyes.uid is not None and eyes.elevated and eyes.sees(student, P.KEEP_FILE) and student not in kept


def _line(eyes: Eyes, key: Any) -> Any:
    return next(row for row in eyes.facts.rows[StaffLine] if row.pk == key)


def _for_me(eyes: Eyes, line: Any) -> bool:
    """Named, in force, and about a student whose page one opens."""
    named = {row.person_id for row in eyes.facts.rows[StaffLineReader] if row.line_id == line.pk}
    in_force = line.withdrawn_at is None and line.until >= timezone.localdate()
    return eyes.uid is not None and eyes.uid in named and in_force and eyes.sees(line.student_id, P.VIEW_STUDENT)


def line_read(eyes: Eyes, row: Row) -> bool:
    return _for_me(eyes, row) or keeps_child(eyes, row.student_id)


def line_published(eyes: Eyes, row: Row) -> bool:
    mine = eyes.uid is not None and row.published_by_id == eyes.uid and row.withdrawn_at is None
    return mine and eyes.elevated and eyes.sees(row.student_id, P.KEEP_FILE)


def line_withdrawn(eyes: Eyes, row: Row) -> bool:
    return keeps_child(eyes, row.student_id)


def line_reader_read(eyes: Eyes, row: Row) -> bool:
    line = _line(eyes, row.line_id)
    return keeps_child(eyes, line.student_id) or (row.person_id == eyes.uid and _for_me(eyes, line))


def _published_now(eyes: Eyes, row: Row) -> bool:
    """In the very transaction that publishes it."""
    line = _line(eyes, row.line_id)
    return eyes.uid is not None and line.published_by_id == eyes.uid and line.published_at.year != LONG_SINCE


def line_reader_named(eyes: Eyes, row: Row) -> bool:
    return row.understood_at is None and _published_now(eyes, row)


def line_understood(eyes: Eyes, row: Row) -> bool:
    return row.person_id == eyes.uid and _for_me(eyes, _line(eyes, row.line_id))


def line_words_sealed(eyes: Eyes, row: Row) -> bool:
    return row.kind in Sealed and _published_now(eyes, row)
