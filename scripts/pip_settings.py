"""Prints pip's own settings as shell exports for uv, which does not read them."""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping

# A lock with hashes admits the same file from any place, so every place may be asked.
STRATEGY = {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def parse(listing: str) -> dict[str, str]:
    """The settings of `pip config list` by name; a later layer wins over an earlier one.

    Layers are `global`, a command's name and `:env:`; of the commands only `install` counts.
    """
    layers: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        layer, _, name = key.rpartition(".")
        if layer in layers and value[:1] in "'\"":
            layers[layer][name] = str(ast.literal_eval(value))
    return layers["global"] | layers["install"] | layers[":env:"]


def uv_environment(pip: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What uv must be told so that it goes where pip goes; a variable that is `given` stays."""
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "UV_HTTP_TIMEOUT": pip.get("timeout", pip.get("default-timeout", "")),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "SSL_CLIENT_CERT": pip.get("client-cert", ""),
        "HTTP_PROXY": pip.get("proxy", ""),
        "HTTPS_PROXY": pip.get("proxy", ""),
        "ALL_PROXY": pip.get("proxy", ""),
    }
    if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        wanted["UV_NO_INDEX"] = "1"
    if wanted["UV_INDEX"] or wanted["UV_FIND_LINKS"]:
        wanted |= STRATEGY
    return {
        name: value
        for name, value in wanted.items()
        if value and name not in given and name.lower() not in given
    }


def main() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    for name, value in uv_environment(parse(listing), os.environ).items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")


if __name__ == "__main__":
    main()
