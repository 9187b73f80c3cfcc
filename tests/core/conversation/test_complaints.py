"""A complaint is kept whole for who answers it, told without words, answered, taken back, and let go in time."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.compose import build_knowledge
from core.complaints.complaints import NoSuchComplaint, list_complaints, open_words, read_complaint
from core.complaints.tables import Complaint
from core.conversation.answer_complaint import answer_complaint
from core.conversation.house import House
from core.conversation.place import read_place
from core.conversation.purge import purge
from core.conversation.tables import Conversation
from core.ids import ComplaintId, ConversationId, StaffId, new_id
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern
from core.staff.roles import Role
from tests.bot.rules_bot import RulesBot
from tests.builders import PhoneTalk, WebTalk, answer_all, build_test_house
from tests.core.conversation.test_erase import delete_by_web, purger_of
from tests.fakes import FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

WORDS = "No one answered me. Mrs Smith (01905 123456) said one week.\nIt was 3."


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    house = build_test_house(stores, clock)
    return replace(house, bot=RulesBot(build_knowledge(house)))


async def complain(house: House, words: str = WORDS) -> WebTalk:
    talk = await WebTalk.begin(house)
    await talk.say("i want to complain")
    await talk.say(words)
    await talk.tap("Send")
    return talk


async def hire(house: House, name: str = "Lee Moss") -> StaffId:
    async with house.service.write() as session:
        return await hold_staff(session, name, Role.COMPLAINTS_OFFICER)


async def only_one(house: House) -> tuple[ComplaintId, str]:
    async with house.service.read() as session:
        (listed,) = await list_complaints(session)
        row = await session.get_one(Conversation, listed.conversation)
        key = house.keys.open_conversation_key(row.sealed_key, listed.conversation)
        return listed.id, open_words(await read_complaint(session, listed.id), key)


async def count(house: House, *tables: type) -> list[int]:
    async with house.service.read() as session:
        return [(await session.scalars(select(func.count()).select_from(each))).one() for each in tables]


async def kept_by(house: House, conversation: ConversationId) -> dict[str, str]:
    async with house.service.read() as session:
        place, _ = read_place(await session.get_one(Conversation, conversation), house.keys)
        return dict(place.kept)


async def test_it_is_kept_whole_with_the_names_in_it_and_no_bot_sees_it(house: House) -> None:
    talk = await complain(house)
    assert (await only_one(house))[1] == WORDS
    assert await kept_by(house, talk.conversation) == {}


async def test_each_who_answers_complaints_is_told_by_an_email_without_words(house: House) -> None:
    await hire(house)
    async with house.service.write() as session:
        await hold_staff(session, "Sam Green", Role.KEY_WORKER)
        await hold_staff(session, "Ada Finch", Role.ADMINISTRATOR)
    await complain(house)
    async with house.service.read() as session:
        posts = (await session.scalars(select(Post).where(Post.alert.is_not(None)))).all()
    assert [(post.alert, post.route, post.address, post.sealed_text) for post in posts] == [
        (AlertKind.COMPLAINT, Route.EMAIL, "lee.moss@council.example", None)
    ]


async def test_nothing_is_sent_without_a_yes_and_the_words_are_forgotten(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("i want to complain")
    await talk.say(WORDS)
    await talk.tap("Don't send")
    assert await count(house, Complaint) == [0]
    assert await kept_by(house, talk.conversation) == {}


async def test_danger_in_a_complaint_is_heard_before_it_is_sent(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("i want to complain")
    await talk.send("he hits me and im scared to go home")
    assert await count(house, Concern) == [1]


async def test_a_worry_that_only_the_second_listener_hears_in_it_is_raised_and_it_may_still_be_sent(
    house: House,
) -> None:
    house = replace(house, second_listener=lambda words: Level.WORRY if words == WORDS else None)
    talk = await WebTalk.begin(house)
    await talk.say("i want to complain")
    assert {message.level for message in await talk.say(WORDS)} == {"worry"}
    assert await count(house, Concern) == [1]
    await talk.tap("I feel safe")
    await talk.tap("Send")
    assert (await only_one(house))[1] == WORDS


async def test_the_answer_is_read_where_they_wrote_with_the_first_name_of_who_wrote(house: House) -> None:
    talk, lee = await complain(house), await hire(house)
    complaint, _ = await only_one(house)
    once = new_id()
    for _ in range(2):
        await answer_complaint(house, complaint, lee, "We are sorry.", once=once)
    answers = [message.text for message in await talk.messages() if "We are sorry" in message.text]
    assert answers == ["Lee, from The complaints team, says: We are sorry."]
    async with house.service.read() as session:
        assert await list_complaints(session) == []


async def test_on_a_shared_phone_only_a_notice_goes_out(house: House) -> None:
    phone, lee = PhoneTalk(house), await hire(house)
    for words in ("hi", "2", "i want to complain", "no one rings me", "1"):
        await phone.text(words)
    complaint, _ = await only_one(house)
    async with house.service.read() as session:
        before = (await session.scalars(select(func.count()).select_from(Post))).one()
    await answer_complaint(house, complaint, lee, "We are sorry.", once=new_id())
    await answer_all(house)
    async with house.service.read() as session:
        after = (await session.scalars(select(func.count()).select_from(Post))).one()
    assert after == before + 1


async def test_nobody_answers_what_is_not_there(house: House) -> None:
    with pytest.raises(NoSuchComplaint):
        await answer_complaint(house, ComplaintId("none"), await hire(house), "Hello", once=new_id())


async def test_who_deletes_what_they_said_takes_the_complaint_back(
    house: House, stores: Stores, clock: FakeClock
) -> None:
    talk = await complain(house)
    await delete_by_web(talk)
    async with house.service.read() as session:
        assert await list_complaints(session) == []
        assert (await session.scalars(select(Complaint.sealed_body))).one() == b""
    clock.go_on(days=400)
    await purge(purger_of(stores, house, clock))
    assert await count(house, Complaint) == [0]


async def test_it_stays_until_it_is_answered_and_a_year_after_that(
    house: House, stores: Stores, clock: FakeClock
) -> None:
    await complain(house)
    lee = await hire(house)
    clock.go_on(days=500)
    await purge(purger_of(stores, house, clock))
    complaint, words = await only_one(house)
    assert words == WORDS
    await answer_complaint(house, complaint, lee, "Sorry that it took so long.", once=new_id())
    clock.go_on(days=300)
    await purge(purger_of(stores, house, clock))
    assert await count(house, Complaint) == [1]
    clock.go_on(days=100)
    await purge(purger_of(stores, house, clock))
    assert await count(house, Complaint, Conversation) == [0, 0]
