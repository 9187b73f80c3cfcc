"""Journey 1: a whole set of questions in a real browser, over a power cut, with nothing left on the device."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.service import TunedService
from tests.journeys.test_web_chat import ANSWER_WITHIN_MS, expect_question, question, start, write

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

OWN_WORDS = "the quiet room is good, maths is too loud"
MOST_QUESTIONS = 30


@pytest.fixture
def page(browser: Browser, mortal_service: TunedService) -> Iterator[Page]:
    yield from open_page(browser, mortal_service, scripts=True)


@pytest.fixture
def plain_page(browser: Browser, mortal_service: TunedService) -> Iterator[Page]:
    """A page with JavaScript off."""
    yield from open_page(browser, mortal_service, scripts=False)


def open_page(browser: Browser, service: TunedService, *, scripts: bool) -> Iterator[Page]:
    context = browser.new_context(base_url=service.url, java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(ANSWER_WITHIN_MS)
    expect.set_options(timeout=ANSWER_WITHIN_MS)
    page.goto("/")
    yield page
    context.close()


def test_a_whole_set_of_questions_over_a_power_cut(page: Page, mortal_service: TunedService) -> None:
    read_who_it_is_and_who_reads(page)
    start(page)
    page.get_by_role("button", name="Tell you what I think").click()
    expect_question(page, "Question 1 of 9")
    page.get_by_role("button", name="In the middle").click()
    expect_question(page, "Question 2 of 9")
    ask_what_a_word_means_and_return(page)
    go_back_and_skip(page)
    pause_through_a_power_cut(page, mortal_service)
    go_on_to_the_end(page)
    skip_what_is_asked_about_oneself(page)
    leave_nothing(page)


def read_who_it_is_and_who_reads(page: Page) -> None:
    expect(page.get_by_text("I am a robot, not a person.")).to_be_visible()
    expect(page.get_by_text("A few people at the council may read what you think.")).to_be_visible()
    assert page.context.cookies() == [], "looking at the page keeps nothing"


def ask_what_a_word_means_and_return(page: Page) -> None:
    write(page, "what does EHCP mean?")
    expect(page.get_by_role("log")).to_contain_text("EHCP:")
    expect_question(page, "Question 2 of 9")


def go_back_and_skip(page: Page) -> None:
    page.get_by_role("button", name="Go back", exact=True).click()
    expect_question(page, "Question 1 of 9")
    write(page, "gud")
    expect_question(page, "Question 2 of 9")
    page.get_by_role("button", name="Skip").click()
    expect_question(page, "Question 3 of 9")


def pause_through_a_power_cut(page: Page, service: TunedService) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("You can come back any day")
    service.kill()
    service.start()
    page.goto("/")
    assert "Question 3" not in page.content(), "who opens the page next reads nothing before 'Go on'"
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("have-your-say:defined", state="attached")
    expect(page.get_by_role("log")).to_contain_text("Question 3 of 9")
    expect(page.get_by_role("log")).to_contain_text("gud")
    write(page, "some but not enough")
    expect_question(page, "Question 4 of 9")


def go_on_to_the_end(page: Page) -> None:
    """Tap the last choice ("I don't know") to each, and say one thing in own words."""
    for number in range(4, 9):
        expect_question(page, f"Question {number} of 9")
        if number < 8:
            page.locator("#choices button").last.click()
    assert "What is good about school?" in question(page)
    write(page, OWN_WORDS)
    expect_question(page, "Question 9 of 9")
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("log")).to_contain_text("That was the last question.")


def skip_what_is_asked_about_oneself(page: Page) -> None:
    """Skip all that is asked about oneself; the menu comes back."""
    menu = page.get_by_role("button", name="Find help")
    for _ in range(MOST_QUESTIONS):
        shown = page.locator("#log .message.question .words").last
        before = shown.inner_text()
        if "What do you want to do?" in before:
            break
        page.get_by_role("button", name="Skip").click()
        expect(shown).not_to_have_text(before, use_inner_text=True)
    expect(menu).to_be_visible()


def leave_nothing(page: Page) -> None:
    expect(page.get_by_role("log")).to_contain_text(OWN_WORDS)
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("caches.keys().then(kept => kept.length)") == 0
    page.go_back()
    assert "quiet room" not in page.content()
    page.goto("/")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def test_the_same_with_javascript_off(plain_page: Page) -> None:
    page = plain_page
    start(page, scripts=False)
    page.get_by_role("button", name="Tell you what I think").click()
    look_until(page, "Question 1 of 9")
    page.get_by_role("button", name="Good", exact=True).click()
    look_until(page, "Question 2 of 9")
    write(page, "what does EHCP mean?")
    look_until(page, "EHCP:")
    page.get_by_role("button", name="Go back", exact=True).click()
    look_until(page, "Question 1 of 9")
    page.get_by_role("button", name="I'm finished here").click()
    page.wait_for_url("**/finished")
    assert page.context.cookies() == []


def look_until(page: Page, words: str) -> None:
    """Press "Look for new words" until they are the last question, or said above it."""
    said = re.compile(re.escape(words))
    for _ in range(10):
        tail = " ".join(page.locator("#log .message").all_inner_texts()[-3:])
        if said.search(tail):
            return
        page.get_by_role("button", name="Look for new words").click()
    pytest.fail(f"{words!r} was not said")
