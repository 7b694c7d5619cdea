"""How an operation becomes a route, a guard, a check, an answer and its description."""
