"""Lists of numbers as registries hand them out: every good line counts, every bad one is named."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.memory import MemoryRegistryRepository, MemoryStore, MemorySuppressionRepository
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import SellerId
from shared.leads import SuppressionReason
from shared.leads.import_registry import NoSuchList, add_internal, add_part, new_copy
from shared.leads.number_list import numbers_of
from shared.leads.registry import Registry, RegistryCopy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
AUSTIN = "+15125550101"


@pytest.mark.parametrize(
    "line",
    [
        "5125550101",
        "15125550101",
        "+1 (512) 555-0101",
        "512,5550101",
        '"512","5550101"',
        "512\t5550101,2026",
        "512.555.0101",
    ],
)
def test_a_number_is_read_in_every_writing(line: str) -> None:
    assert numbers_of(line).phones == (AUSTIN,)


@pytest.mark.parametrize("line", ["", "   ", "\ufeffphone", "area code,number"])
def test_blank_lines_and_a_first_line_of_names_are_no_rows(line: str) -> None:
    assert numbers_of(f"{line}\n\n5125550101\r\n") == numbers_of("5125550101")


def test_bad_lines_are_named_and_good_ones_kept() -> None:
    found = numbers_of(
        "phone\n5125550101\nnobody\n0125550101\n911\n7375550101\n3035550101\n", area_codes=frozenset({"512", "737"})
    )

    assert found.phones == (AUSTIN, "+17375550101")
    assert [bad.line for bad in found.bad] == [3, 4, 5, 7]
    assert "'nobody' is not a telephone number" in found.bad[0].reason
    assert found.bad[-1].reason == "the area code 303 is not among those of the copy"
    assert found.rows == 6


@given(text=st.text(max_size=300))
def test_no_text_stops_the_reader(text: str) -> None:
    found = numbers_of(text)

    assert all(phone.startswith("+1") and len(phone) == 12 for phone in found.phones)


def begin(registries: MemoryRegistryRepository, **changes: object) -> RegistryCopy:
    wishes = {"state": None, "taken_on": TODAY, "area_codes": ("512", "512"), "account": "", "now": NOW} | changes
    copy = new_copy("copy-1", Registry.NATIONAL, **wishes)  # type: ignore[arg-type]
    registries.begin(copy)
    return copy


def test_a_copy_comes_in_part_by_part() -> None:
    registries = MemoryRegistryRepository()
    assert begin(registries).area_codes == ("512",)

    first = add_part("copy-1", "5125550101\n5125550102\n", registries=registries)
    again = add_part("copy-1", "5125550102\n3035550101\n", registries=registries)

    assert (first.rows, first.accepted, len(again.bad)) == (2, 2, 1)
    assert registries.finish("copy-1", at=NOW).numbers == 2
    with pytest.raises(NotFound):
        add_part("copy-2", "", registries=registries)


def numbered(good: int, bad: int) -> str:
    return "nonsense 1\n" * bad + "".join(f"512555{number:04d}\n" for number in range(good))


@pytest.mark.parametrize(("good", "bad"), [(0, 1), (1, 1), (95, 5), (1000, 52)])
def test_a_few_lines_that_cannot_be_read_are_left_out(good: int, bad: int) -> None:
    registries = MemoryRegistryRepository()
    begin(registries)

    report = add_part("copy-1", numbered(good, bad), registries=registries)
    assert (report.accepted, len(report.bad)) == (good, bad)


@pytest.mark.parametrize(("good", "bad"), [(0, 2), (3, 2), (94, 6), (1000, 53)])
def test_a_text_that_is_no_such_list_is_refused_unless_somebody_says_it_is(good: int, bad: int) -> None:
    registries = MemoryRegistryRepository()
    begin(registries)
    text = numbered(good, bad)

    with pytest.raises(NoSuchList, match=rf"^{bad} of {good + bad} lines are no numbers, such as line 1: 'nonsense 1'"):
        add_part("copy-1", text, registries=registries)
    report = add_part("copy-1", text, registries=registries, despite_bad_lines=True)
    assert (report.accepted, len(report.bad)) == (good, bad)


def test_numbers_of_other_areas_do_not_make_it_another_list() -> None:
    registries = MemoryRegistryRepository()
    begin(registries)

    report = add_part("copy-1", "5125550101\n3035550101\n3035550102\n", registries=registries)
    assert (report.accepted, len(report.bad)) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"taken_on": date(2026, 11, 30)}, "future"),
        ({"taken_on": TODAY - timedelta(days=32)}, "at most 31 days"),
        ({"area_codes": ("51", "abc")}, "three digits: 51, abc"),
        ({"state": "FL"}, "the national one does not"),
    ],
)
def test_a_copy_that_cannot_be_used_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Malformed, match=said):
        begin(MemoryRegistryRepository(), **changes)


@pytest.mark.parametrize(("state", "said"), [(None, "names its state"), ("XX", "no state 'XX'")])
def test_a_states_list_names_a_state(state: str | None, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        new_copy("copy-1", Registry.STATE, state=state, taken_on=TODAY, area_codes=(), account="", now=NOW)


def test_our_own_list_takes_numbers_for_one_seller_or_for_all() -> None:
    suppressions = MemorySuppressionRepository(MemoryStore())
    for seller in (None, SellerId("harbor"), None):
        report = add_internal("5125550101\nx\n", suppressions=suppressions, taken_on=TODAY, seller_id=seller, now=NOW)

    assert (report.accepted, len(report.bad)) == (1, 1)
    entries = suppressions.of_phone(AUSTIN)
    assert {entry.seller_id for entry in entries} == {None, "harbor"}
    assert {entry.reason for entry in entries} == {SuppressionReason.DO_NOT_CALL}
