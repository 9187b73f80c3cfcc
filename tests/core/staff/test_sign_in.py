"""Staff come in with the right password, and only for a working day."""

from collections import Counter
from collections.abc import Iterable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from core.errors import Refusal
from core.staff.accounts import (
    NewStaff,
    NotAnEmail,
    PasswordTooShort,
    StaffAlreadyThere,
    add_staff,
    check_password,
    list_staff,
)
from core.staff.passwords import Passwords, draw_password
from core.staff.roles import Role
from core.staff.sign_in import (
    Credentials,
    WrongPassword,
    csrf_token,
    find_signed_in,
    sign_in,
    sign_out,
)
from core.staff.tables import SignInSession
from core.staff.tries import BY_ACCOUNT, BY_ACCOUNT_AND_ADDRESS, BY_ADDRESS, TooManyTries
from core.tries_tables import Tries
from tests.fakes import FakeClock
from tests.staffed import hold_staff, pretend_keys
from tests.stores import Stores

KEYS = pretend_keys()
RIGHT = "a-long-password-of-sam"
SAM = "sam.green@council.example"


@pytest.fixture
def passwords() -> Passwords:
    """Passwords with a light hash: the weight of argon2id is its own matter."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


async def hire_sam(stores: Stores, passwords: Passwords) -> None:
    kept = await passwords.hash(RIGHT)
    async with stores.service.write() as session:
        await hold_staff(session, "Sam Green", password_hash=kept)


def typed(email: str = SAM, password: str = RIGHT, address: str = "192.0.2.1") -> Credentials:
    return Credentials(email, password, address)


async def test_the_right_password_lets_in_and_sign_out_lets_out(
    stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(stores, passwords)
    token = await sign_in(
        stores.service, KEYS, passwords, typed(email=" Sam.Green@COUNCIL.example "), clock=clock
    )
    who = await find_signed_in(stores.service, token, clock=clock)
    assert who is not None
    assert (who.name, who.role, who.csrf) == ("Sam Green", Role.KEY_WORKER, csrf_token(token))
    async with stores.service.write() as session:
        await sign_out(session, KEYS, token, staff=who.staff, now=clock())
    assert await find_signed_in(stores.service, token, clock=clock) is None


@pytest.mark.parametrize(
    "credentials", [typed(password="wrong"), typed(email="nobody@council.example"), typed(email="no at sign")]
)
async def test_a_wrong_password_and_an_unknown_email_get_the_same_words(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock, credentials: Credentials
) -> None:
    await hire_sam(sqlite_stores, passwords)
    with pytest.raises(WrongPassword) as refused:
        await sign_in(sqlite_stores.service, KEYS, passwords, credentials, clock=clock)
    assert refused.value.said == "The e-mail or the password is not right."


async def test_an_unknown_email_is_hashed_as_long_as_a_known_one(passwords: Passwords) -> None:
    assert await passwords.fits(RIGHT, None) is False
    assert await passwords.fits(RIGHT, await passwords.hash(RIGHT)) is True


async def test_guessing_is_stopped_even_with_the_right_password_at_last(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)
    for _ in range(BY_ACCOUNT_AND_ADDRESS.most):
        with pytest.raises(WrongPassword):
            await sign_in(sqlite_stores.service, KEYS, passwords, typed(password="wrong"), clock=clock)
    with pytest.raises(TooManyTries):
        await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    assert await sign_in(sqlite_stores.service, KEYS, passwords, typed(address="198.51.100.7"), clock=clock)
    clock.go_on(minutes=16)
    assert await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)


async def test_the_right_password_forgets_the_wrong_ones(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)
    with pytest.raises(WrongPassword):
        await sign_in(sqlite_stores.service, KEYS, passwords, typed(password="wrong"), clock=clock)
    await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    async with sqlite_stores.service.read() as session:
        assert await session.scalar(select(func.sum(Tries.tries))) == 0


async def test_an_account_and_an_address_have_limits_of_their_own(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)

    async def outcomes(guesses: Iterable[Credentials]) -> Counter[type[Refusal] | None]:
        seen: Counter[type[Refusal] | None] = Counter()
        for guess in guesses:
            try:
                await sign_in(sqlite_stores.service, KEYS, passwords, guess, clock=clock)
                seen[None] += 1
            except Refusal as refused:
                seen[type(refused)] += 1
        return seen

    from_everywhere = [typed(password="wrong", address=f"198.51.100.{each}") for each in range(40)]
    assert await outcomes(from_everywhere) == {WrongPassword: BY_ACCOUNT.most, TooManyTries: 10}
    of_everybody = [typed(email=f"{each}@council.example", address="192.0.2.9") for each in range(60)]
    assert await outcomes(of_everybody) == {WrongPassword: BY_ADDRESS.most, TooManyTries: 10}
    clock.go_on(minutes=16)
    an_office = [typed(password=each) for _ in range(40) for each in ("wrong", RIGHT)]
    assert await outcomes(an_office) == {WrongPassword: 40, None: 40}


async def test_tries_keep_neither_the_email_nor_the_address(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    with pytest.raises(WrongPassword):
        await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    async with sqlite_stores.service.read() as session:
        kept = b"".join((await session.scalars(select(Tries.whose))).all())
    assert kept
    assert SAM.encode() not in kept
    assert b"192.0.2.1" not in kept


async def test_a_sign_in_ends_after_two_idle_hours(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)
    token = await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    clock.go_on(hours=1, minutes=59)
    assert await find_signed_in(sqlite_stores.service, token, clock=clock)
    clock.go_on(hours=2)
    assert await find_signed_in(sqlite_stores.service, token, clock=clock) is None


async def test_a_sign_in_ends_after_twelve_hours_however_busy(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)
    token = await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    for _ in range(11):
        clock.go_on(hours=1)
        assert await find_signed_in(sqlite_stores.service, token, clock=clock)
    clock.go_on(hours=1)
    assert await find_signed_in(sqlite_stores.service, token, clock=clock) is None


async def test_the_store_holds_only_the_hash_of_a_token(
    sqlite_stores: Stores, passwords: Passwords, clock: FakeClock
) -> None:
    await hire_sam(sqlite_stores, passwords)
    token = await sign_in(sqlite_stores.service, KEYS, passwords, typed(), clock=clock)
    async with sqlite_stores.service.read() as session:
        (kept,) = (await session.scalars(select(SignInSession))).all()
    assert token.encode() not in kept.token_hash
    assert await find_signed_in(sqlite_stores.service, kept.token_hash.hex(), clock=clock) is None


async def test_an_account_is_added_once_for_each_email(stores: Stores, clock: FakeClock) -> None:
    new = NewStaff("Ali@council.example", "Ali  Brown", Role.AUDITOR, "none")
    async with stores.service.write() as session:
        await add_staff(session, KEYS, new, by="command-line", now=clock())
    with pytest.raises(StaffAlreadyThere):
        async with stores.service.write() as session:
            await add_staff(session, KEYS, new, by="command-line", now=clock())
    async with stores.service.read() as session:
        (ali,) = await list_staff(session)
    assert (ali.email, ali.name, ali.role) == ("ali@council.example", "Ali Brown", Role.AUDITOR)


async def test_an_account_needs_an_email_and_a_long_password(sqlite_stores: Stores, clock: FakeClock) -> None:
    new = NewStaff("ali", "Ali", Role.AUDITOR, "none")
    with pytest.raises(NotAnEmail):
        async with sqlite_stores.service.write() as session:
            await add_staff(session, KEYS, new, by="command-line", now=clock())
    with pytest.raises(PasswordTooShort):
        check_password("short")
    assert check_password(draw_password()) != draw_password()
