"""The pages of codes and of a copy: asked about first, drawn once, and stored by no browser."""

from httpx import AsyncClient

from core.text.code_words import code_words
from tests.channels.web_chat.test_pages import fields_of, start


async def mine(browser: AsyncClient, wish: str) -> str:
    return (await browser.post("/chat/mine", data={"do": wish})).text


async def test_a_code_is_asked_about_and_then_shown_with_two_pictures_for_each_word(
    browser: AsyncClient,
) -> None:
    assert 'value="code"' in await start(browser)
    page = await mine(browser, "code")
    assert "Can other people see your screen now?" in page
    page = await mine(browser, "delete")
    shown = page.split('class="code"')[1].partition("</ol>")[0]
    assert [word in shown for word in code_words()[:5]] == [True] * 4 + [False]
    assert shown.count("<img") == 8


async def test_a_code_to_come_back_has_five_words(browser: AsyncClient) -> None:
    await start(browser)
    page = await mine(browser, "return")
    assert all(f"<span>{word}</span>" in page for word in code_words()[:5])


async def test_a_second_delete_code_is_refused_in_plain_words(browser: AsyncClient) -> None:
    await start(browser)
    await mine(browser, "delete")
    again = await browser.post("/chat/mine", data={"do": "delete"})
    assert again.status_code == 409
    assert "I gave you a code before." in again.text


async def test_a_copy_is_shown_after_one_more_question_and_says_what_is_left_out(
    browser: AsyncClient,
) -> None:
    page = await start(browser)
    await browser.post("/chat/say", data={**fields_of(page, "say"), "text": "i hate maths"})
    assert "i hate maths" not in await mine(browser, "copy")
    shown = await browser.post("/chat/mine", data={"do": "show"})
    assert "<p>i hate maths</p>" in shown.text
    assert "Words about being safe are not here. A person handles these." in shown.text
    assert shown.headers["cache-control"] == "no-store"


async def test_neither_is_given_without_the_conversations_cookie(script: AsyncClient) -> None:
    for wish in ("delete", "show"):
        assert (await script.post("/chat/mine", data={"do": wish})).status_code == 403
