"""What the bot decides: each action reads the tracker and answers with what to say and do; none commits."""
