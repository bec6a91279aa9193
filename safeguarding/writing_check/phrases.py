"""Opinions that stand among facts, and labels put on children and families.

An opinion is not forbidden: it stands apart from what was seen. A label says nothing about what happened, blames a
child for what was done to them, and stays in the file for life. What stands in quotation marks is somebody's words.
"""

from collections.abc import Callable, Iterator

from safeguarding.writing_check.reading import Kind, Reading, Remark
from safeguarding.writing_check.words import word_set

Phrases = dict[str, list[tuple[str, ...]]]


def _phrases(text: str) -> Phrases:
    """Phrases parted by commas → first word → phrases, the longest first."""
    found: Phrases = {}
    for phrase in text.split(","):
        if words := tuple(phrase.split()):
            found.setdefault(words[0], []).append(words)
    return {first: sorted(phrases, key=len, reverse=True) for first, phrases in found.items()}


OPINIONS = _phrases(
    """obviously, clearly, evidently, undoubtedly, no doubt, without doubt, of course, surely, definitely, probably,
    presumably, supposedly, apparently, allegedly, most likely, i think, i believe, i feel, i suspect, i guess, i
    assume, i reckon, i imagine, i bet, i suppose, i doubt, i'm sure, i am sure, i'm certain, i am certain, i sense,
    in my opinion, in my view, my opinion is, my view is, gut feeling, my feeling is, my impression, it feels like,
    i sensed, i would say, seemed, seems, seem, seemingly, appears to, appeared to, looked like she, looked like he,
    looked guilty, typical, typically, as usual, as always, as ever, must have, must be, just wants, just wanted,
    only wants, only wanted, for no reason, overreacting, overreacted, over-reacting, exaggerating, exaggerated,
    made it up, making it up, made this up, is lying about, was lying about, are lying about, were lying about,
    lying to me, hiding something, up to something, everybody knows, everyone knows, strange vibe, bad feeling, not
    surprised, no surprise, unsurprisingly"""
)
LABELS = _phrases(
    """manipulative, manipulating, manipulator, naughty, promiscuous, promiscuity, attention seeking,
    attention-seeking, attention seeker, attention-seeker, kicked off, kicking off, kicks off, kick off, kicked-off,
    bad home, broken home, rough home, rough family, bad family, problem family, problem families, dysfunctional,
    troubled family, chaotic family, chaotic home, troublemaker, trouble maker, trouble-maker, problem child,
    problem children, difficult child, difficult girl, difficult boy, difficult family, difficult parent, difficult
    parents, difficult mother, difficult father, difficult student, difficult pupil, liar, liars, compulsive liar,
    lazy, drama queen, drama-queen, over-dramatic, overdramatic, dramatic, melodramatic, hysterical, a nightmare to,
    is a nightmare, was a nightmare, are a nightmare, total nightmare, absolute nightmare, complete nightmare, lost
    cause, hopeless case, lifestyle choice, life-style choice, bad attitude, poor attitude, attitude problem, bad
    influence, playing the victim, plays the victim, played the victim, playing up, acting up, acting out, winding
    up, winds people up, stroppy, strop, mardy, sulky, sulking, sulked, moody, rude, cheeky, defiant, unruly, feral,
    wild child, out of control, thug, thugs, chav, chavs, chavvy, slut, slutty, tarty, slag, psycho, nutter, crazy,
    mental case, weird, weirdo, creepy, oddball, odd child, toxic, needy, clingy, spoilt, spoiled brat, brat, brats,
    bad parent, bad parents, bad mother, bad father, bad mum, bad dad, useless parents, poor parenting, bad
    parenting, asking for it, brought it on herself, brought it on himself, brought it on themselves, streetwise,
    street-wise, street wise, mature for her age, mature for his age, old for her age, refuses to engage, refused to
    engage, refusing to engage, won't engage, will not engage, hard to reach, non-compliant, child prostitute, child
    prostitution, prostituting herself, prostituting himself, child pornography, child porn, putting herself at
    risk, putting himself at risk, puts herself at risk, puts himself at risk, placing herself at risk, placing
    himself at risk, threw a tantrum, throwing a tantrum, had a tantrum, hissy fit, paranoid, pathetic, stupid,
    evil, nasty piece of work, wrong crowd, bad crowd, bad egg, bad lot, up to no good, usual suspects, his own
    worst enemy, her own worst enemy, naughtiness"""
)
OPINION = "{} is an opinion. Say what you saw or heard that made you think so; the opinion itself can go under context."
LABEL = "{} judges and does not say what happened. Write what was done or said instead."
BLAMES = "{} can read as if the child chose it. Write what was done to the child, and by whom."
IMAGES = "{} hides that it is abuse. Write “images of the abuse of a child”, or who exploited the child and how."
OWN_ADVICE = {
    BLAMES: "promiscuous promiscuity lifestyle life-style asking brought putting puts placing streetwise street-wise"
    " street mature old",
    IMAGES: "child prostituting",
}
_OWN = {first: advice for advice, words in OWN_ADVICE.items() for first in words.split()}
# "spoke clearly", "clearly visible": how something was said or seen, no opinion
MANNER_BEFORE = word_set(
    """spoke speak speaks speaking said say wrote written heard hear see saw explained very more"""
)
MANNER_AFTER = word_set("visible heard audible marked labelled and said hear see")


def opinions_in(reading: Reading) -> Iterator[Remark]:
    """Words of opinion outside of quotation marks."""
    yield from _found(reading, OPINIONS, "opinion", lambda _: OPINION)


def labels_in(reading: Reading) -> Iterator[Remark]:
    """Labels outside of quotation marks."""
    yield from _found(reading, LABELS, "label", lambda first: _OWN.get(first, LABEL))


def _found(reading: Reading, phrases: Phrases, kind: Kind, advice: Callable[[str], str]) -> Iterator[Remark]:
    for at, word in enumerate(reading.words):
        for phrase in phrases.get(word.low, ()):
            span = reading.words[at : at + len(phrase)]
            if tuple(one.low for one in span) == phrase and not reading.quoted[at] and not _is_manner(reading, at):
                yield reading.remark(kind, at, at + len(phrase) - 1, advice(word.low))
                break


def _is_manner(reading: Reading, at: int) -> bool:
    if reading.words[at].low != "clearly":
        return False
    before = at > 0 and reading.words[at - 1].low in MANNER_BEFORE
    return before or (at + 1 < len(reading.words) and reading.words[at + 1].low in MANNER_AFTER)
