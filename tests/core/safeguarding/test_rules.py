"""What a young person says in danger is heard, and what they say every day is not."""

from pathlib import Path

import pytest

from core.safeguarding.phrases import Category, Level, load_phrases
from core.safeguarding.rules import Heard, listen

PHRASES = load_phrases(Path(__file__).resolve().parents[3] / "data" / "safeguarding_phrases.yml")
C = Category


def hear(text: str) -> Heard | None:
    return listen(text, PHRASES)


TOLD_PLAINLY = [
    (C.IMMEDIATE_DANGER, "I am not safe"),
    (C.IMMEDIATE_DANGER, "im not safe"),
    (C.IMMEDIATE_DANGER, "not safe"),
    (C.IMMEDIATE_DANGER, "he hits me and im scared to go home"),
    (C.IMMEDIATE_DANGER, "i dont feel safe at home"),
    (C.IMMEDIATE_DANGER, "please call the police"),
    (C.IMMEDIATE_DANGER, "he has a knife and he is outside my room"),
    (C.IMMEDIATE_DANGER, "my dad is going to kill me tonight"),
    (C.IMMEDIATE_DANGER, "im frightened of my stepdad"),
    (C.IMMEDIATE_DANGER, "home no safe"),
    (C.SUICIDE, "i want to die"),
    (C.SUICIDE, "i wanna kms"),
    (C.SUICIDE, "im going to unalive myself"),
    (C.SUICIDE, "i am going to end my life"),
    (C.SUICIDE, "i feel suicidal"),
    (C.SUICIDE, "i took loads of pills"),
    (C.SUICIDE, "i dont want to be here anymore"),
    (C.SUICIDE, "i wish i was dead"),
    (C.SUICIDE, "i tried to hang myself last week"),
    (C.SUICIDE, "i have been thinking about suicide"),
    (C.SUICIDE, "everyone is better off without me im going to jump off the bridge"),
    (C.SUICIDE, "me want die"),
    (C.SELF_HARM, "i cut myself"),
    (C.SELF_HARM, "i cut my arms last night"),
    (C.SELF_HARM, "i self harm when im sad"),
    (C.SELF_HARM, "i burn myself with a lighter"),
    (C.SELF_HARM, "ive been hurting myself again"),
    (C.PHYSICAL_ABUSE, "my dad hits me"),
    (C.PHYSICAL_ABUSE, "mum slaps me when im bad"),
    (C.PHYSICAL_ABUSE, "daddy hurt me"),
    (C.PHYSICAL_ABUSE, "he beats me with a belt"),
    (C.PHYSICAL_ABUSE, "i get hit at home"),
    (C.PHYSICAL_ABUSE, "my stepdad came home drunk and punched me"),
    (C.PHYSICAL_ABUSE, "my uncle always kicks me"),
    (C.PHYSICAL_ABUSE, "she put her hands round my neck"),
    (C.PHYSICAL_ABUSE, "dad hit bad"),
    (C.SEXUAL_ABUSE, "my uncle touched me when i was 6"),
    (C.SEXUAL_ABUSE, "he puts his hand down my pants"),
    (C.SEXUAL_ABUSE, "man touch no like"),
    (C.SEXUAL_ABUSE, "no like man touch"),
    (C.SEXUAL_ABUSE, "my stepdad comes in my room at night and touches me"),
    (C.SEXUAL_ABUSE, "he raped me"),
    (C.SEXUAL_ABUSE, "grandad made me touch his willy"),
    (C.SEXUAL_ABUSE, "he made me have sex with him"),
    (C.SEXUAL_ABUSE, "he showed me his private parts"),
    (C.EMOTIONAL_ABUSE, "mum is abusive"),
    (C.EMOTIONAL_ABUSE, "my mum says she wants me dead"),
    (C.NEGLECT, "mum doesnt feed me"),
    (C.NEGLECT, "there is no food in my house"),
    (C.NEGLECT, "they left me on my own for 3 days"),
    (C.NEGLECT, "i havent eaten for 2 days"),
    (C.NEGLECT, "me hungry mum no food"),
    (C.EXPLOITATION, "someone online asked me for nudes"),
    (C.EXPLOITATION, "i sent a man naked pics"),
    (C.EXPLOITATION, "he says he will share my nudes"),
    (C.EXPLOITATION, "he makes me carry drugs"),
    (C.EXPLOITATION, "i have to sell weed for them"),
    (C.EXPLOITATION, "they are making me marry a man"),
    (C.RESTRAINT, "they hold me down on the floor"),
    (C.RESTRAINT, "teacher locked me in a cupboard"),
    (C.RESTRAINT, "i get locked in my room all night"),
    (C.RESTRAINT, "they tied me to a chair"),
    (C.RUNNING_AWAY, "i ran away and have nowhere to sleep"),
    (C.RUNNING_AWAY, "mum kicked me out of the house"),
    (C.RUNNING_AWAY, "im sleeping rough"),
    (C.BULLYING_WITH_FEAR, "kids at school say they will stab me"),
    (C.BULLYING_WITH_FEAR, "boys at school hit me every day"),
    (C.DOMESTIC_ABUSE, "my dad beats up my mum"),
    (C.DOMESTIC_ABUSE, "he hits my mum"),
    (C.DOMESTIC_ABUSE, "my boyfriend hits me"),
    (C.ADULT_WHO_WORKS_WITH_CHILDREN, "my teacher kissed me"),
    (C.ADULT_WHO_WORKS_WITH_CHILDREN, "the taxi driver touches me"),
    (C.ADULT_WHO_WORKS_WITH_CHILDREN, "my carer hit me"),
    (C.ADULT_WHO_WORKS_WITH_CHILDREN, "my escort grabs my hair and punches me"),
    (C.ANOTHER_CHILD, "my friend wants to kill herself"),
    (C.ANOTHER_CHILD, "my dad hits my little brother"),
    (C.ANOTHER_CHILD, "my brother told me he wants to die"),
    (C.SELF_HARM, "ive got a razor hid in my drawer and i used it last night"),
    (C.SELF_HARM, "i went back to burning my arms"),
    (C.SUICIDE, "i climbed over the railings on the bridge and a man got me down"),
    (C.PHYSICAL_ABUSE, "got pushed down the stairs again"),
    (C.PHYSICAL_ABUSE, "our ustad hits our hands with a ruler"),
    (C.SEXUAL_ABUSE, "i woke up and he was on top of me"),
    (C.IMMEDIATE_DANGER, "he pointed a knife at my mum"),
    (C.EMOTIONAL_ABUSE, "my nan says i am a curse on the family"),
    (C.EXPLOITATION, "men took over my flat and deal drugs in it"),
    (C.EXPLOITATION, "he wants two hundred quid or he sends the pics to my family"),
    (C.RUNNING_AWAY, "mum changed the locks"),
    (C.RUNNING_AWAY, "im walking to london on the motorway"),
    (C.BULLYING_WITH_FEAR, "they made a page about me called freak and posted where i live"),
    (C.IMMEDIATE_DANGER, "the water is rising and its up to my chest"),
    (C.IMMEDIATE_DANGER, "my brothers seizure is not stopping"),
    (C.RESTRAINT, "they wedged a table on my chair so i cant get out"),
    (C.NEGLECT, "nobody gave me my dinner yesterday or today"),
    (C.ADULT_WHO_WORKS_WITH_CHILDREN, "the escort left me in the van for an hour"),
]


