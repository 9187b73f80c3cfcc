"""The page without a script: every step is a form and the page that follows."""

import re
from uuid import uuid4

from httpx import AsyncClient

from tests.channels.web_chat.talk import Talks


def fields_of(page: str, form: str) -> dict[str, str]:
    """Give the hidden fields of a form, by its id."""
    part = page.split(f'id="{form}"')[1].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part))


def log_of(page: str) -> str:
    return page.split('role="log"')[1].partition('id="now"')[0]


async def start(browser: AsyncClient) -> str:
    return (await browser.post("/chat/start")).text


async def test_the_first_page_says_it_is_a_robot_and_who_reads_this_before_anything_can_be_written(
    browser: AsyncClient,
) -> None:
    page = (await browser.get("/")).text
    assert "I am a robot, not a person." in page
    assert "A few people at the council may read what you think." in page
    assert "I must tell a person" in page
    assert "<textarea" not in page


async def test_starting_shows_the_welcome_and_the_question_with_its_choices(browser: AsyncClient) -> None:
    page = await start(browser)
    assert "I am a robot, not a person." in log_of(page)
    assert re.search(r"<button[^>]*value=\"2-Yes please\"", page)
    assert page.index("What do you want to do?") < page.index("2-Yes please")


async def test_words_and_their_answer_stand_on_the_page_that_follows(browser: AsyncClient) -> None:
    page = await start(browser)
    sent = {**fields_of(page, "say"), "text": "i hate maths\r\ncos its <loud>"}
    page = (await browser.post("/chat/say", data=sent)).text
    assert "<p>i hate maths</p><p>cos its &lt;loud&gt;</p>" in log_of(page)
    assert "What is school like for you?" in page


async def test_a_choice_is_taken_the_same_way(browser: AsyncClient) -> None:
    page = await start(browser)
    sent = {**fields_of(page, "choices"), "choice": "2-Yes please"}
    page = (await browser.post("/chat/say", data=sent)).text
    assert "<p>Yes please</p>" in log_of(page)


async def test_the_same_form_sent_twice_is_one_message_and_another_answer_is_another(
    browser: AsyncClient, talks: Talks
) -> None:
    page = await start(browser)
    for text in ("one", "one", "two"):
        await browser.post("/chat/say", data={**fields_of(page, "say"), "text": text})
    said = [each.text for each in next(iter(talks.talks.values())).messages if each.author == "you"]
    assert said == ["one", "two"]


async def test_opening_the_page_again_asks_first_and_shows_no_words(browser: AsyncClient) -> None:
    await start(browser)
    page = (await browser.get("/")).text
    assert "Go on" in page
    assert "Start new" in page
    assert "What do you want to do?" not in page
    page = (await browser.post("/chat/go-on")).text
    assert "What do you want to do?" in page


async def test_a_page_is_shown_once_and_reloading_asks_again(browser: AsyncClient) -> None:
    await start(browser)
    assert "Go on" in (await browser.get("/")).text


async def test_when_no_answer_came_yet_the_page_says_so_and_new_words_can_be_looked_for(
    browser: AsyncClient, talks: Talks
) -> None:
    page = await start(browser)
    talks.answers = False
    page = (await browser.post("/chat/say", data={**fields_of(page, "say"), "text": "hello"})).text
    assert "I am writing an answer." in page
    talks.say(next(iter(talks.talks)), "Here I am.")
    page = (await browser.post("/chat/look")).text
    assert "Here I am." in log_of(page)
    assert "I am writing an answer." not in page.partition('<script type="application/json"')[0]


async def test_i_am_not_safe_on_the_first_page_is_answered_at_once(browser: AsyncClient) -> None:
    page = (await browser.post("/chat/start", data={"first": "not_safe"})).text
    assert "message bot safety" not in page or "Call" in page
    messages = (await browser.post("/chat/look")).text
    assert 'class="message bot safety"' in messages
    assert '<a class="number" href="tel:999">999</a>' in messages


async def test_i_am_finished_leaves_nothing(browser: AsyncClient) -> None:
    page = await start(browser)
    await browser.post("/my-way", data={"theme": "blue"})
    ended = await browser.post("/chat/finish", data={**fields_of(page, "say"), "text": ""})
    assert ended.url.path == "/finished"
    assert ended.headers["clear-site-data"] == '"cache", "storage"'
    assert not browser.cookies
    assert "I am a robot" in (await browser.get("/")).text


async def test_words_that_were_not_sent_are_asked_about_before_finishing(
    browser: AsyncClient, talks: Talks
) -> None:
    page = await start(browser)
    fields = fields_of(page, "say")
    page = (await browser.post("/chat/finish", data={**fields, "text": "not sent yet"})).text
    assert "they will be lost" in page
    assert "not sent yet</textarea>" in page
    stayed = await browser.post("/chat/finish", data={**fields, "text": "not sent yet", "do": "stay"})
    assert "not sent yet</textarea>" in stayed.text
    await browser.post("/chat/finish", data={**fields, "text": "not sent yet", "do": "send"})
    assert not browser.cookies
    assert next(iter(talks.talks.values())).messages[2].text == "not sent yet"


async def test_a_refusal_is_a_page_in_plain_words_that_keeps_what_was_typed(browser: AsyncClient) -> None:
    await start(browser)
    browser.cookies.clear()
    answer = await browser.post("/chat/say", data={"client_id": str(uuid4()), "text": "my long words"})
    assert answer.status_code == 404
    assert "my long words</textarea>" in answer.text
    assert "call 999" in answer.text


async def test_a_form_from_another_page_is_refused(browser: AsyncClient) -> None:
    page = await start(browser)
    answer = await browser.post(
        "/chat/say",
        data={**fields_of(page, "say"), "text": "hello"},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


async def test_my_way_is_kept_and_drawn(browser: AsyncClient) -> None:
    sent = {"theme": "dark", "size": "3", "space": "wide", "words": "easy", "pictures": "no"}
    page = (await browser.post("/my-way", data=sent)).text
    for name, value in sent.items():
        assert f'data-{name}="{value}"' in page


async def test_my_way_of_nonsense_is_as_usual(browser: AsyncClient) -> None:
    page = (await browser.post("/my-way", data={"theme": "<script>", "size": "9"})).text
    assert 'data-theme="cream"' in page
    assert 'data-size="1"' in page


async def test_leaving_goes_elsewhere_at_once(browser: AsyncClient) -> None:
    answer = await browser.get("/leave", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("https://www.bbc.co.uk/")


async def test_every_page_has_the_same_help_in_the_same_place_and_a_way_out_before_the_rest(
    browser: AsyncClient,
) -> None:
    first = (await browser.get("/")).text
    chat = await start(browser)
    again = (await browser.get("/")).text
    finished = (await browser.get("/finished")).text
    refused = (await browser.post("/chat/go-on", headers={"Origin": "null"})).text
    for page in (first, chat, again, finished, refused):
        assert page.index('id="leave"') < page.index("<main")
        assert (
            page.index("</main>")
            < page.index("tel:999")
            < page.index("tel:08001111")
            < page.index("sms:85258")
        )
        assert page.count("<h1>") == 1
        assert "OpenMoji, CC BY-SA 4.0" in page


async def test_no_page_is_kept_or_framed_and_nothing_comes_from_elsewhere(browser: AsyncClient) -> None:
    await start(browser)
    for path in ("/", "/finished", "/leave"):
        headers = (await browser.get(path, follow_redirects=False)).headers
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "geolocation=()" in headers["permissions-policy"]
