"""What a person sees: one console for results (stdout), one for progress and errors (stderr)."""

from __future__ import annotations

from rich.console import Console

out = Console(emoji=False, highlight=False, soft_wrap=True)
err = Console(stderr=True, emoji=False, highlight=False, soft_wrap=True)
