"""The parts of a request, one concept a module; `stacks.request.tenant` puts them together."""
