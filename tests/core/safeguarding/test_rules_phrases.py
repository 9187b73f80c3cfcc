"""The list of phrases says what it means, and a mistake in it is named with its line and what to do."""

from pathlib import Path

import pytest

from core.safeguarding.phrases import Category, Level, load_phrases
from core.safeguarding.rules import Heard, listen
from core.text.yaml_source import BrokenDataFile

HEAD = """\
sets:
  other_child: [my friend]
  i: [i, "{other_child}"]
  worker: [teacher]
  family: [dad]
  adult: ["{worker}", "{family}", big man]
spelling: {dont: do not, no one: nobody}
symbols: {"\U0001f52a": knife}
real_words: [looked]
ordinary: ["hits the ball"]
supposing: ["what if"]
past: ["used to"]
made_up: ["in the game"]
"""
ENTRY = """\
phrases:
  - id: hits
    category: physical_abuse
    level: danger
"""


def phrases_of(folder: Path, entry: str, head: str = HEAD) -> Path:
    file = folder / "phrases.yml"
    file.write_text(head + entry, encoding="utf-8")
    return file


def hear(folder: Path, entry: str, said: str) -> Heard | None:
    return listen(said, load_phrases(phrases_of(folder, entry)))


def test_words_sets_either_optional_and_gaps_are_understood(tmp_path: Path) -> None:
    entry = ENTRY + '    words: ["{adult} really? hits|kicks .. arm"]\n'
    for said in (
        "dad hits arm",
        "teacher really kicks my left arm",
        "big man hits arm",
        "dad hits a b c d e arm",
    ):
        assert hear(tmp_path, entry, said) is not None, said
    for said in ("dad arm", "hits arm", "dad hits a b c d e f arm", "dad hits. my arm", "dad hits not arm"):
        assert hear(tmp_path, entry, said) is None, said


def test_whole_is_heard_only_when_nothing_else_is_said(tmp_path: Path) -> None:
    entry = ENTRY + '    whole: ["not safe"]\n'
    assert hear(tmp_path, entry, "Not safe!") is not None
    assert hear(tmp_path, entry, "the road is not safe") is None


def test_together_is_heard_in_any_order_in_a_short_sentence(tmp_path: Path) -> None:
    entry = ENTRY + '    together: [["dad|teacher", hits, me]]\n'
    assert hear(tmp_path, entry, "me hits dad") is not None
    assert hear(tmp_path, entry, "me a b c d e hits dad") is None
    assert hear(tmp_path, entry, "a b c d e f me hits dad") is None
    assert hear(tmp_path, entry, "dad not hits me") is None


def test_a_picture_may_stand_for_a_word(tmp_path: Path) -> None:
    assert hear(tmp_path, ENTRY + '    words: ["dad knife"]\n', "dad \U0001f52a") is not None


def test_what_is_about_another_child_has_its_own_level(tmp_path: Path) -> None:
    entry = ENTRY + '    about_other_child: worry\n    words: ["{i} cries"]\n'
    about_me, about_friend = hear(tmp_path, entry, "i cries"), hear(tmp_path, entry, "my friend cries")
    assert about_me is not None
    assert about_me.level is Level.DANGER
    assert about_friend is not None
    assert about_friend.level is Level.WORRY
    assert about_friend.categories == (Category.PHYSICAL_ABUSE, Category.ANOTHER_CHILD)


def test_idioms_and_games_are_nothing_and_supposing_is_a_worry(tmp_path: Path) -> None:
    entry = ENTRY + '    words: ["dad hits"]\n'
    assert hear(tmp_path, entry, "dad hits the ball") is None
    assert hear(tmp_path, entry, "dad hits in the game") is None
    supposed = hear(tmp_path, entry, "what if dad hits")
    assert supposed is not None
    assert supposed.level is Level.WORRY
    hint = entry.replace("danger", "worry")
    assert hear(tmp_path, hint, "what if dad hits") is None


