"""How many agents a contact centre needs."""
