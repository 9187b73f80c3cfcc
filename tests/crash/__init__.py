"""The real service, killed again and again under load; what it said it kept must all be there, once."""