def test_a_word_that_is_a_word_is_no_slip_of_another(tmp_path: Path) -> None:
    entry = ENTRY + '    words: ["dad locked"]\n'
    assert hear(tmp_path, entry, "dad lockd") is not None
    assert hear(tmp_path, entry, "dad looked") is None


@pytest.mark.parametrize(
    ("entry", "line", "what", "what_to_do"),
    [
        (ENTRY, 15, "no words", "words:"),
        (ENTRY + '    words: ["{adlt} hits"]\n', 18, "no set '{adlt}'", "spelt"),
        (ENTRY + '    words: ["{adult hits"]\n', 18, "no set '{adult'", "spelt"),
        (ENTRY + '    words: ["  "]\n', 18, "no words", "shorter"),
        (ENTRY + f'    words: ["{" ".join(["a?"] * 20)}"]\n', 18, "1048576 ways", "shorter"),
        (ENTRY + '    together: [["{adlt}"]]\n', 18, "no set '{adlt}'", "spelt"),
        (ENTRY.replace("danger", "bad") + "    words: [a]\n", 17, "level", "Write danger or worry"),
        (
            ENTRY.replace("physical_abuse", "fire") + "    words: [a]\n",
            16,
            "category",
            "Write self_harm, suicide",
        ),
        (ENTRY + "    word: [a]\n", 18, "not known", "spelt"),
        (
            ENTRY + "    words: [a]\n" + ENTRY.removeprefix("phrases:\n") + "    words: [b]\n",
            19,
            "twice",
            "new id",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, entry: str, line: int, what: str, what_to_do: str
) -> None:
    with pytest.raises(BrokenDataFile) as error:
        load_phrases(phrases_of(tmp_path, entry))
    assert error.value.line == line
    assert what in error.value.what
    assert what_to_do in error.value.what_to_do


def test_a_set_that_holds_itself_or_an_unknown_one_is_refused(tmp_path: Path) -> None:
    for wrong in ('"{adult}"', '"{nobody}"'):
        head = HEAD.replace("  family: [dad]", f"  family: [dad, {wrong}]")
        with pytest.raises(BrokenDataFile, match="not a set that can stand here") as error:
            load_phrases(phrases_of(tmp_path, ENTRY + "    words: [a]\n", head))
        assert error.value.line in {5, 6}  # either of the two sets that hold each other


def test_a_list_without_sets_for_other_children_can_be_used(tmp_path: Path) -> None:
    head = HEAD.replace("  other_child: [my friend]\n", "").replace(', "{other_child}"', "")
    file = phrases_of(tmp_path, ENTRY + '    words: ["{i} fall"]\n', head)
    assert listen("i fall", load_phrases(file)) is not None


def test_a_symbol_is_nothing_that_stands_on_a_keyboard(tmp_path: Path) -> None:
    head = HEAD.replace("\U0001f52a", ":(")
    with pytest.raises(BrokenDataFile, match="no letter, figure or mark of a keyboard"):
        load_phrases(phrases_of(tmp_path, ENTRY + '    words: ["hits"]\n', head))


@pytest.mark.parametrize("nothing", ["um: ''", "um: ' '", "' ': um"])
def test_a_spelling_of_no_words_is_named(tmp_path: Path, nothing: str) -> None:
    head = HEAD.replace("{dont:", f"{{{nothing}, dont:")
    with pytest.raises(BrokenDataFile, match=r"line 7: .* does not fit"):
        load_phrases(phrases_of(tmp_path, ENTRY + '    words: ["hits"]\n', head))


def test_a_space_at_the_end_of_one_word_makes_no_second(tmp_path: Path) -> None:
    head = HEAD.replace("{dont:", "{'hitz ': hits, dont:").replace("[teacher]", "[teacher, 'driver ']")
    file = phrases_of(tmp_path, ENTRY + '    words: ["{worker} hits"]\n', head)
    assert listen("driver hitz", load_phrases(file)) is not None
