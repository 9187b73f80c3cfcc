"""A young person talks to the service in a real browser: the real app, Rasa and stores, from the first page on."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.channels.web_chat.browsing import open_browser
from tests.journeys.running import Service, running_service

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

ANSWER_WITHIN_MS = 20_000
QUESTIONS_OF_A_SET = 20


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, service: Service) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=service.url)
    page = context.new_page()
    page.set_default_timeout(ANSWER_WITHIN_MS)
    expect.set_options(timeout=ANSWER_WITHIN_MS)
    page.goto("/")
    yield page
    context.close()


def start(page: Page, *, scripts: bool = True) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Tell you what I think")).to_be_visible()
    if scripts:
        page.wait_for_selector("have-your-say:defined", state="attached")


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def question(page: Page) -> str:
    return page.locator("#log .message.question .words").last.inner_text()


def expect_question(page: Page, words: str) -> None:
    try:
        expect(page.locator("#log .message.question .words").last).to_contain_text(words)
        expect(page.locator("#log .message").last).to_have_class(re.compile("question"))
    except AssertionError:
        said = page.locator("#log .message").all_inner_texts()
        pytest.fail(f"{words!r} was not asked. At last was said: {said[-6:]}")


def test_a_young_person_says_what_they_think_of_school(page: Page, service: Service) -> None:
    expect(page.get_by_text("I am a robot, not a person.")).to_be_visible()
    expect(page.get_by_text("A few people at the council may read what you think.")).to_be_visible()
    start(page)
    ask_go_back_and_skip(page)
    stop_and_come_back_after_a_power_cut(page, service)
    answer_until_own_words_are_asked_for(page)
    write(page, "the quiet room is good, maths is too loud")
    expect(page.get_by_role("log")).to_contain_text("the quiet room is good")
    finish(page)


def ask_go_back_and_skip(page: Page) -> None:
    page.get_by_role("button", name="Tell you what I think").click()
    expect_question(page, "Question 1 of")
    page.get_by_role("button", name="In the middle").click()
    expect_question(page, "Question 2 of")

    write(page, "what does EHCP mean?")
    expect(page.get_by_role("log")).to_contain_text("EHCP:")
    expect_question(page, "Question 2 of")

    page.get_by_role("button", name="Go back", exact=True).click()
    expect_question(page, "Question 1 of")
    write(page, "good")
    expect_question(page, "Question 2 of")
    page.get_by_role("button", name="Skip").click()
    expect_question(page, "Question 3 of")


def stop_and_come_back_after_a_power_cut(page: Page, service: Service) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("You can come back any day")

    service.kill()
    service.start()
    page.goto("/")
    assert "Question" not in page.content()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("have-your-say:defined", state="attached")
    expect(page.get_by_role("log")).to_contain_text("Question 3 of")
    page.get_by_label("Write a message").fill("some but not enough")
    page.keyboard.press("Enter")
    expect_question(page, "Question 4 of")


def answer_until_own_words_are_asked_for(page: Page) -> None:
    """Tap "I don't know" to each closed question."""
    for _ in range(QUESTIONS_OF_A_SET):
        before = question(page)
        if "What is good about school?" in before:
            return
        page.locator("#choices button").last.click()
        expect(page.locator("#log .message.question .words").last).not_to_have_text(
            before, use_inner_text=True
        )
    pytest.fail("the set of questions did not end")


def finish(page: Page) -> None:
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.go_back()
    assert "quiet room" not in page.content()


@pytest.mark.parametrize("rasa_runs", [True, False])
def test_danger_is_answered_in_the_same_turn_also_when_rasa_is_down(
    page: Page, service: Service, *, rasa_runs: bool
) -> None:
    start(page)
    if not rasa_runs:
        service.kill_rasa()
    write(page, "he hits me and im scared to go home")
    safety = page.locator("#log .message.safety")
    expect(safety.first).to_contain_text("999")
    expect(page.locator(".message.safety a[href='tel:08001111']").first).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_it_works_with_scripts_off(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=service.url)
    page = context.new_page()
    page.set_default_timeout(ANSWER_WITHIN_MS)
    page.goto("/")
    start(page, scripts=False)
    page.get_by_role("button", name="Tell you what I think").click()
    for _ in range(10):
        if "Question 1 of" in page.content():
            break
        page.get_by_role("button", name="Look for new words").click()
    expect_question(page, "Question 1 of")
    page.get_by_role("button", name="Good", exact=True).click()
    expect_question(page, "Question 2 of")
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    assert context.cookies() == []
    context.close()