@pytest.mark.parametrize(("category", "said"), TOLD_PLAINLY)
def test_what_is_told_plainly_is_danger(category: Category, said: str) -> None:
    heard = hear(said)
    assert heard is not None
    assert heard.level is Level.DANGER
    assert category in heard.categories


HINTED = [
    (C.NEGLECT, "mum forgets my feed"),
    (C.IMMEDIATE_DANGER, "i have to ask before i speak at home"),
    (C.SUICIDE, "nobody would miss me"),
    (C.SUICIDE, "i cant do this anymore"),
    (C.SUICIDE, "whats the point of living"),
    (C.SELF_HARM, "i hate myself"),
    (C.PHYSICAL_ABUSE, "what if someone hits me"),
    (C.PHYSICAL_ABUSE, "my dad gets really angry"),
    (C.SEXUAL_ABUSE, "he says its our secret"),
    (C.EMOTIONAL_ABUSE, "my mum calls me stupid"),
    (C.EXPLOITATION, "a man online wants to meet me"),
    (C.RESTRAINT, "they put me in the calm room and shut the door"),
    (C.RUNNING_AWAY, "i want to run away"),
    (C.BULLYING_WITH_FEAR, "i get bullied and im scared"),
    (C.DOMESTIC_ABUSE, "mum and dad fight every night"),
    (C.ANOTHER_CHILD, "my friend is cutting herself"),
    (C.ANOTHER_CHILD, "my friend has bruises"),
    (C.SELF_HARM, "i used to cut myself"),
    (C.SUICIDE, "i dont want to die anymore"),
    (C.ANOTHER_CHILD, "a kid on my road is out at midnight in a nappy with no coat"),
    (C.ANOTHER_CHILD, "a girl at my club showed me her wrists"),
    (C.ANOTHER_CHILD, "the neighbour screams at her son every night"),
    (C.ANOTHER_CHILD, "my brother comes back from respite with marks and he cries"),
]


