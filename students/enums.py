"""Codes of the pupil record (DfE Common Basic Data Set), and the languages of people at home."""

from django.db import models


class TermName(models.TextChoices):
    AUTUMN = "AUT", "Autumn"
    SPRING = "SPR", "Spring"
    SUMMER = "SUM", "Summer"


class Language(models.TextChoices):
    """Languages somebody at home may read best, by their ISO 639 code; each has its words in `students.languages`."""

    ENGLISH = "en", "English"
    ARABIC = "ar", "Arabic"
    BENGALI = "bn", "Bengali"
    LITHUANIAN = "lt", "Lithuanian"
    PANJABI = "pa", "Panjabi"
    POLISH = "pl", "Polish"
    PORTUGUESE = "pt", "Portuguese"
    ROMANIAN = "ro", "Romanian"
    SOMALI = "so", "Somali"
    SPANISH = "es", "Spanish"
    TURKISH = "tr", "Turkish"
    UKRAINIAN = "uk", "Ukrainian"
    URDU = "ur", "Urdu"


class Sex(models.TextChoices):
    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known"


class SenStatus(models.TextChoices):
    """SEN provision (CBDS)."""

    NONE = "N", "No SEN"
    SUPPORT = "K", "SEN support"
    EHCP = "E", "Education, health and care plan"


class SenNeed(models.TextChoices):
    """SEN type (CBDS, May 2026)."""

    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    ASD = "ASD", "Autistic spectrum disorder"
    DS = "DS", "Down syndrome"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support, no specialist assessment"


class BroadArea(models.TextChoices):
    """The four broad areas of need (SEND Code of Practice 2015, 6.28 to 6.35)."""

    COMMUNICATION = "communication", "Communication and interaction"
    COGNITION = "cognition", "Cognition and learning"
    SEMH = "semh", "Social, emotional and mental health"
    SENSORY = "sensory", "Sensory and physical"


# Down syndrome is placed where most schools place it; OTH and NSA lie in no area.
NEEDS_OF_AREA = {
    BroadArea.COMMUNICATION: (SenNeed.SLCN, SenNeed.ASD),
    BroadArea.COGNITION: (SenNeed.SPLD, SenNeed.MLD, SenNeed.SLD, SenNeed.PMLD, SenNeed.DS),
    BroadArea.SEMH: (SenNeed.SEMH,),
    BroadArea.SENSORY: (SenNeed.HI, SenNeed.VI, SenNeed.MSI, SenNeed.PD),
}
NEEDS_OF_NO_AREA = (SenNeed.OTH, SenNeed.NSA)
