"""All that a conversation needs around it, put together once by app."""

import secrets
from dataclasses import dataclass, field

from core.area import Area
from core.clock import Clock
from core.conversation.bot import Bot
from core.conversation.seats import Seats
from core.conversation.weighed import Weighed
from core.database import Store
from core.doorbell import Doorbell
from core.group_commit import GroupCommit
from core.group_read import GroupRead
from core.keys import ServiceKeys
from core.local_offer.shelf import Shelf
from core.rate_limits import Limiter
from core.safeguarding.languages import Languages
from core.safeguarding.phrases import Phrases
from core.safeguarding.reviews import Draw
from core.safeguarding.second_listener import Ear, FarEar
from core.sealing import Keyring
from core.text.glossary import Glossary
from core.text.messages import Catalogue
from core.views.question_bank import Bank
from core.views.responses import Responses
from core.views.themes import Themes
from core.young_people.codes import CodeStretcher


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """What codes need: the store that delete codes open, the keys that seal in it, and what stretches a code."""

    views: Store
    seals: Keyring
    stretcher: CodeStretcher


ANY_CONVERSATION = "any conversation"
"""What the workers wait for at the doorbell."""


@dataclass(frozen=True, slots=True)
class House:
    """The stores, keys, lists and doors that the way of a message passes; `owner` names this process.

    Arrivals are written through `arrivals`, where those that wait share a commit. What must be known of many before
    they are turned away is asked through `lookups`, where those that wait share a statement.
    Without `second_listener` the phrases listen alone; `weighed` keeps messages in order that it weighs. `draw` picks
    whose message is reviewed, and nobody foresees it. `seats` says who is being answered by this process.
    """

    service: Store
    keys: ServiceKeys
    clock: Clock
    bot: Bot
    doorbell: Doorbell
    owner: str
    catalogue: Catalogue
    bank: Bank
    glossary: Glossary
    shelf: Shelf
    themes: Themes
    responses: Responses
    phrases: Phrases
    languages: Languages
    area: Area
    arrivals: GroupCommit
    lookups: GroupRead
    codes: CodeDesk
    limiter: Limiter
    second_listener: Ear | FarEar | None = None
    draw: Draw = secrets.randbelow
    weighed: Weighed = field(default_factory=Weighed)
    seats: Seats = field(default_factory=Seats)
