"""Names, numbers and places are taken out of what was said, and the rest is left as it is."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.people import Names, load_names
from core.text.personal import remove_personal_details


def clean(text: str) -> str:
    return remove_personal_details(text).text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("call me on 07700 900123", "call me on [phone]"),
        ("ring +44 (0)7700 900123 ok", "ring [phone] ok"),
        ("01905 822 666", "[phone]"),
        ("my num is zero seven seven double oh nine one two three", "my num is [phone]"),
        ("my nhs number is 943 476 5919", "my nhs number is [nhs number]"),
        ("its 943-476-5919", "its [nhs number]"),
        ("nhs no 123 456 7890", "nhs no [nhs number]"),
        ("card 4929 7226 5379 7141", "card [number]"),
        ("ref AB1234567", "ref [number]"),
        ("ip 192.168.10.11", "ip [number]"),
        ("nino QQ 12 34 56 C", "nino [nino]"),
        ("i live in wr1 2ab", "i live in [postcode]"),
        ("my postcode is WR5", "my postcode is [postcode]"),
        ("email sam.b+x@example.org.uk", "email [email]"),
        ("zz99 at gmail dot com", "[email]"),
        ("see https://example.org/a?b=c now", "see [link] now"),
        ("on example.co.uk/me", "on [link]"),
        ("im @cool_kid.99", "im [handle]"),
        ("add zog#1234", "add [handle]"),
        ("its ann dot lee at outlook dot com", "its [email]"),
        ("foxgirl at example dot co dot uk", "[email]"),
        ("zed @ gmail.com pls", "[email] pls"),
        ("i live in WR 9 9 AB now", "i live in [postcode] now"),
        ("sort code 11-22-33", "sort code [number]"),
        ("the taxi was wr99 abc", "the taxi was [plate]"),
        ("his number plate was x999xyz", "his number plate was [plate]"),
        ("my case number is EHC-204418", "my case number is [number]"),
        ("my snap is cool_kid99", "my snap is [handle]"),
    ],
)
def test_numbers_codes_and_links_are_taken_out(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("born on 12/03/2011", "born on [date]"),
        ("12th of march 2011", "[date]"),
        ("March 12, 2011", "[date]"),
        ("2011-03-12", "[date]"),
        ("03/25/2011", "[date]"),
        ("my birthday is 3rd of may", "my birthday is [date]"),
        ("i turn 16 on the 9th of july", "i turn 16 on [date]"),
        ("i was born in 2011", "i was born in [date]"),
    ],
)
def test_dates_of_birth_are_taken_out(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("i live at 14 oak road", "i live at [address]"),
        ("Flat 3, 22 Example Street, Worcester, WR1 2AB please", "[address] please"),
        ("12 some lane, little town, wr1 2ab", "[address]"),
        ("he lives at 22 the willows", "he lives at [address]"),
        ("we go down Acacia Avenue", "we go down [address]"),
        ("Unit 4, Rose Wharf", "[address]"),
        ("the bus stop on mill lane is broken", "the bus stop on [address] is broken"),
        ("i live down sycamore drive", "i live down [address]"),
        ("he lives on the top of zog hill", "he lives on the top of [address]"),
        ("meet at 6 robin villages", "meet at [address]"),
        ("1593 Pagari 18 Suite 932 Zogtown", "[address]"),
        ("PO box 211 please", "[address] please"),
    ],
)
def test_addresses_are_taken_out(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("i go to little acorns school", "i go to [school]"),
        ("i go to little acorns primary school", "i go to [school]"),
        ("Little Acorns Special School is good", "[school] is good"),
        ("St John's Academy", "[school]"),
        ("my school is called sunny hill academy", "my school is called [school]"),
        ("zogblatt sixth form has no lift", "[school] has no lift"),
        ("she is at Our Lady of Hope Catholic School", "she is at [school]"),
        ("to bishop alden church of england primary school", "to [school]"),
        ("Big Zog Abc Def Ghi Jkl Mno School", "Big [school]"),
        ("i was excluded from Parkside", "i was excluded from [school]"),
        ("i go to Beech House Surgery for jabs", "i go to [place] for jabs"),
        ("at holly bank respite", "at [place]"),
        ("the zogblatt clinic has no ramp", "the [place] has no ramp"),
        ("at zogblatt house surgery", "at [place]"),
    ],
)
def test_the_name_of_a_school_or_a_place_is_taken_out(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my name is zogblat", "my name is [name]"),
        ("my names zogblat", "my names [name]"),
        ("im called zogblat", "im called [name]"),
        ("i am jack", "i am [name]"),
        ("jack's mum is nice", "[name]'s mum is nice"),
        ("sarah smith is my key worker", "[name] is my key worker"),
        ("my teacher is mrs zogblat and she is nice", "my teacher is [name] and she is nice"),
        ("Mr. Zogblat", "[name]"),
        ("miss smith shouts", "[name] shouts"),
        ("i hate Miss Jones", "i hate [name]"),
        ("auntie grace came", "auntie [name] came"),
        ("my friend hope is funny", "my friend [name] is funny"),
        ("I told Will about it", "I told [name] about it"),
        ("Hope Zogblat is my friend", "[name] is my friend"),
        ("I sit with Zogblat at lunch", "I sit with [name] at lunch"),
        ("we saw Patel today", "we saw [name] today"),
        ("we saw Walker today", "we saw [name] today"),
        ("MY NAME IS JACK AND I HATE IT", "MY NAME IS [name] AND I HATE IT"),
        ("anna-maria helps", "[name] helps"),
        ("abbie hooper left", "[name] left"),
        ("jack zogblat is mean", "[name] is mean"),
        ("i told jack smith-palmer", "i told [name]"),
        ("jack w took it", "[name] took it"),
        ("they put me with mrs a. zogblat", "they put me with [name]"),
        ("my tutor is J. Zogblat", "my tutor is [name]"),
        ("miss zogblat said no", "[name] said no"),
        ("nurse zogblat is ok", "nurse [name] is ok"),
        ("the nurse called bev was nice", "the nurse called [name] was nice"),
        ("my mate zogblat moved", "my mate [name] moved"),
        ("my key worker was zogblat but she left", "my key worker was [name] but she left"),
        ("ask jo she knows", "ask [name] she knows"),
        ("i told zogblat about it", "i told [name] about it"),
        ("zogblats mum", "zogblats mum"),
        ("kierans mum said no", "[name] mum said no"),
        ("Zogblat is in my class", "[name] is in my class"),
        ("Zogblat Vrxel came in", "[name] came in"),
        ("Lee had given Dean his bag", "[name] had given [name] his bag"),
        ("we had jones today", "we had [name] today"),
        ("jack park is near", "[name] park is near"),
        ("jack tbh is ok", "[name] tbh is ok"),
        ("I was with Love and Patel", "I was with Love and [name]"),
        ("I like Sam Jones Smith Brown a lot", "I like [name] [name] a lot"),
    ],
)
def test_names_of_people_are_taken_out(said: str, kept: str) -> None:
    assert clean(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "i hope it will be ok in may",
        "Will you help me?",
        "may i go out",
        "i miss my dog",
        "i miss art",
        "i go to school",
        "I like my special school",
        "My School is big",
        "i went to college",
        "the game is called minecraft",
        "mum called back",
        "my name is not in the book",
        "we have 25 kids in year 9 and 3 ta's",
        "call 999",
        "it is 45 minutes drive",
        "it is a 20 minute walk to town",
        "i am 14 and i have ADHD and an EHCP",
        "I live in Redditch",
        "My Mum And My Dad Go To The Park With Us",
        "it went from 1 to 10 in 2 days",
        "my snap is fun",
        "i go to a school",
        "i love the school",
        "the sun is up at 7.30",
        "",
        "my friend will help me",
        "my mate doesnt care",
        "my ta alwys helps",
        "my friend xx",
        "Minecraft yes",
        "come at 7 30 pm",
        "look at the clinic",
        "i go to judo club",
        "on our road and in the street",
        "at school in year 9",
        "the doctor put me on a ward",
        "at the 9 o clock club",
        "TBH it is fine",
        "i told will be there",
        "a hospital",
        "the nurses were Friendly and Helpful",
        "it was a lovely ward",
        "mum says to tell school",
        "my carer whacks me",
        "b is for bus",
    ],
)
def test_everyday_words_are_left(said: str) -> None:
    assert clean(said) == said


def test_what_was_found_says_its_kind_and_where_it_stood() -> None:
    text = "im jack, ring 07700 900123"
    found = remove_personal_details(text).found
    assert [(one.kind, text[one.start : one.end]) for one in found] == [
        ("name", "jack"),
        ("phone", "07700 900123"),
    ]


def test_another_list_of_names_can_be_used() -> None:
    names = Names(frozenset({"zog"}), frozenset(), frozenset({"blat"}))
    assert remove_personal_details("zog blat and jack", names).text == "[name] and jack"


def test_a_list_of_names_needs_its_three_sections(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("# ours\n[first]\nZog may\n[ambiguous]\nmay\n[last]\nblat\n", encoding="utf-8")
    assert load_names(file) == Names(frozenset({"zog"}), frozenset({"may"}), frozenset({"blat"}))
    file.write_text("[first]\nzog\n[last]\nblat\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"\[ambiguous\]"):
        load_names(file)


@given(st.text(st.sampled_from("ab AB1.,@'-/\n") | st.characters(exclude_categories=["Cs"]), max_size=200))
def test_only_what_was_found_is_changed(text: str) -> None:
    cleaned = remove_personal_details(text)
    rebuilt, place = "", 0
    for one in cleaned.found:
        assert place <= one.start < one.end <= len(text)
        rebuilt += text[place : one.start] + f"[{one.kind}]"
        place = one.end
    assert cleaned.text == rebuilt + text[place:]


@given(
    st.sampled_from(["07700 900123", "sam@example.org", "WR1 2AB", "Mrs Zogblat", "12/03/2011"]),
    st.text(st.sampled_from("abc ,.!?\n"), max_size=30),
)
def test_a_detail_is_found_wherever_it_stands(detail: str, around: str) -> None:
    assert detail not in clean(f"{around} {detail} {around}")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a b " * 50_000,
        "1 " * 100_000,
        "a@" * 100_000,
        "A B, " * 40_000,
        "1 Aa Bb Cc Dd Ee " * 12_000,
        "school " * 28_000,
        "0" * 200_000,
        "one " * 50_000,
        "a.b." * 50_000,
        "sam smith " * 20_000,
        "flat " * 40_000,
        "1 a a a " * 25_000,
        "12 some lane, " * 14_000,
        "zogblat clinic " * 14_000,
        "my mate zogblatx " * 12_000,
        "a dot b at " * 18_000,
    ],
)
def test_two_hundred_kilobytes_take_a_few_seconds_at_most(text: str) -> None:
    started = time.process_time()
    clean(text)
    assert time.process_time() - started < 8
