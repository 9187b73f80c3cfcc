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
from core.views.responses import Known, Responses, load_responses
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
    bank, themes = load_questions(data / "questions.yml"), load_themes(data / "themes.yml")
    return Lists(
        catalogue=load_catalogue(messages_folder(data)),
        bank=bank,
        glossary=load_glossary(data / "glossary.yml"),
        directory=directory,
        sentences=load_sentences(data / "local_offer", directory.words),
        phrases=load_phrases(data / "safeguarding_phrases.yml"),
        languages=load_languages(data / "languages.yml", load_names(data / "names.txt")),
        area=area,
        themes=themes,
        responses=load_responses(data / "responses.yml", known_to(area, bank, themes)),
    )


def known_to(area: Area, bank: Bank, themes: Themes) -> Known:
    """Give the ids that "you said, we did" may name."""
    asked = [question for held in bank.sets for question in held.questions]
    return Known(
        districts={each.id for each in area.districts},
        terms={each.id for each in area.periods},
        themes={each.id for each in themes.themes},
        questions={question.id: {answer.id for answer in question.answers} for question in asked},
    )


def messages_folder(data: Path) -> Path:
    """Give the folder of the messages in the language that is spoken."""
    return data / "messages" / LANGUAGE
