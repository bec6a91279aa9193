"""The passphrase: strong, and said over the telephone."""

from safeguarding.transfer import phrases


def test_it_is_beyond_guessing_and_drawn_anew_each_time() -> None:
    assert len(set(phrases.WORDS)) == len(phrases.WORDS) >= 512
    assert len(phrases.WORDS) ** phrases.LENGTH >= 2**72
    drawn = {phrases.new_phrase() for _ in range(200)}
    assert len(drawn) == 200
    assert all(phrases.is_ours(phrase) for phrase in drawn)
    assert max(len(phrase) for phrase in drawn) < 127, "what a PDF takes"


def test_words_are_told_apart_by_their_sound_on_paper() -> None:
    assert all(word.isascii() and word.islower() and 2 < len(word) <= 10 for word in phrases.WORDS)


def test_nothing_weaker_seals_a_file() -> None:
    good = phrases.new_phrase()
    for bad in ("", "secret", good.rsplit("-", 1)[0], good + "-zebra", good.upper(), "zebra zebra", good[:-1] + "!"):
        assert not phrases.is_ours(bad), bad
    assert phrases.cleaned(f"  {good.replace('-', ' ').upper()} ") == good
