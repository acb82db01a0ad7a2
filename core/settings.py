"""All settings, frozen and read once; what would be unsafe in production is refused."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class UnsafeSettings(ValueError):
    """The product refuses to start with these values in production."""


class Settings(BaseSettings):
    """Every setting is an environment variable of the same name in upper case."""

    model_config = SettingsConfigDict(frozen=True, env_file=None, extra="ignore")

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`development` or `production`; production refuses unsafe values.",
    )
    data_dir: Path = Field(
        ROOT / "data", description="Where embedded engines, files and the secret key live."
    )
    database_url: str = Field(
        "", description="PostgreSQL for the application; empty starts an embedded one."
    )
    migration_database_url: str = Field(
        "",
        description="PostgreSQL as the tables' owner, for migrations; empty: `DATABASE_URL`.",
    )
    redis_url: str = Field(
        "", description="Redis; empty starts an embedded one on a private socket."
    )
    storage_url: str = Field(
        "",
        description="`file:///…` or `s3://bucket/prefix`; empty: `DATA_DIR/files`.",
    )
    storage_endpoint: str = Field(
        "", description="Endpoint of S3-compatible storage that is not AWS."
    )
    storage_key_id: str = Field("", description="Access key of the storage.")
    storage_secret: SecretStr = Field(SecretStr(""), description="Secret of the storage.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="At least 32 characters; empty makes one in `DATA_DIR/secret_key`.",
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the web server listens on.")
    public_url: str = Field(
        "", description="Address that people see, used in links; empty means host and port."
    )
    trusted_proxies: str = Field(
        "", description="Proxies whose forwarded address is believed, comma separated."
    )
    web_processes: int = Field(
        1, ge=1, le=64, description="Web processes that one supervisor runs."
    )
    ocr_workers: int = Field(
        1, ge=1, le=64, description="Workers that read documents, per supervisor."
    )
    default_workers: int = Field(
        1, ge=1, le=64, description="Workers for all other work, per supervisor."
    )
    demo: bool = Field(
        True, description="Seed an empty database with the demo and show its sign-ins."
    )
    demo_days: int = Field(
        180, ge=1, le=180, description="Days of history that the demo is seeded with."
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="`smtp://user:password@host:587`; empty keeps messages in the outbox.",
    )
    imap_url: SecretStr = Field(
        SecretStr(""),
        description="`imaps://user:password@host/INBOX`: invoices sent there become claims.",
    )
    mail_auth_server: str = Field(
        "",
        description="Name of the mail server in its `Authentication-Results`; without it every "
        "e-mail claim is confirmed in the app.",
    )
    mail_from: str = Field("Zalicz <punkty@zalicz.example>", description="Sender of our e-mail.")
    sms_url: SecretStr = Field(
        SecretStr(""),
        description="HTTPS address that takes SMS as JSON; empty keeps them in the outbox.",
    )
    ksef_schema_dir: Path | None = Field(
        None, description="Folder of FA schemas; without it none is checked."
    )
    ksef_url: str = Field(
        "", description="A stand-in for the KSeF API, for demos; empty: the Ministry's."
    )
    log_format: str = Field(
        "text", pattern="^(text|json)$", description="`text` for people, `json` for machines."
    )

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        faults = []
        if self.demo:
            faults.append("DEMO must be 0: the demo signs anybody in")
        if len(self.secret_key.get_secret_value()) < 32:
            faults.append("SECRET_KEY needs at least 32 characters")
        for name in ("database_url", "redis_url", "storage_url"):
            if not getattr(self, name):
                faults.append(
                    f"{name.upper()} is required: embedded engines are for one machine's trial"
                )
        if not self.public_url.startswith("https://"):
            faults.append("PUBLIC_URL must begin with https://")
        if faults:
            raise UnsafeSettings("Refusing to start in production: " + "; ".join(faults) + ".")
        return self

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def files_url(self) -> str:
        return self.storage_url or (self.data_dir.resolve() / "files").as_uri()

    def derive_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, made from the secret key, never stored in the database."""
        return hmac.digest(
            self.secret_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256
        )


def load() -> Settings:
    """The settings of this process; makes the secret key of a trial installation on first use."""
    settings = Settings()
    if settings.secret_key.get_secret_value():
        return settings
    path = settings.data_dir / "secret_key"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # O_EXCL: two processes that start together must not end with two keys.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return settings.model_copy(update={"secret_key": SecretStr(path.read_text())})
