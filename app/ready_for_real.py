"""Refuse to start for real young people when nobody could be told that one of them is in danger."""

from app.rasa_environment import SetUpFailed
from core.conversation.house import House
from core.settings import Profile, Settings
from core.staff.accounts import list_staff
from core.staff.roles import Role


async def refuse_if_not_ready(settings: Settings, house: House) -> None:
    """Raise SetUpFailed with everything that is missing in the production profile; the local one needs nothing."""
    if settings.hys_profile is not Profile.PRODUCTION:
        return
    async with house.service.read() as session:
        staff = await list_staff(session)
    leads = [each for each in staff if each.role is Role.SAFEGUARDING_LEAD and not each.has_left]
    missing = [
        words
        for words, is_there in (
            ("PUBLIC_URL must begin with https://, or cookies can be read on the way.", settings.is_https),
            (
                "Nobody reads concerns. Add one: haveyoursay staff add EMAIL --role safeguarding-lead",
                bool(leads),
            ),
            (
                "Alerts have no way out of the house. Set SMTP_URL.",
                bool(settings.smtp_url.get_secret_value()),
            ),
        )
        if not is_there
    ]
    if missing:
        raise SetUpFailed("This is not ready for real young people.\n" + "\n".join(missing))
