"""What the cloud says of itself, read through the OpenStack API and through nothing that built it."""