@pytest.mark.parametrize(("category", "said"), HINTED)
def test_what_is_hinted_or_heard_of_is_a_worry(category: Category, said: str) -> None:
    heard = hear(said)
    assert heard is not None
    assert heard.level is Level.WORRY
    assert category in heard.categories


EVERY_DAY = [
    "this homework is killing me",
    "im dying of laughter",
    "im dying to see the new film",
    "mum will kill me if i lose my coat",
    "i could murder a pizza",
    "he killed me in minecraft",
    "my dad hits me in fortnite lol in the game",
    "i beat him at fifa",
    "the ball hit me",
    "i hit my head",
    "i cut myself shaving",
    "hit me up",
    "i am scared of spiders",
    "scared of loud noises",
    "he never hits me",
    "nobody hits me",
    "my teacher does not hit me",
    "i dont want to die",
    "i would never hurt myself",
    "i am not being bullied and i am not scared",
    "i hate maths cos its too loud",
    "school is good",
    "the bus is always late",
    "i like art",
    "i need more help with meetings",
    "i want to live by myself",
    "i want a job",
    "i feel safe",
    "i do not like it when people touch me",
    "the teacher shouts too much and it hurts my ears",
    "my wheelchair hurts me",
    "i want to go home",
    "kids push in the dinner queue",
    "the fire drill made me jump",
    "i was jumped on by my dog when i came in",
    "i bit my tongue and it bled",
    "we slept in a tent at cubs",
    "my tics make me hit my leg",
    "i ran away from a goose",
    "my friend is kind",
    "dad took me to the park",
    "mum helps me get dressed",
    "i take tablets for my epilepsy",
    "they lock the school gate at night",
    "i felt ill and my mum took me to the doctor",
    "the nurse held my hand",
    "my carer is the best",
    "im tired of waiting",
    "the driver is nice and talks to me",
    "stop asking me",
    "i hate the dinners they are horrible",
    "my dog died and i was sad",
    "my grandad died last year",
    "i want to be a police officer",
    "we learned about the police in assembly",
    "i love you to death",
    "",
    "   ",
    "ok",
]


@pytest.mark.parametrize("said", EVERY_DAY)
def test_what_is_said_every_day_is_no_alarm(said: str) -> None:
    assert hear(said) is None


def test_the_reasons_name_phrase_category_and_level() -> None:
    heard = hear("my dad hits me")
    assert heard is not None
    assert ("hit_by_adult", C.PHYSICAL_ABUSE, Level.DANGER) in {
        (match.phrase_id, match.category, match.level) for match in heard.because
    }
    assert set(heard.categories) == {match.category for match in heard.because}


def test_an_adult_who_works_with_children_is_told_apart_from_family() -> None:
    by_teacher, by_dad = hear("my teacher was angry and he hit me"), hear("my dad was angry and he hit me")
    assert by_teacher is not None
    assert C.ADULT_WHO_WORKS_WITH_CHILDREN in by_teacher.categories
    assert by_dad is not None
    assert C.ADULT_WHO_WORKS_WITH_CHILDREN not in by_dad.categories


