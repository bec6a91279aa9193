"""What a concern can be about: codes that are kept in records for ever, in eight groups, and what to do in each case.

The list follows the kinds of harm that Keeping Children Safe in Education names. One concern can have several. Guidance
is for whoever raises it, in our own words; it stands by groups, and with a few codes where something else is asked for.
`{dsl}` in it becomes what the school calls its designated safeguarding lead.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guidance:
    """What to write, what to do now, what never to do: a few plain sentences each, for somebody who is shaken."""

    write: str
    now: str
    never: str

    def for_school(self, dsl: str) -> "Guidance":
        """With the school's own word for the lead inside a sentence (`school.called.dsl.mid`)."""
        return Guidance(*(text.replace("{dsl}", dsl) for text in (self.write, self.now, self.never)))


@dataclass(frozen=True)
class Group:
    """Kinds of concern that belong together: code → label."""

    code: str
    label: str
    categories: dict[str, str]
    guidance: Guidance


# Beside every concern, whatever it is about.
ALWAYS = Guidance(
    write="What you saw and heard, when and where, and the child’s own words in quotation marks. Opinion goes apart"
    " from it. Write it today.",
    now="Is somebody in danger now? Call 999 first. Then tell the {dsl} in person; do not leave it at this form. If"
    " you need to ask the child anything, say: Tell me. Explain to me. Describe it to me.",
    never="Do not promise to keep it secret. Do not ask leading questions. Do not investigate, or speak to the person"
    " the child named.",
)

