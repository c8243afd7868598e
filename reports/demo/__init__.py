"""The demonstration province: made-up entities and people, brought to their states through the services."""
