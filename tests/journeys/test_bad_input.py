"""What no one should send, and machines that are not well: each has a clear answer, and nothing is lost."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.text.messages import load_catalogue
from tests.channels.web_chat.browsing import free_port
from tests.journeys.people import SimulatedPhone, YoungPerson
from tests.journeys.running import ROOT
from tests.journeys.service import (
    NOBODY_LISTENS,
    TunedService,
    link_models,
    run_command,
    tuned_service,
    until,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

DISGUISES = [
    "/restart",
    "\uff0frestart",
    "\u200b/restart",
    " /restart",
    '/choose_answer{"answer":"good"}',
    "\u2215restart",
]
CATALOGUE = load_catalogue(ROOT / "data" / "messages" / "en-GB")
ASKS_WHAT_IS_MEANT = {"trouble_not_understood", "trouble_which_of_these"}


@pytest.fixture
def someone(shared_service: TunedService) -> YoungPerson:
    """A young person before their first question."""
    arrived = YoungPerson.arrive(shared_service)
    arrived.tap("Tell you what I think")
    assert "Question 1 of 9" in arrived.words
    return arrived


def test_a_text_of_100_kb_is_kept_whole_and_answered(someone: YoungPerson) -> None:
    long = ("school is ok and i like art. " * 3600)[:100_000]
    someone.say(long)
    assert "That was a long message. I kept it all." in someone.words
    assert long in [message["text"] for message in someone.read_all()]


def test_danger_at_the_end_of_100_kb_is_heard(someone: YoungPerson) -> None:
    someone.say("i like art. " * 8000 + "he hits me and im scared to go home")
    assert someone.last[0]["kind"] == "safety"


def test_more_than_we_take_is_said_so_and_its_start_is_kept(someone: YoungPerson) -> None:
    sent = someone.send(text="b" * 250_000)
    assert sent.status_code == 413
    assert "I kept the first part." in sent.json()["title"]
    kept = until(lambda: [each["text"] for each in someone.read_all() if each["text"].startswith("bbb")])
    assert len(kept[0]) == 200_000


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_text_without_words_is_refused_in_words(someone: YoungPerson, text: str) -> None:
    refused = someone.send(text=text)
    assert refused.status_code == 422
    assert "I can not see any words." in refused.json()["title"]


def test_only_emoji_is_an_answer_and_a_happy_face_a_choice(someone: YoungPerson) -> None:
    assert "Question 2 of 9" in someone.say("\U0001f600\U0001f600")


def test_only_emoji_as_own_words_is_an_answer_and_kept_as_it_is(someone: YoungPerson) -> None:
    for _ in range(7):
        someone.tap("Skip")
    assert "What is good about school?" in someone.words
    said = someone.say("\U0001f600")
    assert "You sent: grinning face." in said
    assert "Question 9 of 9" in said
    assert "\U0001f600" in [message["text"] for message in someone.read_all()]


@pytest.mark.parametrize("text", DISGUISES)
def test_no_typed_word_is_a_command_to_rasa(someone: YoungPerson, text: str) -> None:
    """They are answered like other words, whatever they are taken for, and the question stays open."""
    assert someone.say(text)
    assert "Question 1 of 9" in someone.say("say that again")
    assert troubles_told(someone) == set()


def test_a_bot_that_does_not_answer_is_told_as_a_trouble(tmp_path: Path) -> None:
    """What the test before this looks for is found where it is."""
    with tuned_service(tmp_path, RASA_URL=NOBODY_LISTENS) as service:
        someone = YoungPerson.arrive(service)
        someone.say(DISGUISES[0])
        assert troubles_told(someone) == {"trouble_kept_message"}


def test_a_choice_of_another_conversation_is_refused(
    shared_service: TunedService, someone: YoungPerson
) -> None:
    another = YoungPerson.arrive(shared_service)
    another.tap("Tell you what I think")
    refused = someone.send(choice=another.choice("Good"))
    assert refused.status_code == 409
    assert refused.json()["title"]
    assert "Question 2 of 9" in someone.tap("Good")


def test_the_key_of_another_conversation_opens_nothing(
    shared_service: TunedService, someone: YoungPerson
) -> None:
    another = YoungPerson.arrive(shared_service)
    where = f"/chat/conversations/{someone.conversation}/messages"
    assert another.http.get(where).status_code in {401, 403, 404}
    assert another.http.post(where, json={}).status_code in {401, 403, 404}


def test_a_photo_to_the_pretend_phone_is_answered_in_words(shared_service: TunedService) -> None:
    phone = SimulatedPhone.pick_up(shared_service, "904")
    phone.text("hi")
    phone.text("1")
    assert "I cannot see pictures. I did not keep it." in "\n".join(phone.text("", photo="yes"))


def test_rasa_killed_in_the_middle_loses_nothing(mortal_service: TunedService) -> None:
    someone = YoungPerson.arrive(mortal_service)
    someone.tap("Tell you what I think")
    mortal_service.kill_rasa()
    said = someone.say("not gud")
    assert "I kept your message." in said or "Question 2 of 9" in said
    mortal_service.wait_for_rasa()
    until(lambda: "Question 2 of 9" in someone.read_all()[-1]["text"], seconds=60)
    someone.hear()
    texts = [message["text"] for message in someone.read_all()]
    assert texts.count("not gud") == 1
    assert sum("Question 2 of 9" in text for text in texts) == 1
    assert "Question 3 of 9" in someone.tap("Safe")


def test_the_same_message_twice_has_one_answer(someone: YoungPerson) -> None:
    once = "5f0c7a52-6c11-4f38-9a5c-0d8f9ce54a10"
    someone.send(text="good", client_id=once)
    someone.hear()
    again = someone.send(text="good", client_id=once)
    assert again.status_code == 200
    assert [message["text"] for message in someone.read_all()].count("good") == 1


def test_broken_questions_are_refused_with_file_line_and_what_to_do(tmp_path: Path) -> None:
    written = (ROOT / "data" / "questions.yml").read_text()
    broken = tmp_path / "questions.yml"
    broken.write_text(
        written.replace("symbol: not_safe", "symbol: not_a_symbol", 1).replace("kind: view", "kind: veiw", 1)
    )
    refused = run_command(tmp_path, "questions", "check", str(broken))
    assert refused.returncode == 1
    line = next(number for number, text in enumerate(broken.read_text().splitlines(), 1) if "veiw" in text)
    assert f"questions.yml:{line}" in refused.stderr or f"line {line}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_broken_list_is_refused_at_start(tmp_path: Path) -> None:
    link_models(tmp_path)
    broken = tmp_path / "area.yml"
    broken.write_text((ROOT / "data" / "area.yml").read_text() + "\nno such thing: [")
    refused = run_command(
        tmp_path, "run", AREA_FILE=str(broken), PORT=str(free_port()), RASA_URL=NOBODY_LISTENS
    )
    says_clearly(refused.returncode, refused.stderr, "area.yml, line ")


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run_command(tmp_path, "run", PORT=str(port), RASA_URL=NOBODY_LISTENS)
    says_clearly(refused.returncode, refused.stderr, f"Port {port} is in use.")


def test_a_database_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path}/file/service.db"
    refused = run_command(
        tmp_path, "run", PORT=str(free_port()), SERVICE_DATABASE_URL=url, RASA_URL=NOBODY_LISTENS
    )
    says_clearly(refused.returncode, refused.stderr, "The service store", "can't be used")


def test_a_database_of_another_version_is_said(tmp_path: Path) -> None:
    assert run_command(tmp_path, "api-keys", "add", "tool", "--scope", "summaries").returncode == 0
    with closing(sqlite3.connect(tmp_path / "var" / "service.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'of the future'")
    refused = run_command(tmp_path, "run", PORT=str(free_port()), RASA_URL=NOBODY_LISTENS)
    says_clearly(refused.returncode, refused.stderr, "was made by another version")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = run_command(tmp_path / "file", "run", PORT=str(free_port()), RASA_URL=NOBODY_LISTENS)
    says_clearly(refused.returncode, refused.stderr, "can't be made", "HYS_HOME")


def test_the_demo_does_not_play_beside_a_service_that_answers(shared_service: TunedService) -> None:
    refused = run_command(shared_service.home, "demo")
    says_clearly(refused.returncode, refused.stderr, "Stop it with Ctrl-C")


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    refused = run_command(tmp_path, "run", PORT="eight thousand")
    says_clearly(refused.returncode, refused.stderr, "PORT")


def troubles_told(someone: YoungPerson) -> set[str]:
    """Give the names of the messages of trouble in a conversation; to be asked what one means is none."""
    told = "\n".join(message["text"] for message in someone.read_all() if message["author"] != "you")
    return {
        message.name
        for message in CATALOGUE
        if message.name.startswith("trouble_")
        and message.name not in ASKS_WHAT_IS_MEANT
        and any(words in told for words in message.words.values())
    }


def says_clearly(code: int, said: str, *words: str) -> None:
    """Check that the command ended with words for a person, and nothing for a programmer."""
    assert code == 1, said
    assert "Traceback" not in said
    assert all(word in said.replace("\n", " ") for word in words), said
