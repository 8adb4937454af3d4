"""Policies: every number that a rule or a bill reads, as versions with an instant from which they are in force.

`document` holds the policy itself, `parameters` the flat integers that rules read, `tracing` what was read of them,
`register` which version and which city baseline are in force, `shipped` the presets. Import from those modules;
`descriptions`, `linting` and `writing` are only needed by the commands that explain, lint and print a policy.
"""
