"""The page in a real browser: what a young person sees, hears, presses, and leaves behind."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from channels.web_chat.routes import web_chat_router
from tests.channels.web_chat.browsing import open_browser, serve
from tests.channels.web_chat.talk import GROUP_CODE, Talks

MESSAGES = re.compile(r"/messages$")
LEFT = "https://www.bbc.co.uk/weather"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def talks() -> Talks:
    return Talks(delay=0.1)


@pytest.fixture(scope="module")
def url(talks: Talks) -> Iterator[str]:
    def make(public_url: str) -> FastAPI:
        talks.public_url = public_url
        app = FastAPI()
        app.include_router(web_chat_router(talks.web))
        return app

    with serve(make) as served:
        yield served


@pytest.fixture
def device(chromium: Browser, url: str) -> Iterator[BrowserContext]:
    """A device of one's own; whatever is not ours is not answered, and is noted."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=url)
    context.set_default_timeout(8000)
    context.route(LEFT, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    yield context
    context.close()


@pytest.fixture
def page(device: BrowserContext) -> Page:
    page = device.new_page()
    page.goto("/")
    return page


def start(page: Page, *, only_mine: bool = False, scripts: bool = True) -> Page:
    if only_mine:
        page.get_by_label("Only I use this device").check()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("What do you want to do?")
    if scripts:
        page.wait_for_selector("have-your-say:defined", state="attached")
    return page


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.keyboard.press("Enter")


def where_focus_is(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.tagName + '#' + document.activeElement.id")
    return found


def test_a_choice_by_keyboard_is_answered_and_focus_goes_to_the_next_question(page: Page) -> None:
    start(page)
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Yes please")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Thank you. You said: Yes please")
    expect(page.get_by_role("group", name="What is school like for you?")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Good", exact=True)).to_be_focused()


def test_focus_is_never_lost_while_an_answer_is_on_its_way(page: Page) -> None:
    start(page)
    page.get_by_role("button", name="Yes please").click()
    assert where_focus_is(page) != "BODY#"
    expect(page.get_by_role("log")).to_contain_text("What is school like for you?")
    assert where_focus_is(page) != "BODY#"


def test_messages_are_added_whole_to_the_one_log_and_each_says_its_author(page: Page) -> None:
    start(page)
    assert page.locator("[role=log]").count() == 1
    page.evaluate(
        """() => { window.changes = []; new MutationObserver(all => all.forEach(each => changes.push(
           each.type + ':' + [...each.addedNodes].map(n => n.className).join('|') + ':' + each.removedNodes.length)))
           .observe(document.getElementById('log'), {childList: true, characterData: true, subtree: true}) }"""
    )
    write(page, "i like art")
    expect(page.get_by_role("log")).to_contain_text("You said: i like art")
    changes = page.evaluate("changes")
    assert changes
    assert all(each.startswith("childList:message ") and each.endswith(":0") for each in changes)
    for message in page.locator("#log .message").all():
        assert message.locator(".who").text_content() in {"Robot", "You"}


def test_the_page_draws_a_message_just_as_the_server_does(page: Page) -> None:
    start(page)
    write(page, "he hits me <b>\nand more")
    expect(page.locator(".message.safety")).to_be_visible()
    messages = """[...document.querySelectorAll('#log .message')]
        .map(each => { each.removeAttribute('id'); return each.outerHTML })"""
    by_script = page.evaluate(messages)
    page.reload()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("#log")
    assert tidy(by_script) == tidy(page.evaluate(messages))


def tidy(drawn: list[str]) -> list[str]:
    """Take out the line breaks between elements."""
    return [re.sub(r"\s*\n\s*", "", each) for each in drawn]


def test_numbers_of_helplines_can_be_pressed(page: Page) -> None:
    start(page)
    write(page, "he hits me")
    expect(page.locator(".message.safety a[href='tel:999']")).to_be_visible()
    expect(page.locator(".message.safety a[href='tel:08001111']")).to_be_visible()


def test_opening_the_page_again_shows_no_words_before_go_on(page: Page) -> None:
    start(page)
    write(page, "a secret about me")
    expect(page.get_by_role("log")).to_contain_text("You said: a secret about me")
    page.goto("/")
    assert "secret" not in page.content()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("log")).to_contain_text("a secret about me")


def test_a_draft_is_there_after_reloading(page: Page) -> None:
    start(page)
    page.get_by_label("Write a message").fill("not finis")
    page.reload()
    assert "not finis" not in page.content()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Write a message")).to_have_value("not finis")


@pytest.mark.parametrize("only_mine", [True, False])
def test_words_stay_on_the_device_only_where_it_is_only_theirs(
    device: BrowserContext, page: Page, *, only_mine: bool
) -> None:
    start(page, only_mine=only_mine)
    page.get_by_label("Write a message").fill("not finished")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert ("not finished" in kept) is only_mine
    cookie = next(each for each in device.cookies() if each["name"] == "hys_conversation")
    assert (cookie["expires"] > 0) is only_mine
    assert cookie["httpOnly"]


def test_what_could_not_be_sent_says_so_in_words_and_goes_when_it_can(
    device: BrowserContext, page: Page, talks: Talks
) -> None:
    start(page)
    device.set_offline(True)
    write(page, "said while offline")
    expect(page.get_by_role("status").first).to_contain_text("You are not online")
    expect(page.locator("#unsent")).to_contain_text("Not sent yet")
    expect(page.locator("#unsent")).to_contain_text("said while offline")
    device.set_offline(False)
    expect(page.get_by_role("log")).to_contain_text("You said: said while offline", timeout=15000)
    expect(page.locator("#unsent")).to_be_hidden()
    said = [each.text for talk in talks.talks.values() for each in talk.messages if each.author == "you"]
    assert said.count("said while offline") == 1


def test_an_answer_that_got_lost_on_the_way_back_doubles_nothing(page: Page, talks: Talks) -> None:
    start(page)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    page.route(MESSAGES, lose_the_first_answer)
    write(page, "only once please")
    expect(page.get_by_role("log")).to_contain_text("You said: only once please", timeout=15000)
    expect(page.locator("#unsent")).to_be_hidden()
    said = [each.text for talk in talks.talks.values() for each in talk.messages if each.author == "you"]
    assert said.count("only once please") == 1
    assert page.locator(".message.you", has_text="only once please").count() == 1


def test_where_streams_are_held_back_it_asks_instead(device: BrowserContext) -> None:
    page = device.new_page()
    page.route(re.compile("/events"), lambda route: route.abort())
    page.goto("/")
    start(page)
    with page.expect_request(re.compile(r"wait=20"), timeout=15000):
        write(page, "hello by asking")
    expect(page.get_by_role("log")).to_contain_text("You said: hello by asking")
    assert page.locator(".message.you", has_text="hello by asking").count() == 1


def test_two_tabs_show_the_same_and_only_one_listens(device: BrowserContext, page: Page) -> None:
    streams: list[str] = []
    device.on("request", lambda request: streams.append(request.url) if "/events" in request.url else None)
    start(page)
    second = device.new_page()
    second.goto("/")
    second.get_by_role("button", name="Go on").click()
    expect(second.get_by_role("log")).to_contain_text("What do you want to do?")
    write(page, "said in the first tab")
    expect(second.get_by_role("log")).to_contain_text("You said: said in the first tab")
    assert len(streams) == 1


def test_back_goes_back_one_question(page: Page) -> None:
    start(page)
    page.get_by_role("button", name="Yes please").click()
    expect(page.get_by_role("group", name="What is school like for you?")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("group", name="What do you want to do?")).to_be_visible()


def test_the_button_leaves_at_once(page: Page) -> None:
    start(page)
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(LEFT)
    page.go_back()
    assert "What do you want to do?" not in page.content()


def test_shift_three_times_leaves_and_escape_does_not(page: Page) -> None:
    start(page)
    page.get_by_label("Write a message").focus()
    for _ in range(3):
        page.keyboard.press("Escape")
    page.keyboard.type("ABC I am HERE")
    assert "bbc" not in page.url
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(LEFT)


def test_i_am_finished_leaves_nothing_on_the_device(device: BrowserContext, page: Page) -> None:
    start(page, only_mine=True)
    write(page, "a secret about me")
    expect(page.get_by_role("log")).to_contain_text("You said: a secret about me")
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    assert not [each for each in device.cookies() if each["name"].startswith(("hys", "__Host"))]
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "secret" not in page.content()
    page.goto("/")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def test_the_next_person_on_a_shared_device_finds_nothing_of_the_last(
    device: BrowserContext, page: Page
) -> None:
    page.get_by_role("link", name="I have a group code").click()
    page.get_by_label("Write your group code").fill(GROUP_CODE)
    page.get_by_label("We share this device").check()
    page.get_by_role("button", name="Start", exact=True).click()
    start(page)
    write(page, "a secret about me")
    expect(page.get_by_role("log")).to_contain_text("You said: a secret about me")
    page.get_by_label("Write a message").fill("and a draft")
    page.get_by_role("button", name="Next person").click()
    page.get_by_role("button", name="Delete them and finish").click()
    expect(page.get_by_text("Your group shares this device.")).to_be_visible()
    assert {each["name"] for each in device.cookies()} == {"hys_group"}
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "secret" not in page.content()
    page.goto("/")
    start(page)
    assert "secret" not in page.content()


@pytest.mark.parametrize(
    ("wish", "kept"), [("Send them, then finish", True), ("Delete them and finish", False)]
)
def test_unsent_words_are_asked_about_before_finishing(
    page: Page, talks: Talks, wish: str, *, kept: bool
) -> None:
    start(page)
    page.get_by_label("Write a message").fill(f"still here {kept}")
    page.get_by_role("button", name="I'm finished here").click()
    expect(page.locator("#lost")).to_be_focused()
    expect(page.locator("#lost")).to_contain_text("they will be lost")
    page.get_by_role("button", name=wish).click()
    page.wait_for_url("**/finished")
    said = [each.text for talk in talks.talks.values() for each in talk.messages]
    assert (f"still here {kept}" in said) is kept


def test_a_stale_choice_is_said_in_words_and_loses_nothing(page: Page) -> None:
    start(page)
    page.evaluate("document.querySelector('#choices button').value = 'of another question'")
    page.get_by_role("button", name="Yes please").click()
    expect(page.get_by_role("status").first).to_contain_text("different question")


def test_it_all_works_with_scripts_off(chromium: Browser, url: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=url)
    page = context.new_page()
    page.goto("/")
    start(page, scripts=False)
    page.get_by_role("button", name="Yes please").click()
    expect(page.get_by_role("log")).to_contain_text("Thank you. You said: Yes please")
    page.get_by_label("Write a message").fill("by hand")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log")).to_contain_text("You said: by hand")
    page.get_by_role("link", name="My way").click()
    page.locator("#my-way summary").click() if not page.locator("#look").is_visible() else None
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    expect(page.get_by_role("log")).to_contain_text("You said: by hand")
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    page.goto("/")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    context.close()


def test_my_way_changes_when_it_is_saved_and_not_before(page: Page) -> None:
    start(page)
    page.get_by_role("link", name="My way").click()
    page.get_by_label("Easy words").check()
    expect(page.locator(".message.question .easy")).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".message.question .easy")).to_be_visible()
    expect(page.locator(".message.question .standard")).to_be_hidden()
    expect(page.get_by_text("I will keep it like this.")).to_be_visible()


