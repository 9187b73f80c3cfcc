"""Names for requests that a young person can say and remember: "blue fox 42"."""

from random import Random

KINDS = (
    "blue", "green", "red", "gold", "silver", "purple", "orange", "sunny", "happy", "lucky",
    "quick", "calm", "kind", "bright", "little", "giant", "warm", "busy", "jolly", "magic",
)  # fmt: skip
ANIMALS = (
    "fox", "owl", "bear", "fish", "duck", "frog", "lion", "tiger", "horse", "rabbit",
    "robin", "otter", "panda", "zebra", "whale", "seal", "swan", "deer", "crab", "parrot",
    "kitten", "puppy", "pony", "camel", "dolphin", "penguin", "turtle", "badger", "hedgehog", "squirrel",
)  # fmt: skip
"""None of them is a name that children are called to hurt them."""

LOWEST = 10
HIGHEST = 99


def draw_words(random: Random) -> str:
    """Draw one of 54,000 names; the caller sees to it that no two open requests share one."""
    return f"{random.choice(KINDS)} {random.choice(ANIMALS)} {random.randint(LOWEST, HIGHEST)}"
