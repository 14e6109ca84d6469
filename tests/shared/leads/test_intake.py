"""A list of leads: good rows come in, every other one is answered for."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.ids import CampaignId, SellerId
from shared.leads import Channel, LeadKind, LeadStatus
from shared.leads.columns import COLUMNS, BadHeader
from shared.leads.csv_rows import Row, UnreadableFile, rows_of_csv
from shared.leads.intake import AcceptedRow, Intake, RefusedRow, judge_rows

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
INTAKE = Intake(seller_id=SellerId("harbor"), campaign_id=CampaignId("spring"), now=NOW)
GOOD = {
    "first_name": "Ada",
    "last_name": "Byron",
    "phone": "(512) 555-0142",
    "email": "ada@example.com",
    "kind": "buyer",
    "subject": "12 Oak St",
    "source": "harborhomes.example",
    "asked_at": "2026-11-20",
    "timezone": "america/chicago",
    "state": "texas",
    "postal_code": "78701",
    "consent_text": "I agree that Harbor Homes may call me with AI-generated voice.",
    "consent_channels": "ai_voice, sms",
    "consent_at": "11/20/2026 2:30 PM",
    "consent_url": "https://harborhomes.example/form",
    "consent_method": "web_form",
}


def judged(**cells: str) -> AcceptedRow | RefusedRow:
    (only,) = judge_rows([Row(line=1, cells={name: cell.strip() for name, cell in (GOOD | cells).items()})], INTAKE)
    return only


def refusal(**cells: str) -> RefusedRow:
    row = judged(**cells)
    assert isinstance(row, RefusedRow)
    return row


def file_of(*rows: dict[str, str], header: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header or list(GOOD))
    writer.writerows([list(row.values()) for row in rows])
    return out.getvalue()


def from_csv(source: bytes | str) -> list[AcceptedRow | RefusedRow]:
    return list(judge_rows(rows_of_csv(source), INTAKE))


def test_a_good_row_becomes_a_ready_lead_with_its_consent() -> None:
    row = judged()

    assert isinstance(row, AcceptedRow)
    assert (row.lead.phone, row.lead.kind, row.lead.timezone) == ("+15125550142", LeadKind.BUYER, "America/Chicago")
    assert (row.lead.state, row.lead.status, row.lead.next_attempt_at) == ("TX", LeadStatus.READY, NOW)
    assert row.lead.asked_at == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert row.consent.channels == {Channel.AI_VOICE, Channel.SMS}
    assert row.consent.obtained_at == datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    assert (row.consent.phone, row.consent.seller_id) == (row.lead.phone, row.lead.seller_id)


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"first_name": " "}, "first_name", "no first name"),
        ({"phone": ""}, "phone", "no telephone number"),
        ({"phone": "call me"}, "phone", "not a telephone number"),
        ({"phone": "555-0142"}, "phone", "not a telephone number"),
        ({"phone": "+1 112 555 0142"}, "phone", "no such area code"),
        ({"phone": "911"}, "phone", "emergency"),
        ({"phone": "+1 911 555 0142"}, "phone", "service number"),
        ({"phone": "1-800-555-1212"}, "phone", "toll-free"),
        ({"phone": "900 555 1212"}, "phone", "premium-rate"),
        ({"email": "ada at home"}, "email", "not an e-mail address"),
        ({"kind": "landlord"}, "kind", "seller, buyer, renter"),
        ({"timezone": "Texas time"}, "timezone", "America/Chicago"),
        ({"state": "Tx."}, "state", "not a state"),
        ({"asked_at": "last week"}, "asked_at", "not a date"),
        ({"asked_at": "2026-12-24"}, "asked_at", "future"),
        ({"consent_text": ""}, "consent_text", "no consent"),
        ({"consent_at": ""}, "consent_at", "no consent"),
        ({"consent_at": "yes"}, "consent_at", "not a date"),
        ({"consent_at": "2026-11-23T16:00:01Z"}, "consent_at", "future"),
        ({"consent_at": "0001-01-01T00:00+05:00"}, "consent_at", "not a date of our time"),
        ({"consent_at": "1926-11-20"}, "consent_at", "too long ago"),
        ({"consent_channels": ""}, "consent_channels", "no channel"),
        ({"consent_channels": "pigeon"}, "consent_channels", "no channel we know"),
        ({"last_name": "x" * 81}, "last_name", "longer than 80"),
    ],
)
def test_a_bad_cell_is_refused_by_its_name(cells: dict[str, str], column: str, said: str) -> None:
    row = refusal(**cells)

    assert (row.line, row.column) == (1, column)
    assert said in row.reason


def test_every_fault_of_a_row_is_said_at_once() -> None:
    row = refusal(phone="nope", consent_at="nope")

    assert row.column == "phone"
    assert "telephone number" in row.reason
    assert "not a date" in row.reason


def test_a_number_of_a_young_area_code_is_unknown_but_not_bad() -> None:
    assert isinstance(judged(phone="436 555 0142"), AcceptedRow)


def test_the_second_row_with_a_number_is_refused_and_names_the_first() -> None:
    rows = from_csv(file_of(GOOD, GOOD | {"first_name": "Bob", "phone": "+15125550142"}))

    assert isinstance(rows[0], AcceptedRow)
    assert rows[1] == RefusedRow(line=3, column="phone", reason="the same number as in line 2")


def test_a_refused_row_does_not_take_the_number_from_a_good_one() -> None:
    rows = from_csv(file_of(GOOD | {"consent_at": ""}, GOOD))

    assert [type(row) for row in rows] == [RefusedRow, AcceptedRow]


def test_headers_are_known_by_their_other_names() -> None:
    header = ["First Name", "SURNAME", "phone number", "E-mail", "Type", "Property", "Lead Source", "Inquiry Date"]
    header += ["time zone", "State", "ZIP", "Consent", "channels", "Consent Date", "consent_page", "consent via"]

    assert isinstance(from_csv(file_of(GOOD, header=header))[0], AcceptedRow)


def test_missing_columns_are_named_with_what_they_may_be_called() -> None:
    with pytest.raises(BadHeader, match=r"lacks columns: phone \(or phone_number, .*consent_at.* It names: first_name"):
        from_csv("first_name,last_name\nAda,Byron\n")


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(BadHeader, match="two columns mean the same: phone"):
        from_csv("first_name,phone,mobile,consent_text,consent_channels,consent_at\n")


@pytest.mark.parametrize("empty", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_an_empty_file_is_said_to_be_empty(empty: bytes) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        from_csv(empty)


def test_a_spreadsheet_of_another_encoding_is_said_so() -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        from_csv(file_of(GOOD).encode("utf-16"))


def test_a_byte_order_mark_and_semicolons_do_no_harm() -> None:
    text = file_of(GOOD | {"consent_channels": "ai_voice"}).replace(",", ";")

    assert isinstance(from_csv(b"\xef\xbb\xbf" + text.encode())[0], AcceptedRow)


def test_only_the_lines_that_are_not_utf8_are_refused() -> None:
    zoe = GOOD | {"first_name": "Zoë", "phone": "512 555 0143"}
    rows = from_csv(file_of(zoe, GOOD).encode("latin-1"))

    assert isinstance(rows[0], RefusedRow)
    assert (rows[0].line, rows[0].column) == (2, "")
    assert "UTF-8" in rows[0].reason
    assert isinstance(rows[1], AcceptedRow)


def test_a_stray_quotation_mark_costs_its_own_line_alone() -> None:
    plain = GOOD | {"consent_channels": "sms"}
    lines = file_of(plain, GOOD | {"phone": "5125550143"}, GOOD | {"phone": "5125550144"}).splitlines()
    lines[1] = '"' + lines[1]
    rows = from_csv("\n".join(lines))

    assert isinstance(rows[0], RefusedRow)
    assert (rows[0].line, "never closed" in rows[0].reason) == (2, True)
    assert [row.lead.phone for row in rows if isinstance(row, AcceptedRow)] == ["+15125550143", "+15125550144"]


def test_a_quoted_cell_may_run_over_lines_and_the_count_goes_on() -> None:
    rows = from_csv(file_of(GOOD | {"consent_text": "I agree\nthat AI calls me."}, GOOD | {"phone": "12"}))

    assert isinstance(rows[0], AcceptedRow)
    assert rows[0].consent.text == "I agree\nthat AI calls me."
    assert (rows[1].line, type(rows[1])) == (4, RefusedRow)


def test_a_row_with_cells_left_over_is_refused() -> None:
    text = file_of(GOOD) + ",".join(["x"] * 20) + "\n"

    assert "put texts with commas in quotes" in str(from_csv(text)[1])


CELL = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"phone": CELL | st.from_regex(r"51255501\d\d", fullmatch=True), "consent_at": CELL | st.just("2026-11-20")}
        ),
        max_size=8,
    )
)
def test_no_row_is_ever_lost(rows: list[dict[str, str]]) -> None:
    given_rows = [GOOD | row for row in rows]
    fates = from_csv(file_of(*given_rows).encode())

    assert len(fates) == len(given_rows)
    assert [fate.line for fate in fates] == list(range(2, len(given_rows) + 2))
    phones = [fate.lead.phone for fate in fates if isinstance(fate, AcceptedRow)]
    assert len(phones) == len(set(phones))


@settings(max_examples=100, deadline=None)
@given(noise=st.binary(max_size=300))
def test_any_bytes_below_the_header_get_an_answer_and_leave_the_good_row_alone(noise: bytes) -> None:
    good = file_of(GOOD).encode()
    fates = from_csv(good + noise)

    assert isinstance(fates[0], AcceptedRow)
    assert len(fates) <= 1 + len(noise)


def test_every_column_has_a_name_of_its_own() -> None:
    names = [name for column in COLUMNS for name in (column.name, *column.aliases)]

    assert len(names) == len(set(names))
