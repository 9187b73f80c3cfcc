"""A bot that answers at once and writes down every turn it hears, so that a turn lost or done twice is seen."""

from core.conversation.bot import Answer, KeepState, OpenRequest, RecordView, SayMessage, Turn

VIEW, REQUEST = "i like", "may i see"


class QuickBot:
    """Implements core.conversation.bot.Bot: the first words tell what to do; the state's trail is the list of turns."""

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn; never unavailable."""
        text = turn.text or ""
        state = KeepState({**turn.state, "trail": [*turn.state["trail"], text]})
        if text.startswith(REQUEST):
            return Answer((), (state, OpenRequest()))
        if text.startswith(VIEW):
            return Answer((SayMessage("view_kept"),), (state, RecordView("said", "education", text=True)))
        return Answer((SayMessage("trouble_not_understood"),), (state,))
