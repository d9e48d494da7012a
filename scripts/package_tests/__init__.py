"""What scripts/test_package tries, a module a kind of thing: see there."""
