"""What a second reader would notice in a comment before it goes home; advice, never a refusal."""

import re
from collections.abc import Iterable

SHORT, LONG = 80, 900
LONGEST_SENTENCE = 35
_WORD = re.compile(r"[\w’'-]+")
_LEFT_OPEN = re.compile(r"\[[^\]]*\]|<[^>]*>|\bXX+\b|\?\?+|\bTBC\b", re.IGNORECASE)


def hints(text: str, forename: str, other_forenames: Iterable[str] = ()) -> list[str]:
    """Short sentences of advice on a comment about `forename`; none for an empty one.

    `other_forenames` are the others of the group: a name of theirs is usually left from copying.
    """
    if not text.strip():
        return []
    words = {word.removesuffix("’s").removesuffix("'s") for word in _WORD.findall(text)}
    found = []
    strangers = sorted(name for name in set(other_forenames) - {forename} if name in words)
    if strangers:
        found.append(f"Names {' and '.join(strangers)}: is this the right student?")
    if forename not in words:
        found.append(f"Does not say {forename}’s name.")
    if _LEFT_OPEN.search(text):
        found.append("Something in brackets or marked to be filled in is still there.")
    if len(text) < SHORT:
        found.append("Very short for a family to read.")
    if len(text) > LONG:
        found.append(f"Long: {len(text)} characters may run over the report’s page.")
    longest = max(len(_WORD.findall(sentence)) for sentence in re.split(r"[.!?]+", text))
    if longest > LONGEST_SENTENCE:
        found.append(f"A sentence of {longest} words is hard to read aloud.")
    return found