@pytest.mark.parametrize(
    ("said", "is_by_worker"),
    [
        ("my tutor makes me show him my body", True),
        ("the teacher waits for me by the toilets every day and i feel sick", True),
        ("the teacher waits for me after class by the toilets every day and i feel sick", True),
        ("my uncle makes me show him my body", False),
        ("the girls wait for me by the toilets every day and i feel sick", False),
        ("i told my teacher a boy waits for me by the toilets every day and i feel sick", False),
    ],
)
def test_who_exploits_or_frightens_may_be_an_adult_who_works_with_children_but_no_pupil_is(
    *, said: str, is_by_worker: bool
) -> None:
    heard = hear(said)
    assert heard is not None
    assert (C.ADULT_WHO_WORKS_WITH_CHILDREN in heard.categories) == is_by_worker


def test_not_reaches_over_small_words_but_not_over_a_sentence() -> None:
    assert hear("i do not really want to kill myself") is None
    told = hear("no i do not. i want to die")
    assert told is not None
    assert told.level is Level.DANGER


def test_who_can_not_stop_goes_on() -> None:
    heard = hear("i cant cut myself anymore")
    assert heard is not None


def test_a_joke_beside_it_lowers_nothing() -> None:
    heard = hear("i want to kill myself lol only joking")
    assert heard is not None
    assert heard.level is Level.DANGER


def test_a_supposing_ends_with_its_sentence() -> None:
    heard = hear("what if it rains. my dad hits me")
    assert heard is not None
    assert heard.level is Level.DANGER


def test_a_pronoun_means_the_other_child_only_soon_after_it_was_named() -> None:
    near, far = (
        hear("my friend is sad. she is cutting herself"),
        hear("word " * 20 + "she is kind to herself"),
    )
    assert near is not None
    assert C.ANOTHER_CHILD in near.categories
    assert far is None


@pytest.mark.parametrize(
    "said",
    [
        "we were watching a film and my uncle touched me",
        "i was reading my book and dad hit me",
        "he touched my private bits when we watched a film",
        "we had a lesson about abuse and i think my uncle rapes me",
        "i saw a film about a man who touches kids and my grandad touches me",
        "i like eastenders but mum locks me in my room",
        "in the film club the teacher touched me",
        "my teacher hit me in history",
    ],
)
def test_a_film_or_a_lesson_hides_nothing_that_happened_to_the_writer(said: str) -> None:
    heard = hear(said)
    assert heard is not None
    assert heard.level is Level.DANGER


@pytest.mark.parametrize(
    "said", ["we read a book where the dad hits the boy", "we learned about county lines at school"]
)
def test_what_was_read_or_learnt_about_is_no_alarm(said: str) -> None:
    assert hear(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "grandad tickles me down there",
        "i am scared of the man next door",
        "my hands are tied to the bed",
        "i was locked in the toilet by the teacher",
        "mum burnt my hand on the hob",
        "he cut my fingers with a knife",
        "i cut my hand on purpose",
        "he kisses me on the head and then touches my private",
        "there was a fire drill and then sir slapped my face",
        "my dog bit me and then dad kicked me in the belly",
        "mum locked the knives away because she said she would stab me",
        "he slapped me on the back and then he punched me in the face",
        "my hand is blue because dad shut it in the door",
        "i want to throw myself in the canal",
        "he lies on me when i sleep",
        "dad beats mum at night",
        "dad beat my brother in the kitchen",
        "dad beat me in the kitchen",
        "stepdad slaps me on the back of the head",
        "he grabs my wheelchair and pushes me down the hill",
        "dad grabbed my arm so hard i fell",
        "mum bangs my head in a fit of rage",
        "he pushed me in the wheelchair down the stairs",
        "dad pushed me up the stairs and into the wall",
        "dad kicked me out of the room and down the stairs",
        "my dad stabbed my mum it was on the news",
        "the nurse slapped me i asked her to stop",
        "i could have jumped off the bridge when no one was looking",
        "he said he will finish me off with the knife",
        "i stay safe by hiding in the wardrobe when dad is drunk",
        "mum makes me sleep in a tent in the garden with no food",
        "man touch. not nice. mum no listen",
        "he pulled a knife and we got locked in",
        "i bite my lip till it bleeds on purpose",
        "i cut myself on purpose",
        "i cut myself some more last night",
        "the driver touched my hand and then my private bits",
        "dad hit me with the ball on purpose in the face",
        "i want to run away with my boyfriend who is 40",
    ],
)
def test_an_idiom_hides_nothing_that_is_none(said: str) -> None:
    assert hear(said) is not None