def test_nothing_is_asked_of_anybody_else(device: BrowserContext, url: str) -> None:
    asked: list[str] = []
    device.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page = device.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    start(page)
    write(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("You said: hello")
    assert all(each.startswith(url) for each in asked)
    assert errors == []


BOXES = """() => [...document.querySelectorAll('a[href], button, textarea, summary, label.option')]
  .filter(e => e.checkVisibility()).map(e => { const r = e.getBoundingClientRect();
    return {n: e.innerText || e.tagName, x: r.left, y: r.top, r: r.right, b: r.bottom}; })
  .filter(e => e.r - e.x > 1)"""


def gap(one: dict[str, Any], other: dict[str, Any]) -> float:
    aside = max(one["x"] - other["r"], other["x"] - one["r"])
    apart = max(one["y"] - other["b"], other["y"] - one["b"])
    return float(max(aside, apart))


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_everything_to_press_is_large_and_well_apart(chromium: Browser, url: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=url)
    page = context.new_page()
    page.goto("/")
    for step in ("opening", "chat"):
        if step == "chat":
            start(page)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate("document.querySelector('.top').style.position = 'static'; scrollTo(0, 0)")
        boxes = [
            each for each in page.evaluate(BOXES) if not each["n"].startswith(("Go to the box", "Skip to"))
        ]
        assert len(boxes) > 8
        for box in boxes:
            assert box["b"] - box["y"] >= 48, box
            assert box["x"] >= 0, box
            assert box["r"] <= width, box
        close = [(a["n"], b["n"]) for i, a in enumerate(boxes) for b in boxes[i + 1 :] if gap(a, b) < 8]
        assert close == []
    context.close()


def test_at_320_by_256_the_question_is_in_sight_and_nothing_scrolls_sideways(
    chromium: Browser, url: str
) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 256}, base_url=url)
    page = context.new_page()
    page.goto("/")
    start(page)
    expect(page.locator(".message.question").last).to_be_in_viewport(ratio=0.95)
    expect(page.get_by_role("button", name="Yes please")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect();
            const on = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
            return e === document.body || e.contains(on) || on?.contains(e) }"""
        )
    context.close()


def test_skip_stands_once_and_always_in_the_same_place(page: Page) -> None:
    start(page)
    before = page.get_by_role("button", name="Skip").bounding_box()
    page.get_by_role("button", name="Yes please").click()
    expect(page.get_by_role("group", name="What is school like for you?")).to_be_visible()
    assert page.get_by_role("button", name="Skip").count() == 1
    after = page.get_by_role("button", name="Skip").bounding_box()
    assert before
    assert after
    assert before["x"] == after["x"]
    page.reload()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("group", name="What is school like for you?")).to_be_visible()
    assert page.get_by_role("button", name="Skip").count() == 1


def test_numbers_that_a_young_person_typed_are_nothing_to_press(page: Page) -> None:
    start(page)
    write(page, "call me on 01905 768020 or 999")
    expect(page.locator(".message.you").last).to_contain_text("01905 768020")
    assert page.locator(".message.you a").count() == 0


def test_a_stream_that_something_between_holds_back_is_given_up_after_five_seconds(
    device: BrowserContext,
) -> None:
    page = device.new_page()
    held: list[Route] = []
    page.route(re.compile("/events"), lambda route: held.append(route))  # noqa: PLW0108 - it must be a function
    page.goto("/")
    with page.expect_request(re.compile(r"wait=20"), timeout=10_000):
        start(page)
    write(page, "held back")
    expect(page.get_by_role("log")).to_contain_text("You said: held back")
    assert page.locator(".message.you", has_text="held back").count() == 1


def test_finishing_while_offline_clears_the_screen_and_is_done_when_online_again(
    device: BrowserContext, page: Page
) -> None:
    start(page, only_mine=True)
    write(page, "a secret about me")
    expect(page.get_by_role("log")).to_contain_text("You said: a secret about me")
    device.set_offline(True)
    page.get_by_role("button", name="I'm finished here").click()
    expect(page.get_by_role("status").first).to_contain_text("I have not finished yet.")
    expect(page.locator("body")).not_to_contain_text("secret")
    device.set_offline(False)
    page.wait_for_url("**/finished", timeout=15_000)
    assert not [each for each in device.cookies() if each["name"].startswith("hys")]
