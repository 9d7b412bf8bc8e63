"""Settings from the environment, with errors that name the variable, what was wrong and an example."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, create_model, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.sources import PydanticBaseSettingsSource

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.policies import KEYS, LinkPolicy, PolicyError, policy_of
from navaar_runtime import links_file
from navaar_runtime.redaction import register_secret

PREFIX = "NAVAAR_"


class SettingsError(Exception):
    """The configuration cannot be used. The text names each variable, what is wrong and an example."""


class NavaarSettings(BaseSettings):
    """Base of every settings class: fields become NAVAAR_<FIELD>. Create instances with `load`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, populate_by_name=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `load` hands in every value, so that a test or the launcher decides what the environment is.
        return (init_settings,)


S = TypeVar("S", bound=NavaarSettings)


_withheld: dict[str, str] = {}


def withhold_from_children() -> None:
    """Take our own variables out of what children of this process inherit; `process_environment` still has them.

    For a program to call first, since a library may start children, a browser for one, whose environment is not ours to
    choose. Our own children get theirs from `child_process` all the same.
    """
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        _withheld[name] = os.environ.pop(name)


def process_environment(folder: Path | None = None) -> dict[str, str]:
    """The process's variables over those of `.env` in `folder` (the current one by default)."""
    path = (folder or Path.cwd()) / ".env"
    from_file = {k: v for k, v in dotenv_values(path).items() if v is not None} if path.is_file() else {}
    return {**from_file, **_withheld, **os.environ}


def variable_of(name: str) -> str:
    """The environment variable of a settings field."""
    return f"{PREFIX}{name.upper()}"


def load(settings: type[S], environment: Mapping[str, str] | None = None) -> S:
    """An instance of `settings` from `environment` (default: the process's, with .env).

    A secret may come from a file instead: NAVAAR_X_FILE names the file for secret NAVAAR_X. Values of secret fields are
    masked in logs and failures from then on.

    Raises:
        SettingsError: naming every variable that is missing or wrong, with an example.
    """
    variables = process_environment() if environment is None else environment
    values: dict[str, Any] = {}
    for name, field in settings.model_fields.items():
        raw = _raw(variable_of(name), field, variables)
        if raw is not None:
            values[name] = _decoded(raw, field)
    try:
        instance = settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(settings, error)) from None
    for name in settings.model_fields:
        value = getattr(instance, name)
        if isinstance(value, SecretStr):
            register_secret(value.get_secret_value())
    return instance


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def _raw(variable: str, field: FieldInfo, variables: Mapping[str, str]) -> str | None:
    raw = variables.get(variable)
    if raw is None and _is_secret(field) and (path := variables.get(f"{variable}_FILE")):
        try:
            raw = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{variable}_FILE: cannot read {path}: {error.strerror}") from None
    if raw is None:
        return None
    raw = raw.strip()
    # An empty line in a copied .env means "not set".
    return raw if raw else None


def _decoded(raw: str, field: FieldInfo) -> Any:
    if raw[:1] in "[{" and "SecretStr" not in str(field.annotation):
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return raw


