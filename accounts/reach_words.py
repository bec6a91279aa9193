"""What a role reaches, in few words: several houses or years that one person has in one role are said once."""

from collections.abc import Iterable

from accounts.models import Membership

# Key stage → its years. One to four: Education Act 2002, section 82; five is what schools call the two years after.
KEY_STAGES = {1: (1, 2), 2: (3, 4, 5, 6), 3: (7, 8, 9), 4: (10, 11), 5: (12, 13)}


def years_in_words(years: Iterable[int]) -> str:
    """ "Year 7", "Years 10 and 11", "Years 7 to 9 and 11"; "" for none."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [part for run in runs for part in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    if not parts:
        return ""
    plural = "s" if sum(map(len, runs)) > 1 else ""
    return f"Year{plural} {listed(parts)}"


def places_in_words(held: Iterable[Membership]) -> str:
    """Of memberships in one role, their house read with them: "Becket and Curie", "Years 7 to 9"; "" for no limit."""
    places: dict[str, set[int]] = {}
    for one in held:
        years = places.setdefault(str(one.house) if one.house_id else "", set())
        years |= {one.year_group} if one.year_group else set()
    return listed([f"{house} {years_in_words(years)}".strip() for house, years in places.items() if house or years])


def listed(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
