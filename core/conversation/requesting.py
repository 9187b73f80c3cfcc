"""Fill a request with the personal answers that no bot saw, to be read back and then sent."""

from collections.abc import Mapping

from core.conversation.house import House
from core.conversation.place import Place
from core.conversation.say import fill_in, variant_for
from core.signposting.requests import RequestBody
from core.signposting.rules import Step, read_back

JUST_ME = "nobody"


def body_of_request(house: House, place: Place) -> RequestBody:
    """Give what the key worker will see: each answer in the words the young person saw, and what they agreed to."""
    variant = variant_for(place.state)
    request: Mapping[str, str] = place.state["request"]
    values = fill_in(house, read_back(request), place, variant)
    is_alone = request.get(Step.HELPED_BY) in (None, JUST_ME)
    return RequestBody(
        about=values["about"],
        first_name=values["first_name"],
        reach=values["reach"],
        when=values["when"],
        helper=None if is_alone else values["helped_by"],
        permission=house.catalogue.say("request_permission_question", variant),
    )
