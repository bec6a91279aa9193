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


class EthnicGroup(models.TextChoices):
    """The main groups by which the DfE publishes; who would not say, or was not asked, is in none that is known."""

    WHITE = "white", "White"
    MIXED = "mixed", "Mixed"
    ASIAN = "asian", "Asian"
    BLACK = "black", "Black"
    CHINESE = "chinese", "Chinese"
    OTHER = "other", "Any other ethnic group"
    NOT_KNOWN = "unknown", "Ethnicity not known"


class EthnicCode(models.TextChoices):
    """Ethnicity (CBDS main codes, England)."""

    WBRI = "WBRI", "White - British"
    WIRI = "WIRI", "White - Irish"
    WIRT = "WIRT", "Traveller of Irish heritage"
    WROM = "WROM", "Gypsy/Roma"
    WOTH = "WOTH", "Any other White background"
    MWBC = "MWBC", "White and Black Caribbean"
    MWBA = "MWBA", "White and Black African"
    MWAS = "MWAS", "White and Asian"
    MOTH = "MOTH", "Any other mixed background"
    AIND = "AIND", "Indian"
    APKN = "APKN", "Pakistani"
    ABAN = "ABAN", "Bangladeshi"
    AOTH = "AOTH", "Any other Asian background"
    BCRB = "BCRB", "Black Caribbean"
    BAFR = "BAFR", "Black African"
    BOTH = "BOTH", "Any other Black background"
    CHNE = "CHNE", "Chinese"
    OOTH = "OOTH", "Any other ethnic group"
    REFU = "REFU", "Refused"
    NOBT = "NOBT", "Information not yet obtained"


# REFU and NOBT begin with letters of their own: nothing is known.
_GROUP_OF_LETTER = {
    "W": EthnicGroup.WHITE,
    "M": EthnicGroup.MIXED,
    "A": EthnicGroup.ASIAN,
    "B": EthnicGroup.BLACK,
    "C": EthnicGroup.CHINESE,
    "O": EthnicGroup.OTHER,
}


def ethnic_group_of(code: str) -> EthnicGroup:
    """The main group of a main code: its first letter; of REFU, NOBT and nothing on file, not known."""
    return _GROUP_OF_LETTER.get(code[:1], EthnicGroup.NOT_KNOWN)


class EthnicSource(models.TextChoices):
    """Who said so (CBDS source of ethnicity)."""

    CHILD = "C", "Student"
    PARENT = "P", "Parent"
    SCHOOL = "S", "School"
    OTHER = "O", "Other"
