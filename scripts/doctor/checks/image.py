"""The image that hosts boot from."""

from __future__ import annotations

from pathlib import Path

from scripts.doctor.check import Check, Examination, Finding, Severity, State, missing, ok

ORDER = 120


def _probe(examination: Examination) -> Finding:
    cloud, access = examination.plan.platform.platform.cloud, examination.access
    files = {**access.image_files, cloud.image: access.image_file}
    found = [_look(examination, name, files.get(name)) for name in sorted(cloud.images)]
    wrong = [one for one in found if one.state is not State.OK]
    return wrong[0] if wrong else ok("; ".join(one.detail for one in found))


def _look(examination: Examination, name: str, file: Path | None) -> Finding:
    if file is not None:
        if not file.is_file():
            return missing(f"{file} does not exist", "Correct `govcloud.image_file` in clouds.yaml.")
        return ok(f"{name}: the platform stack uploads {file} ({file.stat().st_size >> 20} MiB)")
    image = examination.cloud.image.find_image(name)
    if image is None:
        return missing(
            f"no image {name!r}",
            "Upload Debian 12 under this name, or set `govcloud.image_file` of the entry in clouds.yaml.",
        )
    if image.status != "active":
        return missing(f"{name} is {image.status}", "Wait until it is active, or upload it again.")
    return ok(f"{name} ({image.id})")


CHECK = Check(
    id="image",
    title="image",
    needed_for="every host",
    severity=Severity.REQUIRED,
    probe=_probe,
)
