"""A copy of what was said: on the web alone, without what a safeguarding person handles."""

from core.conversation.copying import read_copy
from core.conversation.house import House
from core.ids import ConversationId
from tests.builders import WebTalk
from tests.core.conversation.codes import code_in, hand_over, house_of, phone_of_their_own
from tests.fakes import FakeClock
from tests.stores import Stores


async def copy(house: House, conversation: ConversationId) -> list[str]:
    return [message.text for message in await read_copy(house, conversation)]


async def test_it_holds_both_sides_of_the_talk(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    answer = (await talk.say("the bus is late"))[0].text
    said = await copy(talk.house, talk.conversation)
    assert said[-2:] == ["the bus is late", answer]


async def test_turns_about_danger_or_a_worry_are_left_out(stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_of(stores, clock))
    await talk.say("the bus is late")
    await talk.say("mum forgets my feed")
    await talk.tap("I feel safe")
    await talk.say("he hits me and im scared to go home")
    await talk.say("lunch is good")
    said = " ".join(await copy(talk.house, talk.conversation))
    assert "the bus is late" in said
    assert "lunch is good" in said
    for hidden in ("feed", "hits", "999", "I feel safe", "A person will read"):
        assert hidden not in said


async def test_a_phone_asks_by_text_and_opens_it_on_the_web_with_the_code(
    stores: Stores, clock: FakeClock
) -> None:
    house = house_of(stores, clock)
    phone = await phone_of_their_own(house)
    await phone.text("lunch is good")
    await hand_over(house)
    await phone.text("get a copy")
    texted = await hand_over(house)
    assert not any("lunch" in each for each in texted)
    web = await WebTalk.begin(house)
    assert "lunch is good" not in await copy(house, web.conversation)
    await web.say(code_in(texted))
    assert "lunch is good" in await copy(house, web.conversation)
    assert not any("lunch" in message.text for message in await web.messages())
    clock.go_on(hours=1)
    assert "lunch is good" not in await copy(house, web.conversation)


async def test_coming_back_alone_opens_no_copy_of_before(stores: Stores, clock: FakeClock) -> None:
    house = house_of(stores, clock)
    phone = await phone_of_their_own(house)
    await phone.text("lunch is good")
    await hand_over(house)
    await phone.text("return code")
    web = await WebTalk.begin(house)
    await web.say(code_in(await hand_over(house)))
    assert "lunch is good" not in await copy(house, web.conversation)
