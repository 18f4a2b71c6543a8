"""Labels, file systems, formatting: fileserver specification 12 and 13."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from eka import Executable, Image, Kernel
from servers.fileserver.client import RDir, RFile, RFormat, RFs
from servers.fileserver.modes import EDriveC, EDriveD, EDriveE, EDriveZ
from userlib import (
    KErrAccessDenied,
    KErrArgument,
    KErrBadName,
    KErrCorrupt,
    KErrInUse,
    KErrNone,
    KErrNotFound,
    KErrNotReady,
    KErrNotSupported,
    KErrPermissionDenied,
    TCapability,
)

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]
Helper: TypeAlias = Callable[..., Any]  # what a fixture of that name does


@pytest.fixture
def kind() -> str:
    """C: is memory here: what is said of labels holds for both kinds."""
    return "memory"


@pytest.fixture
def administer(machine: Kernel) -> Tell:
    """Runs a story as a program that has DiskAdmin."""

    def administer(story: Callable[[RFs], None]) -> None:
        def program() -> None:
            with RFs().connect() as fs:
                fs.set_session_path("C:\\")
                story(fs)

        image = Image(capabilities=frozenset((TCapability.ECapabilityDiskAdmin,)))
        machine.register("administrator", Executable(program, image))
        assert str(machine.run("administrator")) == "exited with KErrNone"

    return administer


@pytest.mark.case("SF-100")
def test_labels_that_no_volume_may_have(
    administer: Tell, tell: Tell, refusal: Helper
) -> None:
    names = ("abc>def", "ghi*jkl", "yz<abc", "def//ghi")

    def story(fs: RFs) -> None:
        for name in names:
            assert refusal(fs.set_volume_label, name, EDriveC) == KErrBadName

    def anybody(fs: RFs) -> None:
        for name in names:
            code = refusal(fs.set_volume_label, name, EDriveC)
            assert code == KErrPermissionDenied

    administer(story)
    tell(anybody)


def test_a_label_has_eleven_characters_and_an_empty_one_is_none(
    administer: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        assert fs.volume(EDriveC).label == ""
        fs.set_volume_label("\U0001f4be" * 11, EDriveC)
        assert fs.volume(EDriveC).label == "\U0001f4be" * 11
        assert refusal(fs.set_volume_label, "x" * 12, EDriveC) == KErrBadName
        fs.set_volume_label("", EDriveC)
        assert fs.volume(EDriveC).label == ""
        assert refusal(fs.set_volume_label, "x", EDriveZ) == KErrAccessDenied
        assert refusal(fs.set_volume_label, "x", EDriveE) == KErrNotReady

    administer(story)


def test_a_drive_has_a_name(administer: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        assert fs.drive_name(EDriveD) == ""
        fs.set_drive_name("Scratch", EDriveD)
        assert fs.drive_name(EDriveD) == "Scratch"
        assert refusal(fs.set_drive_name, "a|b", EDriveD) == KErrBadName
        assert refusal(fs.set_drive_name, "x" * 256, EDriveD) == KErrBadName

    administer(story)


@pytest.mark.case("SF-105")
def test_mounting_what_cannot_be_mounted(
    administer: Tell, tell: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        assert refusal(fs.mount_file_system, "Elaf", EDriveD) == KErrNotFound
        assert refusal(fs.mount_file_system, "Mem", EDriveD) == KErrAccessDenied

    def anybody(fs: RFs) -> None:
        code = refusal(fs.mount_file_system, "Mem", EDriveD)
        assert code == KErrPermissionDenied

    administer(story)
    tell(anybody)


@pytest.mark.case("SF-106")
def test_dismounting(administer: Tell, refusal: Helper) -> None:
    def story(fs: RFs) -> None:
        with RFile().create(fs, "D:\\open"):
            assert refusal(fs.dismount_file_system, "Mem", EDriveD) == KErrInUse
        assert refusal(fs.dismount_file_system, "Elaf", EDriveD) == KErrNotFound
        fs.dismount_file_system("Mem", EDriveD)
        assert refusal(fs.volume, EDriveD) == KErrNotReady

    administer(story)


def test_what_was_on_a_drive_is_there_again_when_it_is_mounted_again(
    administer: Tell, refusal: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir("D:\\kept\\")
        with RDir().open(fs, "D:\\"):
            assert refusal(fs.dismount_file_system, "mem", EDriveD) == KErrInUse
        fs.dismount_file_system("mem", EDriveD)
        assert refusal(fs.file_system_name, EDriveD) == KErrNotFound
        assert refusal(fs.dismount_file_system, "Mem", EDriveD) == KErrNotReady
        assert refusal(fs.mount_file_system, "Host", EDriveD) == KErrArgument
        assert refusal(fs.mount_file_system, "", EDriveD) == KErrArgument
        assert refusal(fs.mount_file_system, "x" * 33, EDriveD) == KErrArgument
        fs.mount_file_system("Mem", EDriveD)
        assert fs.file_system_name(EDriveD) == "Mem"
        assert names(fs, "D:\\") == ["kept"]
        assert refusal(fs.dismount_file_system, "Rofs", EDriveZ) == KErrAccessDenied

    administer(story)


@pytest.mark.case("SF-110")
def test_formatting_empties_a_drive_unless_a_file_is_open(
    administer: Tell, refusal: Helper, names: Helper
) -> None:
    def story(fs: RFs) -> None:
        with RFile().create(fs, "D:\\file"):
            assert refusal(RFormat().open, fs, "D:\\") == KErrInUse
        assert names(fs, "D:\\") == ["file"]
        with RFormat() as formatting:
            left = [formatting.open(fs, "D:\\")]
            assert left == [100]
            while left[-1]:
                left.append(formatting.next())
        assert left == sorted(left, reverse=True)
        assert names(fs, "D:\\") == []
        volume = fs.volume(EDriveD)
        assert volume.free == volume.size

    administer(story)


def test_a_drive_that_is_being_formatted_is_nobody_elses(
    administer: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        with RFormat() as formatting:
            formatting.open(fs, "D:\\")
            assert refusal(fs.volume, EDriveD) == KErrInUse
            assert refusal(fs.mk_dir, "D:\\x\\") == KErrInUse
            assert refusal(RFormat().open, fs, "D:\\") == KErrInUse
            assert refusal(fs.dismount_file_system, "Mem", EDriveD) == KErrInUse
        # It was given up half-way.
        assert refusal(fs.volume, EDriveD) == KErrCorrupt
        assert fs.file_system_name(EDriveD) == "Mem"
        with RFormat() as again:
            again.open(fs, "D:\\")
            while again.next():
                pass
            assert again.next() == 0
        assert refusal(fs.volume, EDriveD) == KErrNone

    administer(story)


def test_a_client_that_goes_in_the_middle_of_a_format_gives_it_up(
    administer: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        with RFs().connect() as other:
            RFormat().open(other, "D:\\")
            assert refusal(fs.volume, EDriveD) == KErrInUse
        fs.drive_name(EDriveD)  # the drive has seen the other go
        assert refusal(fs.volume, EDriveD) == KErrCorrupt

    administer(story)


def test_what_cannot_be_formatted(
    administer: Tell, tell: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        assert refusal(RFormat().open, fs, "Z:\\") == KErrAccessDenied
        assert refusal(RFormat().open, fs, "E:\\") == KErrNotReady
        assert refusal(RFormat().open, fs, "D:\\name") == KErrBadName
        with RDir().open(fs, "D:\\"):
            assert refusal(RFormat().open, fs, "D:\\") == KErrInUse
        assert fs.resource_count() == 0

    def anybody(fs: RFs) -> None:
        assert refusal(RFormat().open, fs, "D:\\") == KErrPermissionDenied

    administer(story)
    tell(anybody)


def test_a_sound_drive_passes_the_check(
    administer: Tell, tell: Tell, refusal: Helper
) -> None:
    def story(fs: RFs) -> None:
        fs.mk_dir_all("D:\\a\\b\\c\\")
        assert refusal(fs.check_disk, EDriveD) == KErrNone
        assert refusal(fs.check_disk, EDriveZ) == KErrNone
        assert refusal(fs.check_disk, EDriveE) == KErrNotReady

    def anybody(fs: RFs) -> None:
        assert refusal(fs.check_disk, EDriveD) == KErrPermissionDenied

    administer(story)
    tell(anybody)


def test_what_no_drive_can_do(administer: Tell, tell: Tell, refusal: Helper) -> None:
    def calls(fs: RFs) -> list[int]:
        return [
            refusal(fs.lock_drive, EDriveD, b"", b"secret"),
            refusal(fs.unlock_drive, EDriveD, b"secret"),
            refusal(fs.add_plugin, "encrypt"),
            refusal(fs.remove_plugin, "encrypt"),
        ]

    def story(fs: RFs) -> None:
        assert calls(fs) == [KErrNotSupported] * 4

    def anybody(fs: RFs) -> None:
        assert calls(fs) == [KErrPermissionDenied] * 4

    administer(story)
    tell(anybody)
