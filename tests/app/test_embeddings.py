"""Reading a sentence by its meaning takes one core of those there are."""

from threadpoolctl import threadpool_info, threadpool_limits

from app.embeddings import read_on_one_core


def test_one_core_reads_and_the_others_are_left_alone() -> None:
    with threadpool_limits(limits=2):
        read_on_one_core()
        assert [library["num_threads"] for library in threadpool_info()] == [1]
