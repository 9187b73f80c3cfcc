"""Staff accounts to try the service with, on one machine only."""

from dataclasses import dataclass

from core.conversation.house import House
from core.settings import Settings
from core.staff.accounts import NewStaff, add_staff, list_staff
from core.staff.passwords import Passwords, draw_password
from core.staff.roles import Role

WHO_MADE_THEM = "run"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account and its password, told once and kept in var/demo-accounts for its owner only."""

    email: str
    name: str
    role: Role
    password: str


DEMO = (
    ("sam@example.org", "Sam Carter", Role.KEY_WORKER),
    ("alex@example.org", "Alex Reed", Role.KEY_WORKER),
    ("jo@example.org", "Jo Marsh", Role.SAFEGUARDING_LEAD),
    ("kit@example.org", "Kit Lowe", Role.STRATEGY),
    ("lee@example.org", "Lee Moss", Role.COMPLAINTS_OFFICER),
    ("ada@example.org", "Ada Finch", Role.ADMINISTRATOR),
)


async def add_demo_accounts(settings: Settings, house: House) -> list[DemoAccount]:
    """Add one account for each job when there are no staff at all; give those that were added."""
    async with house.service.read() as session:
        if await list_staff(session):
            return []
    accounts = [DemoAccount(email, name, role, draw_password()) for email, name, role in DEMO]
    passwords = Passwords()
    hashes = [await passwords.hash(account.password) for account in accounts]
    passwords.close()
    async with house.service.write() as session:
        for account, kept in zip(accounts, hashes, strict=True):
            new = NewStaff(account.email, account.name, account.role, kept)
            await add_staff(session, house.keys, new, by=WHO_MADE_THEM, now=house.clock())
    _keep(settings, accounts)
    return accounts


def _keep(settings: Settings, accounts: list[DemoAccount]) -> None:
    file = settings.var / "demo-accounts"
    file.touch(mode=0o600)
    file.write_text("".join(f"{each.email} {each.password} ({each.role})\n" for each in accounts))
