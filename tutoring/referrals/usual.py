"""The list a school is offered to begin its directory with: general names, no people; theirs to change from then on."""

from tutoring.referrals.enums import Place

# place, name, what they help with, who can be referred, how
USUAL: tuple[tuple[Place, str, str, str, str], ...] = (
    (Place.INSIDE, "SENCO", "Learning, reading, attention, autism, exam arrangements.",
     "Anybody who still struggles after what the teachers have tried.", "Bring what you tried and for how long."),
    (Place.INSIDE, "Head of house or year", "Worries that need more time or authority than a tutor has.",
     "Anybody of the house or year.", "Talk first, then refer."),
    (Place.INSIDE, "School counsellor", "Loss, family change, worry, friendship.",
     "Students who want to come; they are seen only if they agree.", "Ask the student first."),
    (Place.INSIDE, "School nurse", "Health, sleep, eating, medicine in school.", "Anybody.", ""),
    (Place.INSIDE, "Careers adviser", "What comes after school, applications, apprenticeships.",
     "Years 8 to 13.", ""),
    (Place.OUTSIDE, "Early Help", "Families who need more than one service, before things get worse.",
     "Families who agree to it.", "With the family, on the council’s form."),
    (Place.OUTSIDE, "Child and adolescent mental health service (CAMHS)", "Mental illness, self-harm, eating.",
     "Up to 18, where worry or low mood stops everyday life.", "Through the nurse, a doctor or the family."),
    (Place.OUTSIDE, "Mind", "Low mood and worry, talking groups, courses for young people.",
     "Check the age that the local branch takes.", ""),
    (Place.OUTSIDE, "Youth offending team", "Young people in trouble with the police, or close to it.",
     "From the age of 10, with the family’s agreement where it is to prevent.", ""),
    (Place.OUTSIDE, "Council housing", "Homelessness, unsafe or crowded homes.",
     "Families; young people from 16 for themselves.", ""),
    (Place.OUTSIDE, "YMCA", "Rooms and advice for young people, activities.", "Mostly from 16; check locally.", ""),
    (Place.OUTSIDE, "Drug and alcohol service for young people", "Their own use, or somebody’s at home.",
     "Up to 18; the young person agrees.", ""),
    (Place.OUTSIDE, "Young carers service", "Students who look after somebody at home.",
     "Anybody who cares for a relative.", ""),
    (Place.OUTSIDE, "Bereavement support", "Grief, also a long time after a death.",
     "Anybody who has lost somebody.", ""),
    (Place.OUTSIDE, "Educational psychology service", "Learning and behaviour that school cannot explain by itself.",
     "After support in school was tried and reviewed.", "Through the SENCO."),
)  # fmt: skip
