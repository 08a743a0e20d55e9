"""What a host says about itself: asked in one call, kept as it was said, parsed on the auditor's machine."""
