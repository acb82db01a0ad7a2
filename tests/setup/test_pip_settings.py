"""uv goes where pip is told to go."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/pip_settings.py"


@pytest.fixture(scope="module")
def pip_settings() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pip_settings", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_environment_wins_over_files_and_other_commands_do_not_count(
    pip_settings: ModuleType,
) -> None:
    listing = "\n".join(
        [
            ":env:.index-url='https://env.example/simple'",
            "download.index-url='https://download.example/simple'",
            "global.index-url='https://global.example/simple'",
            "global.timeout='60'",
            "install.timeout='90'",
        ]
    )
    assert pip_settings.parse(listing) == {
        "index-url": "https://env.example/simple",
        "timeout": "90",
    }


def test_an_index_a_proxy_and_a_certificate_of_pip_reach_uv(pip_settings: ModuleType) -> None:
    pip = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "https://a.example/simple\nhttps://b.example/simple",
        "find-links": "/wheels /more",
        "trusted-host": "a.example b.example",
        "cert": "/etc/ca.pem",
        "proxy": "http://proxy.example:3128",
        "no-index": "true",
    }
    assert pip_settings.uv_environment(pip, {}) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INSECURE_HOST": "a.example b.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "HTTP_PROXY": "http://proxy.example:3128",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "ALL_PROXY": "http://proxy.example:3128",
        "UV_NO_INDEX": "1",
    }


def test_what_is_set_already_stays(pip_settings: ModuleType) -> None:
    pip = {"proxy": "http://proxy.example:3128", "cert": "/etc/ca.pem"}
    given = {"https_proxy": "http://mine.example", "SSL_CERT_FILE": "/mine.pem"}
    assert set(pip_settings.uv_environment(pip, given)) == {"HTTP_PROXY", "ALL_PROXY"}


def test_without_settings_uv_is_told_nothing(pip_settings: ModuleType) -> None:
    assert pip_settings.uv_environment({}, {}) == {}


def test_the_exports_survive_the_shell(tmp_path: Path) -> None:
    # A stand-in for pip that lists one setting full of what a shell would take apart.
    package = tmp_path / "pip"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        """print('''global.index-url="https://u:p'$(x)@mirror.example/a b"''')\n"""
    )
    made = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    shown = subprocess.run(
        ["bash", "-c", f'{made}printf %s "$UV_DEFAULT_INDEX"'],
        capture_output=True,
        text=True,
        check=True,
        env={},
    ).stdout
    assert shown == "https://u:p'$(x)@mirror.example/a b"
