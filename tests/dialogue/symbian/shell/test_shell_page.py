"""The transcript in docs/shell.md is what a shell says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from eka import Executable, Kernel, MachineConfig
from servers.loader.protocol import LoaderSpec
from tools.boot import machine_config as standard_config
from tools.terminal import CapturedTerminal, console_config

ANYWHERE = LoaderSpec(enforce_sys_bin=False)
PAGE = Path(__file__).parents[4] / "docs" / "shell.md"
TRANSCRIPT = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^[A-Z]:\\.*?>(.*)$", re.MULTILINE)


@pytest.fixture
def transcript() -> str:
    (found,) = TRANSCRIPT.findall(PAGE.read_text("utf-8"))
    assert isinstance(found, str)
    return found


@pytest.fixture
def terminal(transcript: str) -> CapturedTerminal:
    return CapturedTerminal(TYPED.findall(transcript))


@pytest.fixture
def machine_config(terminal: CapturedTerminal) -> MachineConfig:
    config = standard_config(services=("fileserver",), loader=ANYWHERE)
    programs = {"eshell": Executable("programs.shell.main"), **config.programs}
    return console_config(replace(config, programs=programs), terminal)


def test_the_transcript_is_what_happens(
    machine: Kernel, terminal: CapturedTerminal, transcript: str
) -> None:
    assert machine.run("eshell").reason == 4
    assert terminal.output == transcript
