"""Personal: e-mails and phones leave the connectors as keyed hashes, and in no other form."""

import functools
import unicodedata
from collections.abc import Callable
from hashlib import sha256

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

KEY_ID_LENGTH = 12
PHONES_REMEMBERED = 100_000  # libphonenumber needs 50 microseconds for one
BLOCK_BYTES = 64  # of SHA-256


def hash_email(text: str, key: bytes) -> str | None:
    """Return the keyed hash of an e-mail: trimmed, NFC, lower case; None of nothing."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    plain = text.strip().lower()
    return _hash(plain, key) if plain else None


def hash_phone(text: str, country: str | None, key: bytes) -> str | None:
    """Return the keyed hash of a phone in E.164, or None where libphonenumber calls it invalid.

    Args:
        text: the number as people write it.
        country: how a local number is read, such as `RO`; without one, none is.
        key: the key of the home.
    """
    plain = _e164(unicodedata.normalize("NFC", text).strip(), country)
    return _hash(plain, key) if plain else None


def hash_emails(texts: pa.Array, key: bytes) -> pa.Array:
    """Hash a column of e-mails; each different text once."""
    return _of_different(texts, lambda text: hash_email(text, key))


def hash_phones(texts: pa.Array, country: str | None, key: bytes) -> pa.Array:
    """Hash a column of phones; each different text once."""
    return _of_different(texts, lambda text: hash_phone(text, country, key))


def hash_emails_among_ids(texts: pa.Array, key: bytes) -> pa.Array:
    """Hash those ids that are e-mails: some shops number nobody and know people by address."""
    looks_like_email = pc.match_substring_regex(texts, r"^[^@\s]+@[^@\s]+$")
    if not pc.any(looks_like_email).as_py():
        return texts
    return pc.if_else(looks_like_email, hash_emails(texts, key), texts)


@functools.lru_cache(maxsize=PHONES_REMEMBERED)
def _e164(text: str, country: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def key_id(key: bytes) -> str:
    """Return a name for a key that tells nothing about it."""
    return _hash("the name of this key", key)[:KEY_ID_LENGTH]


def _hash(text: str, key: bytes) -> str:
    """Return HMAC-SHA-256 as RFC 2104 spells it: a third of the time that `hmac.digest` takes."""
    inner, outer = _pads(key)
    return sha256(outer + sha256(inner + text.encode()).digest()).hexdigest()


@functools.lru_cache(maxsize=8)
def _pads(key: bytes) -> tuple[bytes, bytes]:
    block = (sha256(key).digest() if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def _of_different(texts: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    encoded = texts.dictionary_encode()
    changed = [change(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(encoded.indices)
