"""Checks of the files that run and watch the service on platforms: scripts/ops/check_platforms calls them.

Each module has `rules(root)`, which needs no server, and yields one line for each fault.
"""
