"""Whether those answer now whom the service needs: the mail server, Twilio, the sign-in of work accounts."""

import httpx

from app.doctor.finding import Finding
from app.work_accounts import BadWorkSignIn, open_provider
from channels.twilio.account import twilio_account
from channels.twilio.sender import TwilioSender
from core.clock import system_clock
from core.sending import TryAgain, Undeliverable
from core.settings import Settings
from core.staff.work_account import WorkSignInAway
from gateways.smtp import BadMailServer, SmtpMail, read_mail_server


async def examine_routes(settings: Settings) -> list[Finding]:
    """Ask the mail server and Twilio if they know us, and the provider of work accounts what it is."""
    return [*await _mail(settings), *await _texts(settings), *await _work_accounts(settings)]


async def _work_accounts(settings: Settings) -> list[Finding]:
    try:
        provider = open_provider(settings, system_clock)
        if provider is not None:
            await provider.greet()
    except BadWorkSignIn:
        return []  # said among the settings
    except WorkSignInAway as away:
        mend = "Check OIDC_ISSUER; until then staff with work accounts can't sign in."
        return [
            Finding(f"The sign-in of work accounts does not answer as it should ({away.__cause__}).", mend)
        ]
    return []


async def _mail(settings: Settings) -> list[Finding]:
    url = settings.smtp_url.get_secret_value()
    try:
        if url:
            await SmtpMail(read_mail_server(url), system_clock).greet()
    except BadMailServer:
        return []  # said among the settings
    except (TryAgain, Undeliverable) as problem:
        mend = "Check SMTP_URL, and try again: alerts wait until it answers."
        return [Finding(f"The mail server does not take mail from us ({problem.reason}).", mend)]
    return []


async def _texts(settings: Settings) -> list[Finding]:
    if not settings.twilio_account_sid:
        return []
    account = twilio_account(settings)
    if not account.is_real:
        return []
    async with httpx.AsyncClient() as network:
        try:
            await TwilioSender(account, network).greet()
        except (TryAgain, Undeliverable) as problem:
            mend = "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: texts wait until it answers."
            return [Finding(f"Twilio does not know us ({problem.reason}).", mend)]
    return []
