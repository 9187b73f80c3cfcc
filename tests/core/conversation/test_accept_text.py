"""A text message: once for each id, whose phone it is, and stop stays stopped."""

import pytest
from sqlalchemy import func, select

from core.conversation.accept_text import accept_text
from core.conversation.arrived import InboundText
from core.conversation.house import House
from core.conversation.tables import Conversation, Message
from core.ids import ConversationId
from core.outbox_tables import Post
from core.outbox_words import open_text
from core.safeguarding.tables import Concern
from core.text.sms import segments
from tests.builders import PhoneTalk, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


async def posted(house: House) -> list[str]:
    """The texts that were posted, oldest first, in clear words."""
    posts = (
        select(Post, Conversation)
        .join(Message, Message.id == Post.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .order_by(Post.place)
    )
    async with house.service.read() as session:
        return [
            open_text(post, house.keys.open_conversation_key(row.sealed_key, ConversationId(row.id))) or ""
            for post, row in await session.execute(posts)
        ]


async def test_the_first_text_is_welcomed_and_asked_whose_phone_it_is_before_it_is_answered(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("the bus is always late")
    texts = await posted(phone.house)
    assert "robot" in texts[0]
    assert "Is this phone just yours?\n1 Yes\n2 I share it" in texts[-1]
    assert bot.turns == []
    await phone.text("1")
    assert [turn.text for turn in bot.turns] == ["the bus is always late"]
    assert bot.turns[0].state["private"] is True


async def test_the_first_text_is_answered_though_the_question_was_not(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("the bus is always late")
    await phone.text("and its too loud")
    assert {turn.text for turn in bot.turns} == {"the bus is always late", "and its too loud"}
    assert {turn.state["private"] for turn in bot.turns} == {None}


async def test_the_same_sid_twice_is_one_message(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    first = await phone.text("hello", sid="SM1")
    again = await phone.text("hello", sid="SM1")
    assert (again.seq, again.is_repeat) == (first.seq, True)
    async with stores.service.read() as session:
        assert (await session.execute(select(func.count()).select_from(Conversation))).scalar_one() == 1


@pytest.mark.parametrize("words", ["STOP", "stop please", "dont text me"])
async def test_stop_is_stopped_until_start(stores: Stores, clock: FakeClock, words: str) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    await phone.text("hello")
    await phone.text("1")
    before = len(await posted(phone.house))
    await phone.text(words)
    await phone.text("hello again")
    assert len(await posted(phone.house)) == before
    await phone.text("START")
    assert len(await posted(phone.house)) > before


async def test_stop_in_a_sentence_is_an_answer(stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot()
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("hi")
    await phone.text("1")
    await phone.text("stop shouting at us")
    assert bot.turns[-1].text == "stop shouting at us"


async def test_after_stop_danger_is_heard_and_nothing_is_sent(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    await phone.text("hello")
    await phone.text("STOP")
    before = len(await posted(phone.house))
    await phone.text("he hits me and im scared to go home")
    assert len(await posted(phone.house)) == before
    async with stores.service.read() as session:
        assert (await session.execute(select(func.count()).select_from(Concern))).scalar_one() == 1


async def test_by_text_the_safety_answer_is_two_texts_that_open_neutrally(
    stores: Stores, clock: FakeClock
) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    await phone.text("hello")
    await phone.text("1")
    before = len(await posted(phone.house))
    await phone.text("he hits me and im scared to go home")
    texts = (await posted(phone.house))[before:]
    assert len(texts) == 2
    assert texts[0].startswith("From Have Your Say. Some numbers for you.")
    assert "999" in texts[0]


async def test_a_picture_is_answered_in_words_and_its_words_are_kept(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    phone = PhoneTalk(build_test_house(stores, clock, bot))
    await phone.text("hello")
    await phone.text("1")
    await phone.text("", has_pictures=True)
    assert (await posted(phone.house))[-1].startswith("I cannot see pictures.")
    await phone.text("my drawing of school", has_pictures=True)
    assert bot.turns[-1].text == "my drawing of school"


async def test_the_number_is_nowhere_in_the_clear(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(build_test_house(stores, clock))
    await phone.text("hello")
    async with stores.service.read() as session:
        rows = (await session.execute(select(Conversation))).scalars()
        assert not any("900123" in str(vars(row)) for row in rows)
        rows_of_messages = (await session.execute(select(Message))).scalars()
        assert not any("900123" in str(vars(row)) for row in rows_of_messages)


async def test_every_text_is_at_most_two_segments(stores: Stores, clock: FakeClock) -> None:
    phone = PhoneTalk(build_test_house(stores, clock, FakeBot()))
    await phone.text("hello")
    await phone.text("2")
    await phone.text("he hits me and im scared to go home")
    texts = await posted(phone.house)
    assert all(segments(text) <= 2 for text in texts)


async def test_a_number_abroad_gets_no_text_and_its_danger_is_heard(stores: Stores, clock: FakeClock) -> None:
    house = build_test_house(stores, clock)
    abroad = InboundText("+33612345678", "SM1", "he hits me and im scared to go home", may_answer=False)
    await accept_text(house, abroad)
    assert await posted(house) == []
    async with stores.service.read() as session:
        assert (await session.execute(select(func.count()).select_from(Concern))).scalar_one() == 1
