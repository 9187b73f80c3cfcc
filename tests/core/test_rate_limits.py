"""Counts by our own clock: within a limit, over it, and again within it when the time is over."""

from core.rate_limits import SWEEP_EVERY, Limit, Limiter
from tests.fakes import FakeClock
from tests.staffed import pretend_keys


def test_a_limit_ends_when_its_time_is_over(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock)
    assert [limiter.count(Limit.WRONG_KEYS, "192.0.2.1") for _ in range(31)] == [True] * 30 + [False]
    assert not limiter.is_within(Limit.WRONG_KEYS, "192.0.2.1")
    assert limiter.count(Limit.WRONG_KEYS, "192.0.2.2")
    clock.go_on(minutes=15)
    assert limiter.is_within(Limit.WRONG_KEYS, "192.0.2.1")
    assert limiter.count(Limit.WRONG_KEYS, "192.0.2.1")


def test_the_longer_of_two_windows_holds_too(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock)
    allowed = 0
    for _ in range(20):
        allowed += sum(limiter.count(Limit.OPENINGS, "192.0.2.1") for _ in range(60))
        clock.go_on(minutes=10)
    assert allowed == 600


def test_what_is_given_back_can_be_had_again_but_never_more(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock)
    limiter.give_back(Limit.OPENINGS, "192.0.2.1")
    assert sum(limiter.count(Limit.OPENINGS, "192.0.2.1") for _ in range(60)) == 60
    clock.go_on(minutes=10)
    limiter.give_back(Limit.OPENINGS, "192.0.2.1")
    assert [limiter.count(Limit.OPENINGS, "192.0.2.1") for _ in range(61)] == [True] * 60 + [False]


def test_it_can_be_switched_off(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock, is_on=False)
    assert all(limiter.count(Limit.WRONG_KEYS, "192.0.2.1") for _ in range(100))
    assert limiter.is_within(Limit.WRONG_KEYS, "192.0.2.1")


def test_no_name_is_kept_and_it_is_another_each_day(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock)
    limiter.count(Limit.OPENINGS, "192.0.2.1")
    today = set(limiter.storage._counts)  # noqa: SLF001 - what is kept in memory is the point
    assert not any("192.0.2.1" in key for key in today)
    clock.go_on(days=1)
    limiter.count(Limit.OPENINGS, "192.0.2.1")
    assert today.isdisjoint(set(limiter.storage._counts) - today)  # noqa: SLF001
    assert len(limiter.storage._counts) == 4  # noqa: SLF001


def test_what_is_over_is_forgotten(clock: FakeClock) -> None:
    limiter = Limiter(pretend_keys(), clock)
    limiter.count(Limit.WRONG_KEYS, "192.0.2.1")
    clock.go_on(hours=1)
    for number in range(SWEEP_EVERY):
        limiter.count(Limit.TOLD_TOO_MUCH, str(number))
    kept = limiter.storage._counts  # noqa: SLF001
    assert not any("WRONG_KEYS" in key for key in kept)
    assert limiter.storage.reset() == len(kept) or not kept
