"""Packages: structures as 8-bit descriptors of exactly their size."""

import pytest

from userlib import TPckg, TPckgBuf, TPckgC


def test_a_package_of_a_number_is_a_word_in_little_endian_order() -> None:
    package = TPckgBuf(5)

    assert (package.length, package.max_length) == (4, 4)
    assert bytes(package) == bytes.fromhex("05 00 00 00")
    assert package() == 5


def test_setting_a_package_changes_its_bytes() -> None:
    package = TPckgBuf(5)
    package.set(-1)

    assert (package(), bytes(package)) == (-1, b"\xff\xff\xff\xff")


def test_a_package_with_a_format_holds_several_fields() -> None:
    package = TPckgBuf("<iq4s", 1, 2, b"name")

    assert package() == (1, 2, b"name")
    assert package.length == 16
    assert TPckgBuf("<iq")() == (0, 0)
    assert TPckgBuf()() == 0


def test_the_value_is_all_of_the_structure_whatever_counts_of_it() -> None:
    package = TPckgBuf(0x01020304)
    package.set_length(1)

    assert package() == 0x01020304


def test_a_package_over_a_bytearray_writes_there() -> None:
    storage = bytearray(8)
    package = TPckg("<q", storage)
    package.set(7)

    assert storage == (7).to_bytes(8, "little")
    with pytest.raises(ValueError, match="takes 8 bytes, not 4"):
        TPckg("<q", bytearray(4))


def test_a_constant_package_has_a_value_and_bytes() -> None:
    package = TPckgC("<h", 258)

    assert (package(), bytes(package)) == (258, b"\x02\x01")
    assert package.ipc_value() == b"\x02\x01"
