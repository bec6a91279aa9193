"""The school year, students and the people at home."""

from django.db import models
from django.db.models import F, Q

from accounts.models import House, School
from audit.history import keep_history
from core.models import Record
from students.enums import EthnicCode, EthnicGroup, EthnicSource, SenNeed, SenStatus, Sex, TermName, ethnic_group_of
from students.names import plain_expression


class Term(Record):
    """One term, with its half-term break. `year` is the calendar year in which the academic year starts (CTF)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="terms")
    year = models.PositiveSmallIntegerField("academic year starting in")
    name = models.CharField(max_length=3, choices=TermName.choices)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    break_starts_on = models.DateField("half term starts", null=True, blank=True)
    break_ends_on = models.DateField("half term ends", null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "name"], name="term_unique"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} term {self.academic_year}"

    @property
    def academic_year(self) -> str:
        """As schools write it: 2026/27."""
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def plain_name(self) -> str:
        """As a tutor says it: autumn term."""
        return f"{self.get_name_display().lower()} term"


class Closure(Record):
    """A day inside a term on which no student is expected: INSET, polling day, bank holiday."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="closures")
    date = models.DateField()
    reason = models.CharField(max_length=100)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["school", "date"], name="closure_unique")]

    def __str__(self) -> str:
        return f"{self.date:%d %b %Y}: {self.reason}"


@keep_history(exclude=("sort_name",))
class Student(Record):
    """A student on the school's roll, now or before (`left_on` set). Never deleted by an import."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="students")
    upn = models.CharField("UPN", max_length=13, blank=True)
    admission_number = models.CharField(max_length=20, blank=True)
    legal_forename = models.CharField(max_length=100)
    legal_surname = models.CharField(max_length=100)
    preferred_forename = models.CharField("preferred name", max_length=100)
    preferred_surname = models.CharField(max_length=100)
    date_of_birth = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    year_group = models.PositiveSmallIntegerField(null=True, blank=True)
    house = models.ForeignKey(House, null=True, blank=True, on_delete=models.PROTECT, related_name="students")
    email = models.EmailField(blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    enrolment_status = models.CharField(max_length=1, blank=True)
    sen_status = models.CharField("SEN status", max_length=1, choices=SenStatus.choices, default=SenStatus.NONE)
    sen_need = models.CharField("primary need", max_length=4, choices=SenNeed.choices, blank=True)
    pupil_premium = models.BooleanField(default=False)
    eal = models.BooleanField("English as an additional language", default=False)
    looked_after = models.BooleanField(default=False)

    # Lists stand in the order a person expects (é beside e, "de Souza" under d) on any database collation.
    sort_name = models.GeneratedField(
        expression=plain_expression("preferred_surname", "preferred_forename"),
        output_field=models.CharField(max_length=210),
        db_persist=True,
    )

    class Meta:
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["school", "upn"], condition=~Q(upn=""), name="student_upn_unique"),
            models.UniqueConstraint(
                fields=["school", "admission_number"],
                condition=~Q(admission_number=""),
                name="student_admission_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "house"], name="student_house"),
            models.Index(fields=["school", "year_group"], name="student_year"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name they go by."""
        return f"{self.preferred_forename} {self.preferred_surname}"

    @property
    def initials(self) -> str:
        return f"{self.preferred_forename[:1]}{self.preferred_surname[:1]}".upper()


@keep_history()
class Ethnicity(Record):
    """What the school's MIS says of a student's ethnicity: special category data (UK GDPR, article 9).

    In a table of its own, without a way to it from a student, so that no list joins it in by accident. The database
    lets three sorts of roles at rows: who imports (`import_data`), who answers a request for somebody's own data
    (`export_students`), and who sees the gaps between groups (`view_gaps`), because those are counted with their
    rights and they reach the students counted. There it ends: no page, search, list or file of single students shows
    it, but the copy for the student or family themselves and an import's own preview; a test walks every page. What
    it was before is not for the gaps.

    `code` is empty where the MIS says nothing any more; finer codes are kept as the main one.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="+")
    code = models.CharField("ethnicity", max_length=4, choices=EthnicCode.choices, blank=True)
    source = models.CharField("source of ethnicity", max_length=1, choices=EthnicSource.choices, blank=True)

    class Meta:
        verbose_name_plural = "ethnicities"
        constraints = [
            models.CheckConstraint(condition=Q(code="") | Q(code__in=EthnicCode.values), name="ethnicity_code_known")
        ]

    def __str__(self) -> str:
        """Says nothing: what stands in logs and lists by accident must not tell."""
        return "Ethnicity of a student"

    @property
    def group(self) -> EthnicGroup:
        return ethnic_group_of(self.code)


@keep_history()
class Contact(Record):
    """Somebody at home (or standing in), in the order in which to ring. A court order is shown before the number."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="contacts")
    priority = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=20, blank=True)
    forename = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100)
    relationship = models.CharField(max_length=50, blank=True)
    parental_responsibility = models.BooleanField(default=False)
    court_order = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["priority", "surname", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "surname", "forename", "relationship"], name="contact_once_per_student"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As one addresses them: Mrs Okafor."""
        return f"{self.title} {self.surname}".strip() if self.title else f"{self.forename} {self.surname}".strip()
