"""The `govcloud` command: one thin module a verb, over the plan, the engine, the lab and the toolchain."""
