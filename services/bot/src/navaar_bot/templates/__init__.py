"""Every text of the bot, as Telegram's HTML. Pure: what is known goes in, lines come out.

No tag spans a line, so that a text may be cut between any two lines.
"""