def _explain(settings: type[NavaarSettings], error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        field = settings.model_fields.get(name)
        variable = variable_of(name) if field is not None else settings.__name__
        what = "is required" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        example = f"; for example {variable}={field.examples[0]}" if field is not None and field.examples else ""
        about = f" ({field.description.rstrip('.')})" if field is not None and field.description else ""
        lines.append(f"{variable}: {what}{about}{example}")
    return "\n".join(lines)


class RuntimeSettings(NavaarSettings):
    """What every service needs."""

    nats_url: str | None = Field(
        default=None,
        description="Your NATS server or cluster, comma-separated; unset starts an embedded one with `navaar up`",
        examples=["nats://nats-1:4222,nats://nats-2:4222"],
    )
    nats_credentials_file: Path | None = Field(
        default=None, description="NATS credentials (.creds) of this service", examples=["/run/secrets/ledger.creds"]
    )
    nats_nkey_seed_file: Path | None = Field(
        default=None, description="NATS nkey seed of this service", examples=["/run/secrets/ledger.nk"]
    )
    nats_ca_file: Path | None = Field(
        default=None, description="Certificate authority of the NATS server", examples=["/run/secrets/nats-ca.pem"]
    )
    nats_cert_file: Path | None = Field(
        default=None, description="Certificate of this service for NATS", examples=["/run/secrets/ledger.pem"]
    )
    nats_key_file: Path | None = Field(
        default=None, description="Private key of that certificate", examples=["/run/secrets/ledger-key.pem"]
    )
    nats_tls_first: bool = Field(
        default=False,
        description="Encrypt before the server's greeting; its server must have handshake_first: true",
        examples=["true"],
    )
    nats_declare: bool = Field(
        default=True, description="Declare streams, consumers and buckets at start", examples=["true"]
    )
    nats_replicas: int = Field(default=1, ge=1, le=5, description="Copies of every stream", examples=["3"])
    nats_storage: Literal["file", "memory"] = Field(
        default="file", description="Where streams are kept", examples=["file"]
    )
    events_max_age_days: float = Field(
        default=365, gt=0, description="How long the history stays in NAVAAR_EVENTS", examples=["365"]
    )
    events_max_bytes: int = Field(
        default=2 * 1024**3, ge=1024**2, description="How large NAVAAR_EVENTS may grow", examples=["2147483648"]
    )
    service_replicas: int = Field(
        default=1, ge=1, le=64, description="How many copies of one service run at most", examples=["2"]
    )
    data_dir: Path = Field(
        default=Path("navaar-data"),
        description="Where Navaar keeps its data on this machine",
        examples=["/var/lib/navaar"],
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR", examples=["INFO"]
    )
    step_attempts: int = Field(
        default=5, ge=1, le=50, description="Tries of one step before it counts as failed", examples=["5"]
    )
    auth_probe_seconds: float = Field(
        default=30, gt=0, description="How often a refused sign-in is tried again", examples=["30"]
    )
    health_port: int = Field(
        default=8081,
        ge=0,
        le=65535,
        description="Port for /livez, /readyz and /metrics of a single service",
        examples=["8081"],
    )
    health_host: str = Field(default="127.0.0.1", description="Address that port is bound to", examples=["0.0.0.0"])  # noqa: S104

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value


def _collection(platform: Platform) -> Any:
    spec = platform.spec
    return Field(default=None, description=spec.collection_description, examples=[spec.collection_example])


def _overflow(platform: Platform) -> Any:
    spec = platform.spec
    what = (
        f"A second {spec.name} {spec.collection_noun}, in which the first goes on once it is full; unset does without"
    )
    return Field(default=None, description=what, examples=[spec.collection_example])


def _of_policy(key: str) -> Any:
    """A policy's key as a variable. What is written there is checked with the links, not alone."""
    field = LinkPolicy.model_fields[key]
    return Field(default=None, description=field.description, examples=field.examples)


POLICY_VARIABLES = tuple(key for key in KEYS if key != "intervals")
"""The keys of a policy that are variables, too: they hold for every link that does not say otherwise. Intervals have
variables of their own, one for each direction."""

if TYPE_CHECKING:

    class LinkSettings(NavaarSettings):
        links_file: Path | None
else:
    LinkSettings = create_model(
        "LinkSettings",
        __base__=NavaarSettings,
        __module__=__name__,
        __doc__="The link `main`, with a field for each platform, unless a links file describes several; its policy.",
        **{platform.spec.collection_setting: (str | None, _collection(platform)) for platform in Platform},
        **{
            platform.spec.overflow_setting: (str | None, _overflow(platform))
            for platform in Platform
            if platform.spec.overflow_setting
        },
        links_file=(
            Path | None,
            Field(
                default=None, description="A TOML file with several links instead of the ids", examples=["links.toml"]
            ),
        ),
        **{key: (Any, _of_policy(key)) for key in POLICY_VARIABLES},
    )


def load_links(environment: Mapping[str, str] | None = None) -> tuple[Link, ...]:
    """The links to keep in step: `main` from the environment, or all of NAVAAR_LINKS_FILE.

    The file holds one table a link: `[links.jazz]` with a key for each platform that takes part, named as the setting,
    and the keys of its policy. What a table does not say, the environment says for all links.

    Raises:
        SettingsError: nothing is configured, the file cannot be read, a key or a value is unknown, or two links share
            a collection.
    """
    settings = load(LinkSettings, environment)
    given = {key: value for key in POLICY_VARIABLES if (value := getattr(settings, key)) is not None}
    try:
        policy_of(given)
    except PolicyError as error:
        raise SettingsError("\n".join(f"{variable_of(key)}: {what}" for key, what in error.problems)) from None
    if settings.links_file is not None:
        try:
            links = links_file.read(settings.links_file, given)
        except links_file.LinksFileError as error:
            raise SettingsError(f"{variable_of('links_file')}: {error}") from None
    else:
        links = (_main(settings, given),)
    _refuse_shared(links)
    return links


def _main(settings: LinkSettings, policy: dict[str, Any]) -> Link:
    collections = {platform: getattr(settings, platform.spec.collection_setting) for platform in Platform}
    missing = [platform.spec for platform, id_ in collections.items() if id_ is None and platform.spec.is_required]
    if missing:
        raise SettingsError(
            "\n".join(
                f"{variable_of(spec.collection_setting)}: is required ({spec.collection_description}); "
                f"for example {variable_of(spec.collection_setting)}={spec.collection_example}"
                for spec in missing
            )
        )
    more = {each: getattr(settings, name) for each in Platform if (name := each.spec.overflow_setting)}
    try:
        return Link(
            name="main",
            collections={platform: id_ for platform, id_ in collections.items() if id_},
            overflow={platform: id_ for platform, id_ in more.items() if id_},
            policy=policy_of(policy),
        )
    except ValidationError as error:
        raise SettingsError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None


def _refuse_shared(links: tuple[Link, ...]) -> None:
    public = {id_.lower() for link in links for id_ in link.collections.values()}
    for link in links:
        if link.policy.cards.lower() in public:
            raise SettingsError(
                f"the link {link.name} wants its cards in {link.policy.cards}, where songs are posted: name another "
                "channel, admins or off"
            )
    seen: dict[tuple[Platform, str], str] = {}
    for link in links:
        for platform, value in (*link.collections.items(), *link.overflow.items()):
            other = seen.setdefault((platform, value), link.name)
            if other != link.name:
                what = platform.spec.collection_setting
                raise SettingsError(f"links {other} and {link.name} share {what} {value}: each needs its own")
