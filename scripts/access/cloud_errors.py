"""What a cloud's refusal means to a person: exceptions of openstacksdk and keystoneauth as one paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from keystoneauth1 import exceptions as auth
from openstack import exceptions as sdk

from stacks.errors import CloudError

Translated = (auth.ClientException, sdk.SDKException, requests.RequestException)
"""What the client libraries raise."""

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, SERVER_ERROR = 401, 403, 404, 409, 500


@contextmanager
def translated(cloud: str) -> Iterator[None]:
    """Turn an exception of the cloud's client libraries into a `CloudError`.

    Args:
        cloud: name of the clouds.yaml entry, for the message.
    """
    try:
        yield
    except Translated as error:
        raise translate(error, cloud) from error


def translate(error: Exception, cloud: str) -> CloudError:
    """The paragraph for one exception."""
    error = _cause(error)
    for kinds, what, hint in _BY_CLASS:
        if isinstance(error, kinds):
            return CloudError(f"cloud {cloud!r}: {what.format(reason=_reason(error))}", hint)
    status = status_of(error)
    if status is not None:
        return _by_status(status, error, cloud)
    return CloudError(f"cloud {cloud!r}: {_reason(error)}", "Run `govcloud doctor` for a full examination.")


def status_of(error: Exception) -> int | None:
    """HTTP status of a refusal; `None` where no answer came."""
    found = getattr(error, "http_status", None) or getattr(error, "status_code", None)
    return int(found) if found else None


def _by_status(status: int, error: Exception, cloud: str) -> CloudError:
    where = f" ({getattr(error, 'url', None)})" if getattr(error, "url", None) else ""
    reason = _reason(error)
    if status >= SERVER_ERROR:
        return CloudError(
            f"cloud {cloud!r} failed by itself: {status} {reason}{where}",
            "Wait a minute and try again; if it stays, show this line to the cloud's operators.",
        )
    hint = {
        UNAUTHORIZED: f"Correct user name and password of the entry {cloud!r} in clouds.yaml.",
        FORBIDDEN: "The user lacks a role: the landing zone needs `admin` (docs/ops-existing-cloud.md).",
        NOT_FOUND: "The object is gone or was never there; `govcloud doctor` says what is missing.",
        CONFLICT: "Another object stands in the way, or a quota is used up; the message names it.",
    }.get(status, "Run `govcloud doctor` for a full examination.")
    return CloudError(f"cloud {cloud!r} refused: {status} {reason}{where}", hint)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _cause(error: Exception) -> Exception:
    """What openstacksdk wrapped: its plain `SDKException` says less than the exception behind it."""
    if type(error) is not sdk.SDKException:
        return error
    inner = (item for item in _chain(error) if isinstance(item, Translated) and item is not error)
    return next(inner, error)


def _reason(error: Exception) -> str:
    """One sentence: the library's words, without its nested object names, and the system's own."""
    text = getattr(error, "details", None) or getattr(error, "message", None) or str(error)
    said = " ".join(str(text).split()).partition(": HTTP")[0][:300].rstrip(".")
    root = list(_chain(error))[-1]
    system = f" ({root.strerror})" if isinstance(root, OSError) and root.strerror else ""
    return f"{said}{system}."


_BY_CLASS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (
        auth.SSLError,
        "its certificate is not trusted: {reason}",
        "Set `cacert` of the entry in clouds.yaml to the authority that signed it; never `verify: false`.",
    ),
    (
        (auth.ConnectTimeout, requests.Timeout),
        "it does not answer in time: {reason}",
        "Look whether the address in `auth_url` is right and reachable from this machine.",
    ),
    (
        (auth.ConnectFailure, auth.UnknownConnectionError, requests.ConnectionError),
        "nothing answers there: {reason}",
        "Run `govcloud lab status` for the lab; else check `auth_url` in clouds.yaml and the network.",
    ),
    (
        auth.DiscoveryFailure,
        "what answers at `auth_url` is not Keystone: {reason}",
        "Correct `auth_url` in clouds.yaml; it usually ends in /v3.",
    ),
    (
        (auth.EndpointNotFound, auth.EmptyCatalog),
        "its catalog lacks a service: {reason}",
        "Correct `region_name` in clouds.yaml, or ask the operators to add the endpoint.",
    ),
    (
        (auth.MissingRequiredOptions, auth.NoMatchingPlugin, sdk.ConfigException),
        "its entry in clouds.yaml is not complete: {reason}",
        "Correct the entry; docs/ops-existing-cloud.md shows one.",
    ),
    (
        (requests.exceptions.JSONDecodeError, auth.InvalidResponse),
        "something that is not OpenStack answers in its place: {reason}",
        "Look for a proxy or a login page between this machine and the cloud.",
    ),
)
