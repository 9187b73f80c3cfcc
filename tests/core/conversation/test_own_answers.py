"""The answer to what somebody said themselves: read with the delete code of that term, and nothing is deleted."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core.conversation.accept_text import accept_text
from core.conversation.arrived import InboundText
from core.conversation.given_codes import show_code
from core.conversation.house import House
from core.ids import new_id
from core.rate_limits import Limit
from core.text.code_words import CodeKind, code_words
from core.views.responses import Answers, Response, Responses
from core.views.tables import ErasureAsk
from tests.builders import PhoneTalk, WebTalk, answer_all
from tests.core.conversation.codes import (
    end_term,
    hand_over,
    house_of,
    phone_of_their_own,
    place_of,
    purge_now,
    texts,
    views_left,
)
from tests.fakes import FakeClock
from tests.stores import Stores

WRONG = " ".join(code_words()[:4])
SAID = "the bus is so late and my lunch is cold"
TOLD = "You said: Lunch is cold. We did: There is a new oven."
OTHER = "You said: The hall is loud. We did: It has a soft floor."
NONE = "I have no answer for that code now. You can ask again another day."
KEPT = "I deleted nothing. To delete, say 'delete my answers' first. Then write the code again."
DELETE = "delete what i said"
TOO_MANY = "That was a lot of codes. Please wait for 1 hour."


def response(its_id: str, said: str, did: str, theme: str, *, term: str = "2026-autumn") -> Response:
    return Response(
        id=its_id,
        told_on=date(2026, 12, 1),
        areas=("education",),
        said=said,
        did=did,
        answers=Answers(term=term, themes=(theme,)),
    )


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    house = house_of(stores, clock)
    (theme, *_) = house.themes.found_in(SAID)
    other = next(each.id for each in house.themes.themes if each.id not in house.themes.found_in(SAID))
    told = (
        response("oven", "Lunch is cold.", "There is a new oven.", theme),
        response("old", "It was cold.", "It is warm.", theme, term="2026-summer"),
        response("hall", "The hall is loud.", "It has a soft floor.", other),
    )
    return replace(house, responses=Responses(responses=told))


async def code_of_who_said(house: House, clock: FakeClock) -> str:
    """Say something, keep the code, and let the term end."""
    talk = await WebTalk.begin(house)
    await talk.say(SAID)
    code = await show_code(house, talk.conversation, CodeKind.DELETE)
    await end_term(house, clock)
    return " ".join(code)


async def asks_to_erase(house: House) -> int:
    async with house.codes.views.read() as session:
        return (await session.scalars(select(func.count()).select_from(ErasureAsk))).one()


async def said_to(phone: PhoneTalk, words: str) -> str:
    """Text these words, and give what was texted back, as one text or several."""
    await phone.text(words)
    return "\n".join(await hand_over(phone.house))


async def test_on_the_web_the_code_shows_what_answers_what_they_said_and_deletes_nothing(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    reading = await WebTalk.begin(house)
    await reading.say("my answers")
    said = [each.text for each in await reading.say(code)]
    assert said[:3] == ["This is the answer to what you told us.", TOLD, KEPT]
    assert await asks_to_erase(house) == 0
    await purge_now(house)
    assert await views_left(house) == 1


async def test_by_text_it_is_the_same_and_nothing_they_said_is_repeated(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    phone = await phone_of_their_own(house)
    await said_to(phone, "my answers")
    said = await said_to(phone, code)
    assert TOLD in said
    assert KEPT in said
    assert OTHER not in said
    assert SAID not in said
    assert await asks_to_erase(house) == 0


async def test_the_code_stands_in_no_message_and_no_row_names_it(house: House, clock: FakeClock) -> None:
    code = await code_of_who_said(house, clock)
    reading = await WebTalk.begin(house)
    await reading.say("my answers")
    await reading.say(code)
    left = await texts(house, reading.conversation)
    assert code not in left
    assert "(you wrote a code)" in left
    place = str(await place_of(house, reading.conversation))
    assert set(re.findall("[a-z]+", place)).isdisjoint(code.split())


async def test_a_wrong_code_is_told_the_same_as_a_right_one_without_an_answer(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    house = replace(house, responses=Responses(responses=()))
    reading = await WebTalk.begin(house)
    told = []
    for typed in (code, WRONG):
        await reading.say("my answers")
        told.append([each.text for each in await reading.say(typed)])
    assert told[0] == told[1]
    assert told[0][:2] == [NONE, KEPT]


async def test_an_answer_comes_on_its_day_and_only_once_the_views_have_moved(
    house: House, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    await talk.say(SAID)
    code = " ".join(await show_code(house, talk.conversation, CodeKind.DELETE))
    await talk.say("my answers")
    assert (await talk.say(code))[0].text == NONE
    await end_term(house, clock)
    await talk.say("my answers")
    assert (await talk.say(code))[1].text == TOLD


async def test_only_where_it_was_asked_for_a_code_is_read_and_everywhere_else_it_deletes(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    reading = await WebTalk.begin(house)
    await reading.say("my answers")
    await reading.tap("I have no code")
    await reading.say(code)
    assert await asks_to_erase(house) == 0
    await reading.say(DELETE)
    await reading.say(code)
    assert await asks_to_erase(house) == 1
    await purge_now(house)
    assert await views_left(house) == 0
    await reading.say("my answers")
    assert (await reading.say(code))[0].text == NONE


async def test_a_shared_phone_is_asked_for_no_code(house: House) -> None:
    phone = PhoneTalk(house, "+447700900456")
    await phone.text("hi")
    await phone.text("2")
    await hand_over(house)
    said = await said_to(phone, "my answers")
    assert "Other people may see this phone." in said
    assert "4 words" not in said


@pytest.mark.parametrize("by_text", [False, True])
async def test_after_ten_tries_in_an_hour_even_the_right_one_shows_nothing(
    house: House, clock: FakeClock, *, by_text: bool
) -> None:
    code = await code_of_who_said(house, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)

    async def said(words: str) -> str:
        if by_text:
            return await said_to(phone, words)
        return "\n".join(each.text for each in await web.say(words))

    for _ in range(10):
        await said("my answers")
        assert NONE in await said(WRONG)
    await said("my answers")
    refused = await said(code)
    assert TOO_MANY in refused
    assert TOLD not in refused


async def test_on_the_web_the_same_message_again_is_no_code_to_delete_by(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    reading = await WebTalk.begin(house)
    await reading.say("my answers")
    await reading.send(code, id_="once")
    await answer_all(house)
    await reading.say("thank you")
    assert (await reading.send(code, id_="once")).is_repeat
    assert await asks_to_erase(house) == 0


async def test_by_text_the_same_text_again_is_no_code_to_delete_by_and_uses_up_no_limit(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    phone = await phone_of_their_own(house)
    await phone.text("my answers")
    await phone.text(code, sid="SMonce")
    await phone.text("thank you")
    assert (await phone.text(code, sid="SMonce")).is_repeat
    fetched = InboundText(phone.number, "SMonce", code, is_late=True)
    for _ in range(100):
        assert (await accept_text(house, fetched)).is_repeat
    assert await asks_to_erase(house) == 0
    assert house.limiter.is_within(Limit.TEXTS, phone.number)


@pytest.mark.parametrize("by_text", [False, True])
async def test_a_code_that_is_read_and_written_once_more_is_read_again(
    house: House, clock: FakeClock, *, by_text: bool
) -> None:
    code = await code_of_who_said(house, clock)
    talk = await phone_of_their_own(house) if by_text else await WebTalk.begin(house)
    for words in ("my answers", WRONG, code, code):
        await (talk.text(words) if isinstance(talk, PhoneTalk) else talk.say(words))
    assert await asks_to_erase(house) == 0


@pytest.mark.parametrize("by_text", [False, True])
async def test_a_code_that_comes_before_the_wish_to_read_is_answered_is_read(
    house: House, clock: FakeClock, *, by_text: bool
) -> None:
    code = await code_of_who_said(house, clock)
    phone, web = await phone_of_their_own(house), await WebTalk.begin(house)
    for words in ("my answers", code):
        if by_text:
            await accept_text(house, InboundText(phone.number, f"SM{new_id()}", words))
        else:
            await web.send(words)
    await answer_all(house)
    assert await asks_to_erase(house) == 0


async def test_by_text_a_wish_of_more_than_half_an_hour_ago_reads_nothing(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    phone = await phone_of_their_own(house)
    await said_to(phone, "my answers")
    clock.go_on(minutes=31)
    assert TOLD not in await said_to(phone, code)
    assert await asks_to_erase(house) == 1


AS_PEOPLE_WRITE_IT = (
    "My answers.",
    "'my answers'",
    "\u201cmy answers\u201d",
    "\u2018My answers\u2019",
    "My  answers",
    "my\u00a0answers!!",
    "my answers please",
    "MY ANSWERS \U0001f64f",
    "see my answers?",
)
ONLY_ASKED_FOR = ("can i see my answers", "what r my anwsers", "dont delete owt i just want to see me ansers")


@pytest.mark.parametrize("wish", AS_PEOPLE_WRITE_IT)
@pytest.mark.parametrize("by_text", [False, True])
async def test_quotes_and_a_full_stop_do_not_hide_the_wish(house: House, *, wish: str, by_text: bool) -> None:
    if by_text:
        assert "4 words" in await said_to(await phone_of_their_own(house), wish)
    else:
        said = await (await WebTalk.begin(house)).say(wish)
        assert said[0].text == house.catalogue.say("answers_write_code")


@pytest.mark.parametrize("wish", [*AS_PEOPLE_WRITE_IT, *ONLY_ASKED_FOR])
async def test_after_any_words_that_ask_for_my_answers_a_code_deletes_nothing(
    house: House, clock: FakeClock, wish: str
) -> None:
    code = await code_of_who_said(house, clock)
    web, new_phone = await WebTalk.begin(house), PhoneTalk(house, "+447700900457")
    phone = await phone_of_their_own(house)
    for words in (wish, "wait i need to find it", "thank you", code, code):
        await web.say(words)
        await phone.text(words)
        await new_phone.text(words)
    assert await asks_to_erase(house) == 0


@pytest.mark.parametrize(
    "wish", [DELETE, "Delete what I said.", "can you delete my answers", "pls erase it all"]
)
@pytest.mark.parametrize("by_text", [False, True])
async def test_who_says_to_delete_after_it_deletes(
    house: House, clock: FakeClock, *, wish: str, by_text: bool
) -> None:
    code = await code_of_who_said(house, clock)
    talk = await phone_of_their_own(house) if by_text else await WebTalk.begin(house)
    for words in ("my answers", code, wish, code):
        await (talk.text(words) if isinstance(talk, PhoneTalk) else talk.say(words))
    assert await asks_to_erase(house) == 1


@pytest.mark.parametrize(
    "words",
    ["will this delete it", "dont delete it", "delete code", "delete nothing pls", "remove or just read"],
)
async def test_words_that_only_speak_of_deleting_are_no_wish_to_delete(
    house: House, clock: FakeClock, words: str
) -> None:
    code = await code_of_who_said(house, clock)
    web = await WebTalk.begin(house)
    for each in ("my answers", words, code):
        await web.say(each)
    assert await asks_to_erase(house) == 0


async def test_on_the_web_half_an_hour_after_other_words_a_code_deletes_again(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    web = await WebTalk.begin(house)
    await web.say("my answers")
    clock.go_on(minutes=31)
    await web.say(code)
    assert await asks_to_erase(house) == 0
    await web.say("thank you")
    await web.say(code)
    assert await asks_to_erase(house) == 1


async def test_a_text_of_a_books_length_is_no_wish_to_read(house: House) -> None:
    web = await WebTalk.begin(house)
    said = await web.say("my answers" + " " * 3000 + "are all about maths")
    assert said[0].text != house.catalogue.say("answers_write_code")


HELD = "my answers"


@pytest.mark.parametrize(
    "between",
    [
        (),
        ("1",),
        ("2",),
        ("thank you",),
        ("STOP",),
        (WRONG, "1"),
        (WRONG, "2", "thank you"),
    ],
    ids=" ".join,
)
async def test_a_code_after_the_first_text_of_a_new_phone_never_deletes(
    house: House, clock: FakeClock, between: tuple[str, ...]
) -> None:
    code = await code_of_who_said(house, clock)
    phone = PhoneTalk(house, "+447700900456")
    for words in (HELD, *between, code, code):
        await phone.text(words)
    assert await asks_to_erase(house) == 0
    told = "\n".join(await hand_over(house))
    assert (TOLD in told) is ("1" in between)
    await purge_now(house)
    assert await views_left(house) == 1


async def test_it_does_not_either_before_the_answers_to_the_texts_before_it(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    for number, texts_before in (("+447700900456", (HELD,)), ("+447700900457", (HELD, "1"))):
        for words in (*texts_before, code):
            await accept_text(house, InboundText(number, f"SM{new_id()}", words))
    await answer_all(house)
    assert await asks_to_erase(house) == 0


async def test_a_first_text_that_waits_for_days_is_still_no_wish_to_delete(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    phone = PhoneTalk(house, "+447700900456")
    await phone.text(HELD)
    await hand_over(house)
    clock.go_on(days=3)
    said = await said_to(phone, code)
    assert KEPT in said
    assert "Is this phone just yours?" in said
    assert await asks_to_erase(house) == 0


async def test_on_a_shared_phone_a_code_after_the_wish_shows_and_deletes_nothing(
    house: House, clock: FakeClock
) -> None:
    code = await code_of_who_said(house, clock)
    phone = PhoneTalk(house, "+447700900456")
    for words in ("hi", "2", "my answers"):
        await phone.text(words)
    await hand_over(house)
    said = await said_to(phone, code)
    assert "Other people may see this phone." in said
    assert KEPT in said
    assert TOLD not in said
    clock.go_on(minutes=31)
    await phone.text(code)
    assert await asks_to_erase(house) == 1


@pytest.mark.parametrize("is_new", [False, True])
async def test_after_stop_a_code_deletes_once_the_wish_to_read_is_half_an_hour_old(
    house: House, clock: FakeClock, *, is_new: bool
) -> None:
    code = await code_of_who_said(house, clock)
    phone = PhoneTalk(house, "+447700900456") if is_new else await phone_of_their_own(house)
    for words in ("my answers", "STOP"):
        await said_to(phone, words)
    assert TOLD not in await said_to(phone, code)
    assert await asks_to_erase(house) == 0
    clock.go_on(minutes=31)
    assert await said_to(phone, code) == ""
    assert await asks_to_erase(house) == 1
