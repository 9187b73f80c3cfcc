"""The words around names: those that announce one, those that never are one, and those that are both."""

from typing import Final

TITLES: Final = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof", "professor", "mister"})
SOFT_TITLES: Final = frozenset(
    {
        "miss", "sir", "uncle", "auntie", "aunty", "aunt", "nurse", "pc", "nanny", "grandma", "grandad",
        "nan", "cousin", "coach", "doctor", "teacher", "rev"
    }
)  # fmt: skip
PART_OF_NAME: Final = TITLES | {"miss", "sir"}
"""Titles that go with the name they stand before."""

ROLES: Final = frozenset(
    {
        "friend", "mate", "teacher", "ta", "sister", "brother", "carer", "worker", "doctor", "driver",
        "escort", "boyfriend", "girlfriend", "cousin", "tutor", "head", "boss", "mum", "dad", "mom",
        "stepdad", "stepmum", "bestie", "bf", "gf", "support", "keyworker", "helper", "bully", "son",
        "daughter", "neighbour", "senco", "physio", "nurse", "therapist", "pa", "bro", "sis", "nan"
    }
)  # fmt: skip
OPEN_ROLES: Final = ROLES - {"mum", "dad", "mom", "head", "boss", "support", "doctor"}
"""Roles after which a word that nobody knows is a name."""

NAMING: Final = frozenset({"called", "named", "nicknamed"})
PRONOUNS: Final = frozenset(
    {
        "i", "you", "we", "they", "he", "she", "it", "to", "will", "would", "really", "do", "dont", "and",
        "ill", "can", "still", "gonna", "so", "also", "always", "did", "might", "never"
    }
)  # fmt: skip
NAMED: Final = (
    ROLES
    | SOFT_TITLES
    | {
        *(
            "is",
            "was",
            "are",
            "am",
            "im",
            "i'm",
            "hes",
            "he's",
            "shes",
            "she's",
            "get",
            "got",
            "being",
            "its",
        ),
        *("someone", "somebody", "girl", "boy", "man", "woman", "lady", "guy", "person", "kid", "staff"),
    }
)
BEING: Final = frozenset({"is", "was", "s", "are"})
ASKING: Final = frozenset({"ask", "asked", "told", "tell", "text", "ring", "rang", "signed"})
"""Verbs after which an everyday word that can be a name is one: "ask jo", "i told may"."""

PLACE_LEADS: Final = frozenset(
    {"in", "to", "from", "near", "of", "at", "last", "next", "this", "since", "until", "by"}
)
DOING: Final = frozenset(
    {
        "is", "was", "has", "had", "did", "does", "said", "says", "told", "tells", "keeps", "kept", "hit",
        "hits", "took", "takes", "helps", "helped", "lives", "goes", "went", "came", "comes", "made",
        "makes", "gave", "gives", "left", "shouts", "shouted", "used", "and", "wants", "never", "always",
        "calls", "called", "looks", "listed", "began", "spent", "can", "will", "wont", "won't", "isn't",
        "isnt", "wasn't", "doesn't", "in", "on"
    }
)  # fmt: skip
"""What follows somebody's name where it opens a sentence."""

_NO_NAME_LIST: Final = (
    "back again round out over off a an the my me our his her their your this that these those it its he she they "
    "we you i im is was are be been am and or but so if when then not no yes never always very really just too "
    "all some any more most who what where why how which in on at to from of for with by as up into about like "
    "love hate want need know think feel good bad nice kind mean stupid fat ugly thick dumb lazy weird names name "
    "because cos it's bus school home class work help everything something nothing people person teacher teachers "
    "friend friends mum dad god english maths science art pe ict re french spanish german history geography music "
    "drama monday tuesday wednesday thursday friday saturday sunday january february march july september october "
    "november december christmas easter england uk nhs send sen ehcp isp pip dla adhd asd autism autistic ta tas "
    "gp camhs i'm i've i'd i'll don't can't there here now today tomorrow yesterday minecraft roblox fortnite "
    "dear hi hello hey thanks thank please sorry ok okay said says told lessons phone number email address "
    "different new old can could should would do does did has had have get got go going went also both them him "
    "us being trouble only"
)
NO_NAME: Final = frozenset(_NO_NAME_LIST.split())

# Written as young people write: no list of English has them, and no name is one.
_SPOKEN_LIST: Final = (
    "dont doesnt didnt wasnt isnt cant wont couldnt shouldnt wouldnt hasnt havent hadnt arent werent aint tbh idk "
    "lol omg btw cuz coz bcos wiv wen wot dat dis gonna wanna gotta innit ppl plz pls thx rly alot tho ive hes shes "
    "theyre youre thats whats lets theres whos hows wheres imo smh ngl fr rn ffs wtf lmao haha hahaha xx xxx sed "
    "luv gud gr8 m8 l8r nvm soz thru kinda sorta dunno yeh yh yea nah nope yep mums dads nans ur u r n snapchat "
    "snapchats insta tiktok youtube xbox ps5 wifi online app apps meds tv telly laptop ipad iphone website senco "
    "ehcps camhs sendiass adhd asd senco mainstream covid lockdown vape vapes vaping selfie meltdown meltdowns "
    "whacks whacked wacks smacks slaps willy covid fb rehab "
    "wheelchair dyslexia dyslexic tics tourettes epilepsy autistics emo goth footie footy uni paed paeds physio"
)
SPOKEN: Final = frozenset(_SPOKEN_LIST.split())

# Family names that are everyday words in small letters, and may well stand after somebody's first name.
_WORD_LIKE_LIST: Final = (
    "long hunt park power swift waters wells ball sharp cook cross may day love little best fields rush cash"
)
WORD_LIKE: Final = frozenset(_WORD_LIKE_LIST.split())

# Family names that tell of nobody in small letters when they stand alone.
_ONLY_AFTER_FIRST_LIST: Final = (
    "young king lane booth gill barker ford butler price walker wright stokes skinner costa silva wood woods hill "
    "bush mills walsh shaw hart hudson gardner fisher knight lowe webb chambers steele winter scott marshall palmer "
    "islam parsons poole singh begum shah webster sharpe wade warner wheeler carr barnes cole clarke jackson "
    "thornton tucker underwood romano santos terry tyler franklin hamilton gordon campbell bennett grant lawrence "
    "cameron stewart donald francis spencer randall preston norris murray morgan allen ellis riley kelly keegan"
)
ONLY_AFTER_FIRST: Final = frozenset(_ONLY_AFTER_FIRST_LIST.split()) | WORD_LIKE

NEVER_AFTER_ASKING: Final = frozenset(
    {
        "an",
        "in",
        "my",
        "so",
        "do",
        "many",
        "em",
        "al",
        "van",
        "san",
        "art",
        "don",
        "gran",
        "nan",
        "will",
        "can",
    }
)
NO_LONE_WORD: Final = frozenset({"will", "may", "can", "is", "an", "in", "so", "do", "my", "van"})
