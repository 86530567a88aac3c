"""What theory says, held against the engine: judging, queues, floors, identities."""
