"""Personal data: what identifies a person leaves as a keyed hash, the same for the same person."""

import hashlib
import hmac

import pyarrow as pa
import pytest

from marketing_warehouse.personal import (
    hash_email,
    hash_emails,
    hash_emails_among_ids,
    hash_phone,
    hash_phones,
    key_id,
)

KEY = b"0123456789abcdef0123456789abcdef"


def hmac_of(plain: str, key: bytes = KEY) -> str:
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "written", ["ana@example.com", " Ana@Example.COM ", "ANA@EXAMPLE.COM\u00a0"]
)
def test_an_email_is_one_however_it_is_written(written: str) -> None:
    assert hash_email(written, KEY) == hmac_of("ana@example.com")


def test_an_accent_is_one_letter_whether_it_is_composed_or_not() -> None:
    assert hash_email("rene\u0301@example.com", KEY) == hmac_of("ren\u00e9@example.com")


def test_another_key_gives_another_hash_even_if_it_is_longer_than_a_block() -> None:
    long_key = b"k" * 200

    assert hash_email("ana@example.com", long_key) == hmac_of("ana@example.com", long_key)
    assert hash_email("ana@example.com", long_key) != hash_email("ana@example.com", KEY)


def test_nothing_has_no_hash() -> None:
    assert hash_email("  ", KEY) is None
    assert hash_phone("", "RO", KEY) is None


@pytest.mark.parametrize(
    "written",
    ["0721 234 567", "+40721234567", "0040 721-234-567", "(0721) 234.567", "tel:0721234567"],
)
def test_a_phone_is_one_however_it_is_written(written: str) -> None:
    assert hash_phone(written, "RO", KEY) == hmac_of("+40721234567")


def test_a_local_number_belongs_to_the_business_country() -> None:
    assert hash_phone("022 123456", "MD", KEY) == hmac_of("+37322123456")
    assert hash_phone("+373 22 123456", "RO", KEY) == hmac_of("+37322123456")


@pytest.mark.parametrize("written", ["12345", "0000000000", "n/a", "call me", "+40 999"])
def test_a_number_that_cannot_be_a_phone_has_no_hash(written: str) -> None:
    assert hash_phone(written, "RO", KEY) is None


def test_a_column_is_hashed_cell_by_cell() -> None:
    emails = pa.array(["ana@example.com", None, "Ana@example.com", "bob@example.com"])
    phones = pa.array(["0721234567", "x", None, "+40721234567"])

    assert hash_emails(emails, KEY).to_pylist() == [
        hmac_of("ana@example.com"),
        None,
        hmac_of("ana@example.com"),
        hmac_of("bob@example.com"),
    ]
    assert hash_phones(phones, "RO", KEY).to_pylist() == [
        hmac_of("+40721234567"),
        None,
        None,
        hmac_of("+40721234567"),
    ]


def test_an_id_that_is_an_email_is_hashed_like_one() -> None:
    ids = pa.array(["17", "Ana@example.com", None, "@home"])

    assert hash_emails_among_ids(ids, KEY).to_pylist() == [
        "17",
        hmac_of("ana@example.com"),
        None,
        "@home",
    ]


def test_a_keys_name_tells_two_keys_apart_and_nothing_else() -> None:
    assert key_id(KEY) == key_id(KEY) != key_id(KEY + b"x")
    assert len(key_id(KEY)) == 12
    assert key_id(KEY) not in KEY.decode()
