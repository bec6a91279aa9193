"""The roles of a school, in the words schools use, and how a colleague wants their mails."""

from django.db import models


class Role(models.TextChoices):
    TUTOR = "tutor", "Tutor"
    ONE_TO_ONE_TUTOR = "one_to_one_tutor", "1:1 tutor"
    HEAD_OF_HOUSE = "head_of_house", "Head of house"
    DEPUTY_HEAD_OF_HOUSE = "deputy_head_of_house", "Deputy head of house"
    HEAD_OF_YEAR = "head_of_year", "Head of year"
    SENCO = "senco", "SENCO"
    DSL = "dsl", "Designated safeguarding lead"
    DEPUTY_DSL = "deputy_dsl", "Deputy DSL"
    HEADTEACHER = "headteacher", "Headteacher"
    SENIOR_LEADER = "senior_leader", "Senior leader"
    DATA_MANAGER = "data_manager", "Data manager"
    ATTENDANCE_OFFICER = "attendance_officer", "Attendance officer"
    NURSE = "nurse", "Nurse"
    SUBJECT_TEACHER = "subject_teacher", "Subject teacher"
    CONTRIBUTOR = "contributor", "Contributor"
    CHAIR = "chair", "Chair of governors"


# A membership in one of these roles reaches the students it is linked to, never a whole school.
ASSIGNED_ROLES = frozenset({Role.TUTOR, Role.ONE_TO_ONE_TUTOR, Role.SUBJECT_TEACHER, Role.CONTRIBUTOR})
HOUSE_ROLES = frozenset({Role.HEAD_OF_HOUSE, Role.DEPUTY_HEAD_OF_HOUSE})
YEAR_ROLES = frozenset({Role.HEAD_OF_YEAR})
# These reach every student of the school, unless the membership names a house or a year.
WHOLE_SCHOOL_ROLES = frozenset(Role) - ASSIGNED_ROLES - HOUSE_ROLES - YEAR_ROLES


class Mails(models.TextChoices):
    """How a member of staff wants to be told by mail that there is something to read."""

    USUAL = "usual", "What colleagues ask me at once, everything else once a day"
    AT_ONCE = "at_once", "Everything at once"
    DAILY = "daily", "Everything once a day"
    NEVER = "never", "Not at all: I look at Today"
