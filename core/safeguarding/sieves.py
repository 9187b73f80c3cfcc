"""All that keeps messages back in which nothing is to be heard, made once for a list of phrases."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.safeguarding.any_order import Together
from core.safeguarding.net import Node
from core.safeguarding.sieve import InAnyOrder, InOrder, ways_of
from core.safeguarding.skim import Skim
from core.safeguarding.words import Lexicon


@dataclass(frozen=True, slots=True)
class Sieves:
    """What keeps back, at once, messages in which a net or the rules of any order find nothing."""

    written: Skim
    net: InOrder
    whole: InOrder
    together: InAnyOrder


def make_sieves(net: Node, whole: Node, together: Sequence[Together], lexicon: Lexicon) -> Sieves:
    """Make them from the nets and rules of a list, and its lexicon."""
    in_order = [[(part,) for part in way if part != ".."] for each in (net, whole) for way in ways_of(each)]
    in_any_order = [rule.parts for rule in together]
    return Sieves(
        Skim([*in_order, *in_any_order], lexicon), InOrder(net), InOrder(whole), InAnyOrder(in_any_order)
    )
