"""The image that hosts boot from."""

from __future__ import annotations

from scripts.doctor.check import Check, Examination, Finding, Severity, missing, ok

ORDER = 120


def _probe(examination: Examination) -> Finding:
    name, file = examination.plan.platform.platform.cloud.image, examination.access.image_file
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
