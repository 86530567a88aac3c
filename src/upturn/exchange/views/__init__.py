"""Pages of exchanges: parse what came, call a query or a command, render."""
