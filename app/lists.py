"""Read the lists that practitioners own: messages, questions, words, services, phrases, the area."""

from dataclasses import dataclass
from pathlib import Path

from core.area import Area, load_area
from core.local_offer.directory import Directory, load_directory
from core.local_offer.sentences import Sentences, load_sentences
from core.safeguarding.languages import Languages, load_languages
from core.safeguarding.phrases import Phrases, load_phrases
from core.settings import Settings
from core.text.glossary import Glossary, load_glossary
from core.text.messages import Catalogue, load_catalogue
from core.text.people import load_names
from core.views.question_bank import Bank
from core.views.questions import load_questions
from core.views.responses import Responses, load_responses
from core.views.themes import Themes, load_themes

LANGUAGE = "en-GB"


@dataclass(frozen=True, slots=True)
class Lists:
    """All of them, read once when the service starts."""

    catalogue: Catalogue
    bank: Bank
    glossary: Glossary
    directory: Directory
    sentences: Sentences
    phrases: Phrases
    languages: Languages
    area: Area
    themes: Themes
    responses: Responses


def read_lists(settings: Settings) -> Lists:
    """Read every list; BrokenDataFile or DirectoryNotReadable say which file and line, and what to do."""
    data = settings.data
    directory = load_directory(data / "local_offer")
    area = load_area(settings.area_file)
    return Lists(
        catalogue=load_catalogue(messages_folder(data)),
        bank=load_questions(data / "questions.yml"),
        glossary=load_glossary(data / "glossary.yml"),
        directory=directory,
        sentences=load_sentences(data / "local_offer", directory.words),
        phrases=load_phrases(data / "safeguarding_phrases.yml"),
        languages=load_languages(data / "languages.yml", load_names(data / "names.txt")),
        area=area,
        themes=load_themes(data / "themes.yml"),
        responses=load_responses(data / "responses.yml", districts={each.id for each in area.districts}),
    )


def messages_folder(data: Path) -> Path:
    """Give the folder of the messages in the language that is spoken."""
    return data / "messages" / LANGUAGE
