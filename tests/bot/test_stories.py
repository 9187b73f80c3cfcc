"""Whole stories with the real Rasa, the real model and the real actions."""

import pytest

from bot.actions.knowledge import Knowledge
from core.conversation.bot import (
    ExplainWord,
    OpenRequest,
    RecordComment,
    RecordUnmetNeed,
    RecordView,
    ShowService,
)
from core.views.question_bank import QuestionKind
from tests.bot.talk import Talk, until_free_text

pytestmark = pytest.mark.journey

SAID = RecordView("said", "education", None, text=True)


async def test_a_whole_set_is_played_and_every_answer_is_a_view(talk: Talk, knowledge: Knowledge) -> None:
    await talk.chooses("start_questions", set="education")
    recorded = []
    questions = knowledge.bank.set("education").questions
    in_one_place = RecordView("places:education", "education", "one-place", text=False)
    for question in questions:
        assert talk.asked == question.id
        if question.kind is QuestionKind.FREE_TEXT:
            await talk.types("the teachers are kind and i want more art")
            expected = RecordView(question.id, "education", None, text=True)
        else:
            await talk.picks(question.answers[0].id)
            expected = RecordView(question.id, "education", question.answers[0].id, text=False)
        assert talk.decided == ([expected, in_one_place] if question is questions[-1] else [expected])
        recorded.append(question.id)
    assert list(talk.state["answers"]) == recorded
    assert talk.said[:2] == ["questions_done", "about_you_start"]
    assert talk.asked == "about-age"


async def test_what_somebody_tells_about_themselves_is_no_view(talk: Talk) -> None:
    await talk.chooses("start_questions", set="about-you")
    await talk.picks("13-15")
    assert talk.decided == []
    assert talk.state["answers"] == {"about-age": "13-15"}


async def test_after_the_last_question_the_menu_comes(talk: Talk) -> None:
    await talk.chooses("start_questions", set="about-you")
    while talk.asked:
        await talk.chooses("skip_question")
    assert talk.said == ["question_skipped", "about_you_done", "menu_question"]
    assert talk.state["flow"] is None


async def test_a_word_is_explained_in_the_middle_and_the_question_comes_back(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.types("what does EHCP mean")
    assert talk.answer.says[0] == ExplainWord("ehcp")
    assert talk.asked == "edu-safe"
    await talk.picks("safe")
    assert talk.decided == [RecordView("edu-safe", "education", "safe", text=False)]


async def test_a_word_is_explained_in_the_middle_of_own_words_too(talk: Talk) -> None:
    question = await until_free_text(talk)
    await talk.types("what is an EHCP?")
    assert talk.answer.says[0] == ExplainWord("ehcp")
    assert talk.asked == question


async def test_going_back_and_answering_again_goes_on_where_it_was(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.picks("good")
    await talk.types("go back")
    assert talk.asked == "edu-like"
    await talk.picks("not-good")
    assert talk.decided == [RecordView("edu-like", "education", "not-good", text=False)]
    assert talk.asked == "edu-safe"


async def test_skipping_leaves_no_view(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.types("skip")
    assert (talk.decided, talk.asked) == ([], "edu-safe")


async def test_a_free_sentence_is_a_view_without_any_menu(talk: Talk) -> None:
    await talk.types("i hate maths cos its too loud")
    assert talk.decided == [SAID]
    assert talk.said == ["view_said_back", "view_heard_not_good", "view_better_question"]
    await talk.types("if the room was quiet")
    assert talk.decided == [RecordView("said", "education", "bad", text=True)]
    assert talk.state["flow"] is None


async def test_a_request_is_asked_for_step_by_step_read_back_and_sent(talk: Talk) -> None:
    await talk.types("can i have a key worker plz")
    assert talk.said[-1] == "request_about_question"
    await talk.types("i need help with my meeting")
    assert talk.state["lifts"] == "first_name"
    await talk.types("(given)")
    await talk.picks("call")
    assert talk.state["lifts"] == "reach"
    await talk.types("(given)")
    await talk.picks("afternoon")
    await talk.picks("nobody")
    assert talk.said == ["request_permission_question"]
    await talk.types("yeah thats fine")
    assert talk.said == ["request_read_back", "request_read_back_reach", "request_read_back_question"]
    await talk.picks("change")
    await talk.picks("when")
    await talk.picks("morning")
    assert talk.said[-1] == "request_read_back_question"
    await talk.picks("send")
    assert talk.decided == [OpenRequest()]
    assert talk.state["request"]["about"] == "i need help with my meeting"
    assert talk.state["request"]["when"] == "morning"
    assert talk.state["flow"] is None


async def test_help_in_the_middle_of_questions_comes_back_to_the_question(talk: Talk) -> None:
    await talk.chooses("start_questions", set="education")
    await talk.types("i need someone to talk to im 14")
    assert ShowService("kooth") in talk.answer.says
    await talk.picks("none-of-these")
    assert talk.decided == [RecordComment(("kooth",), "not-right"), RecordUnmetNeed(None)]
    assert talk.asked == "edu-like"
    await talk.picks("good")
    assert talk.decided == [RecordView("edu-like", "education", "good", text=False)]


async def test_help_is_searched_for_in_own_words_and_without_an_age(talk: Talk) -> None:
    await talk.chooses("find_help")
    await talk.types("someone to talk to about feelings")
    assert talk.said == ["find_help_age_question"]
    await talk.chooses("skip_question")
    assert ShowService("kooth") in talk.answer.says
