"""The words of what follows a concern. Sources: Working together 2026, KCSIE 2026; facts 4.1, 4.6, 4.10."""

from django.db import models


class DueKind(models.TextChoices):
    """What a concern waits for."""

    ACTION = "action", "Action"
    ANSWER = "answer", "Answer to a referral"
    CHALLENGE = "challenge", "Answer to a challenge"
    MEETING = "meeting", "Meeting"


class Ended(models.TextChoices):
    """How it came to its end."""

    DONE = "done", "It is done"
    DROPPED = "dropped", "It is not needed any more"


class Agency(models.TextChoices):
    """To whom a concern is referred."""

    MASH = "mash", "Children’s social care (MASH)"
    LADO = "lado", "Designated officer of the authority (LADO)"
    POLICE = "police", "Police"
    CHANNEL = "channel", "Prevent or Channel"
    CAMHS = "camhs", "CAMHS"
    EARLY_HELP = "early_help", "Early Help or Family Help"
    OTHER = "other", "Another agency"


class Method(models.TextChoices):
    """How it was sent."""

    FORM = "form", "The agency’s own form or portal"
    PHONE = "phone", "By telephone, confirmed in writing"
    PHONE_ONLY = "phone_only", "By telephone; to be confirmed in writing"
    MAIL = "mail", "Secure e-mail"
    PERSON = "person", "In person"


class Consent(models.TextChoices):
    """Of the parents, or of a child who can give it."""

    YES = "yes", "Yes, they agree"
    NO = "no", "No, they do not agree"
    NOT_SOUGHT = "not_sought", "They were not asked"


class Basis(models.TextChoices):
    """On what ground it is shared without leaning on consent; facts 4.6."""

    SAFEGUARDING = "safeguarding", "Safeguarding of a child (DPA 2018, Schedule 1, paragraph 18)"
    CONSENT = "consent", "Consent"
    PUBLIC_TASK = "public_task", "Public task: KCSIE, Children Act 1989 and 2004"
    VITAL = "vital", "To save a life"
    DUTY = "duty", "Children Act 2004, section 16LA (duty to share, where in force)"
    ORDER = "order", "An order of a court"


class Rung(models.TextChoices):
    """The four steps of a disagreement between professionals; the local partnership sets the times."""

    WORKER = "1_worker", "The worker who decided"
    MANAGER = "2_manager", "Their manager"
    SENIOR = "3_senior", "The senior manager"
    PARTNERSHIP = "4_partnership", "The safeguarding partnership"


class Gathering(models.TextChoices):
    """A meeting about a child; in the order of the law's own timetable."""

    STRATEGY = "strategy", "Strategy discussion"
    CONFERENCE = "conference", "Child protection conference"
    CORE_GROUP = "core_group", "Core group"
    REVIEW = "review", "Review conference"
    CHILD_IN_NEED = "child_in_need", "Child in need meeting"
    PROFESSIONALS = "professionals", "Professionals’ meeting"
    OTHER = "other", "Another meeting"


class Told(models.TextChoices):
    """Whether the parents know."""

    YES = "yes", "Yes"
    NOT_YET = "not_yet", "Not yet"
    NO = "no", "No, and they should not be"


class NotTold(models.TextChoices):
    """Why parents are not told, or not yet; facts 4.1."""

    RISK = "risk", "It would put the child at more risk"
    POLICE = "police", "It may prejudice a police enquiry"
    FII = "fii", "Fabricated or induced illness is possible"
    FGM = "fgm", "Female genital mutilation is possible"
    FORCED_MARRIAGE = "forced_marriage", "A forced marriage is possible"
    REACHED = "reached", "They could not be reached"
    OTHER = "other", "Another reason"


class Threshold(models.TextChoices):
    """What the child’s situation was weighed against (Working together, the local threshold document)."""

    UNIVERSAL = "universal", "What every child gets is enough"
    EARLY_HELP = "early_help", "Early help"
    IN_NEED = "in_need", "Child in need (section 17)"
    HARM = "harm", "Significant harm (section 47)"
    CARE = "care", "The child cannot stay where they are"
    ADULT = "adult", "Harm threshold for an adult (LADO)"
    LOW_LEVEL = "low_level", "Low-level concern about an adult"


class Ladder(models.TextChoices):
    """Where a child stands with the authority (facts 2.11), and what else makes them vulnerable; gravest first."""

    PLAN = "10_cp_plan", "Child protection plan"
    ENQUIRY = "11_s47_enquiry", "Section 47 enquiry"
    CARE_ORDER = "20_looked_after_s31", "Looked after: care order (section 31)"
    ACCOMMODATED = "21_looked_after_s20", "Looked after: accommodated (section 20)"
    IN_NEED = "30_cin_s17", "Child in need (section 17)"
    FAMILY_HELP = "40_family_help", "Targeted Family Help"
    EARLY_HELP = "41_early_help", "Early help"
    CARE_LEAVER = "50_care_leaver", "Care leaver"
    PREVIOUSLY = "51_previously", "Previously looked after"
    KINSHIP = "52_kinship", "Lives with relatives or friends"
    PRIVATE_FOSTERING = "53_private_fostering", "Privately fostered"
    YOUNG_CARER = "60_young_carer", "Young carer"


LOOKED_AFTER = frozenset({Ladder.CARE_ORDER, Ladder.ACCOMMODATED})


class PlanCategory(models.TextChoices):
    """Why a child has a protection plan: the authority’s own codes (CIN census)."""

    NEGLECT = "NEG", "Neglect"
    PHYSICAL = "PHY", "Physical abuse"
    SEXUAL = "SAB", "Sexual abuse"
    EMOTIONAL = "EMO", "Emotional abuse"
    MULTIPLE = "MUL", "Multiple"


class Held(models.TextChoices):
    """Which meeting a change writes down."""

    REVIEW = "review", "Review, or conference"
    CORE = "core", "Core group"


class Work(models.TextChoices):
    """What somebody of an agency does for a child."""

    SOCIAL_WORKER = "social_worker", "Social worker"
    MANAGER = "manager", "Team manager"
    IRO = "iro", "Independent reviewing officer (IRO)"
    CHAIR = "chair", "Conference chair"
    VIRTUAL_SCHOOL = "virtual_school", "Virtual school"
    LEAD = "lead", "Lead professional of early help"
    POLICE = "police", "Police"
    YOT = "yot", "Youth offending team"
    HEALTH = "health", "Health"
    OTHER = "other", "Other"
