"""What we can not read is known as that, with the language it most likely is; what young people write is read."""

from pathlib import Path

import pytest
import yaml

from app.lessons import everyday_lines, read_lessons
from core.safeguarding.languages import load_languages
from core.safeguarding.phrases import Level
from core.safeguarding.unreadable import Unreadable, find_unreadable
from core.settings import Settings
from core.text.people import load_names
from core.text.yaml_source import BrokenDataFile
from tests.builders import lists

DATA = Settings().data


def look_at(text: str) -> Unreadable | None:
    return find_unreadable(text, lists().languages, lists().phrases.lexicon)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nie chcę wracać do domu boję się", "Polish"),
        ("nie chce wracac do domu boje sie taty", "Polish"),
        ("nu vreau să merg acasă mi-e frică", "Romanian"),
        ("mi padre me pega todos los dias y tengo miedo", "Spanish"),
        ("tenho medo do meu pai ele bate muito", "Portuguese"),
        ("j'ai peur de mon père il me frappe tous les soirs", "French"),
        ("non voglio andare a casa ho paura di mio padre", "Italian"),
        ("babam beni dövüyor eve gitmek istemiyorum", "Turkish"),
        ("я боюсь идти домой папа бьёт меня", "Russian"),
        ("мене б'є тато боюся", "Ukrainian"),  # noqa: RUF001
        ("أنا خائف من أبي", "Arabic"),
        ("مجھے گھر جانے سے ڈر لگتا ہے", "Urdu"),
        ("আমার বাবা আমাকে মারে", "Bengali"),
        ("ਮੈਨੂੰ ਘਰ ਤੋਂ ਡਰ ਲੱਗਦਾ ਹੈ", "Punjabi"),
        ("我爸爸打我我很害怕", "Mandarin"),
        ("aabbahay ayaa i garaaca markasta", None),
    ],
)  # fmt: skip
def test_another_language_can_not_be_read(text: str, language: str | None) -> None:
    found = look_at(text)
    assert found is not None
    assert (found.language.name if found.language else None) == language
    assert found.heard.level is Level.WORRY


@pytest.mark.parametrize(
    "text",
    [
        "wot r u on abt m8 lol",
        "my unkl kiks me",
        "me no like room door shut",
        "\U0001f641 \U0001f6cf\ufe0f \U0001f468 \U0001f44e",
        "1 2 3 4 5",
        "nie wiem",
        "Krzysztof Aisha Mohammed",
        "i like pierogi and my babcia",
        "",
    ],
)
def test_text_speak_slips_symbols_names_and_two_words_can_be_read(text: str) -> None:
    assert look_at(text) is None


def test_of_what_is_written_here_as_young_people_write_nearly_nothing_is_taken_for_unreadable() -> None:
    told = [each.text for each in read_lessons(DATA) if each.source in {"examples", "bank"}]
    assert [text for text in told if look_at(text)] == []
    lines = set(everyday_lines(DATA / "training" / "nlu"))
    assert sum(look_at(line) is not None for line in lines) / len(lines) < 0.002


def test_a_line_that_lacks_a_number_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "languages.yml"
    file.write_text(yaml.safe_dump({"languages": [{"name": "Welsh", "words": "a", "line": "Ffoniwch 999"}]}))
    with pytest.raises(BrokenDataFile, match="0800 1111"):
        load_languages(file, load_names(DATA / "names.txt"))