GROUPS: tuple[Group, ...] = (
    Group(
        "abuse",
        "Abuse or neglect",
        {
            "abuse-physical": "Physical abuse",
            "abuse-emotional": "Emotional abuse, verbal abuse",
            "abuse-sexual": "Sexual abuse",
            "abuse-neglect": "Neglect: food, clothes, hygiene, warmth, care",
        },
        Guidance(
            write="What you saw on or with the child, and what they said about it. For marks use the body map. For"
            " neglect give examples with dates: coat, lunch, smell, tiredness.",
            now="Listen, thank the child for telling you, and say what you will do next. Tell the {dsl} before the"
            " child goes home.",
            never="Do not undress the child or photograph an injury. Do not ring home: the {dsl} decides who tells the"
            " family, and when.",
        ),
    ),
    Group(
        "child-on-child",
        "Between children",
        {
            "child-bullying": "Bullying",
            "child-online-bullying": "Bullying online",
            "child-prejudice": "Racist, homophobic or other prejudiced abuse",
            "child-physical": "Physical violence between children",
            "child-sexual-violence": "Sexual violence",
            "child-sexual-harassment": "Sexual harassment, upskirting",
            "child-nudes": "Nude or semi-nude images, real or made by AI",
            "child-hazing": "Initiation or hazing",
            "child-relationship-abuse": "Abuse in a relationship: control, stalking, violence",
        },
        Guidance(
            write="Who did what, who was there, where, and in whose words. Name every child in full and link them all.",
            now="See that both children are safe and apart. Take each one seriously, also the one who may have done"
            " harm. Tell the {dsl} today.",
            never="Do not call it banter or growing up. Do not bring the children together to settle it. Do not"
            " question witnesses.",
        ),
    ),
    Group(
        "exploitation",
        "Exploitation and violence outside home",
        {
            "exploit-sexual": "Sexual exploitation",
            "exploit-criminal": "Criminal exploitation, county lines",
            "exploit-slavery": "Trafficking, modern slavery",
            "exploit-financial": "Financial exploitation, blackmail, sextortion",
            "exploit-violence": "Serious violence, gangs",
            "exploit-weapon": "A weapon carried or talked of",
        },
        Guidance(
            write="What is new: money, phones, clothes, cars, older friends, places, times away. Write number plates"
            " and nicknames just as you saw or heard them.",
            now="Tell the {dsl} today; small things together make a picture. Treat the child as somebody harmed, also"
            " if they broke the law.",
            never="Do not write that the child chose it. Do not follow anybody, and do not go through a phone or a bag"
            " by yourself.",
        ),
    ),
    Group(
        "family",
        "Family and home",
        {
            "family-domestic-abuse": "Domestic abuse, seen or heard as well",
            "family-substances": "A parent’s drinking or drugs",
            "family-mental-health": "A parent’s mental health",
            "family-prison": "A parent or carer in prison",
            "family-young-carer": "Young carer",
            "family-housing": "Homelessness, poor or unsafe housing",
            "family-fostering": "Private fostering, kinship care",
            "family-bereavement": "Bereavement",
            "family-forced-marriage": "Forced marriage",
            "family-honour": "Abuse in the name of honour, virginity testing",
            "family-fgm": "Female genital mutilation (FGM)",
            "family-faith": "Abuse linked to faith or belief",
            "family-illness": "Illness made up or caused by a carer",
        },
        Guidance(
            write="What the child said about home and what you noticed, with dates. Who lives there, who collects the"
            " child, and any younger children you know of.",
            now="Ask the child what would help today. Tell the {dsl} before the end of the school day, earlier if the"
            " child is afraid to go home.",
            never="Do not speak to the family about it first: it can put the child, or a parent, in danger. Do not"
            " take sides.",
        ),
    ),
    Group(
        "self",
        "Health, safety and being here",
        {
            "self-harm": "Self-harm",
            "self-suicide": "Thoughts of suicide",
            "self-eating": "Eating",
            "self-mental-health": "Mental health",
            "self-substances": "Drink, drugs, vapes",
            "self-missing": "Missing or running away",
            "self-absence": "Unexplained or lasting absence",
            "self-no-school": "Missing education, off every roll",
            "self-pregnancy": "Pregnant, or a young parent",
        },
        Guidance(
            write="What the child said and did, in their words, and what you saw. Write changes and when they began:"
            " sleep, food, friends, work, absence.",
            now="Stay with the child until somebody takes over, if you fear for them. Get first aid where it is"
            " needed. Tell the {dsl} today.",
            never="Do not show shock or blame. Do not ask to see wounds. Do not promise that nobody at home will hear"
            " of it.",
        ),
    ),
    Group(
        "online",
        "Online",
        {
            "online-content": "Content: harmful, illegal, false",
            "online-contact": "Contact: grooming, strangers, adults",
            "online-conduct": "Conduct: what the child does or sends",
            "online-commerce": "Commerce: gambling, scams, pressure to pay",
            "online-ai": "AI and deepfakes",
        },
        Guidance(
            write="Which app or site, account names, dates, and what was said, as the child told you. Write that you"
            " did not look, if you did not.",
            now="Ask the child to stop answering and to delete nothing. Tell the {dsl} today: evidence disappears"
            " fast.",
            never="Do not search the phone, log in as the child, or answer for them. Sexual images: do not look at,"
            " copy or forward them.",
        ),
    ),
    Group(
        "extremism",
        "Extremism (Prevent)",
        {"extremism-radicalisation": "Drawn towards extremism or terrorism"},
        Guidance(
            write="What was said, drawn, worn, shared or watched, word for word, and who else was there. Write what"
            " changed, and since when.",
            now="Is an attack planned, or somebody in danger? Call 999. Otherwise tell the {dsl}, who decides about a"
            " Prevent referral. It is support, not an accusation.",
            never="Do not argue the child out of it. Faith, politics or background alone are no concern. Do not refer"
            " it yourself, unless the {dsl} cannot be reached.",
        ),
    ),
    Group(
        "other",
        "Something else",
        {
            "other-medical": "Medical needs or allergies not cared for",
            "other-court": "Court: a witness, or family proceedings",
            "other-abduction": "Abduction, or a plan to take a child away",
            "other-cybercrime": "Hacking or other cybercrime",
            "other-hate": "Hate crime",
            "other-place": "A place or group that is not safe",
            "other-past": "Something from years ago",
            "other": "Something else, or I am not sure",
        },
        Guidance(
            write="What worries you, what you saw or heard, and since when. You need not know what it is called.",
            now="Tell the {dsl} today. If you wonder whether it is worth a record, it is.",
            never="Do not wait until you are sure, and do not gather proof first.",
        ),
    ),
)

# A family that hears of it too early may take the child away.
_ONE_CHANCE = Guidance(
    write="The child’s words, travel plans, dates, names, and how to reach the child safely.",
    now="There may be only one chance to help. See the child alone, and tell the {dsl} within the hour. If"
    " somebody may be taken away today, call 999.",
    never="Do not speak to the family, their friends or elders, and do not ask a relative to interpret. Do not try"
    " to mediate. Do not send the child away to come back later.",
)

# Where something else is asked for than in the rest of the group.
OWN: dict[str, Guidance] = {
    # Section 5B of the Female Genital Mutilation Act 2003: the duty is the teacher's own and cannot be handed on.
    "family-fgm": Guidance(
        write="The girl’s own words, and when. The time of your call to the police, and its reference.",
        now="Has a girl under 18 told you of it, or have you seen signs of it? If you are a teacher, the law makes you"
        " yourself tell the police: call 101, by the end of the next working day. Tell the {dsl} as well, and also"
        " if it is only feared.",
        never="Never examine a girl. Do not leave the call to anybody else. Do not speak to the family.",
    ),
    "family-forced-marriage": _ONE_CHANCE,
    "family-honour": _ONE_CHANCE,
    "family-illness": Guidance(
        write="What was reported about the child’s health and by whom, beside what you see in school, with dates.",
        now="Tell the {dsl} today. Go on treating the child as before.",
        never="Do not let the parents know that you wonder about it. Do not stop a treatment or a care plan by"
        " yourself.",
    ),
    "child-nudes": Guidance(
        write="Who told you what, in their words: whose image, who has it, which app. Describe no image.",
        now="Tell the {dsl} at once. Say to the child that you have to pass it on, and that they will be helped. If"
        " you saw an image by accident, say so.",
        never="Do not look at, copy, print, save or forward an image, or ask for it: that can be a crime. Delete"
        " nothing, and ask nobody to delete. Do not blame the child.",
    ),
    "child-sexual-violence": Guidance(
        write="The child’s words, as they were said, and when and where it happened. Ask for no details.",
        now="Stay with the child. Tell the {dsl} at once, so that they and the other child are kept apart. If it was"
        " in the last days, say so: care and evidence cannot wait.",
        never="Do not ask why they did not say so before. Do not question the other child, and do not touch or wash"
        " what may be evidence.",
    ),
    "self-suicide": Guidance(
        write="The child’s words, whether they spoke of a plan, a day or a means, and who is with them now.",
        now="Do not leave the child alone. You may ask straight out whether they think of ending their life; asking"
        " does no harm. Fetch the {dsl}. In danger now: 999.",
        never="Do not send the child home or back to a lesson. Do not promise to keep it to yourself.",
    ),
    "self-missing": Guidance(
        write="When and where the child was last seen, by whom, what they wore, what they said, and whom they may be"
        " with.",
        now="Tell the office and the {dsl} this minute. Do you fear for the child? Call 999 without waiting for"
        " anybody. When they are back: say you are glad, and listen.",
        never="Do not wait for the next register. Do not scold a child who comes back.",
    ),
    "exploit-weapon": Guidance(
        write="What was seen or said, by whom, where it is now, and whom it was meant for.",
        now="Is it here? Keep children and yourself away and call 999, then fetch the {dsl}. Is it talk? Tell the"
        " {dsl} at once.",
        never="Do not search, take hold of or confront anybody by yourself. Do not touch the weapon.",
    ),
}

LABELS: dict[str, str] = {code: label for group in GROUPS for code, label in group.categories.items()}
GROUP_OF: dict[str, Group] = {code: group for group in GROUPS for code in group.categories}


def category_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The codes and labels under their groups, as the choices of a form field."""
    return [(group.label, list(group.categories.items())) for group in GROUPS]


def label_of(code: str) -> str:
    """The label of a code; of one that is no longer in the list, the code itself, so that a record is never silent."""
    return LABELS.get(code, code)


def guidance_for(code: str, *, dsl: str) -> Guidance:
    """What to do with a concern of this code: its own guidance or its group's; of an unknown one, what always holds."""
    group = GROUP_OF.get(code)
    found = OWN.get(code) or (group.guidance if group else ALWAYS)
    return found.for_school(dsl)
