"""The pretend person: posts to the channel, adds to the playlists, writes to the bot, and looks what came of it."""

import asyncio
from typing import Any, Literal

from navaar_sandbox import telegram_people as people
from navaar_sandbox.catalogue import Kind, Platform
from navaar_sandbox.files import ORDINARY_FORMS, Form, PostedFile, posted_file
from navaar_sandbox.playlist import EntryKind
from navaar_sandbox.world import World
from navaar_sandbox.ytmusic import ACCOUNT

Side = Literal["telegram", "youtube", "spotify"]
SIDES: tuple[Side, ...] = ("telegram", "youtube", "spotify")
Json = dict[str, Any]

# Posts that nobody could be expected to carry to another platform.
_NOT_MUSIC: frozenset[Form] = frozenset({"voice", "not_audio", "empty_title"})


class Person:
    """Acts on a world. Every method may be called over the control API, so all take and give plain values."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def play(self, count: int | None = None, pace: float = 0.0, first: int = 0) -> list[Json]:
        """Put songs `first` to `first + count` into the world, each on the next side in turn, `pace` seconds apart."""
        last = len(self._world.catalogue.recordings) if count is None else first + count
        done = []
        for number in range(first, last):
            if number > first and pace:
                await asyncio.sleep(pace)
            done.append(await self.add(number))
        return done

    async def add(self, number: int, side: Side | None = None, form: Form | None = None) -> Json:
        """Put song `number` on one side (in turn unless named); the external id under which it is there."""
        side = side or SIDES[number % len(SIDES)]
        if side == "telegram":
            posted = await self.post(number, form or ORDINARY_FORMS[number // len(SIDES) % len(ORDINARY_FORMS)])
            return {"side": side, "id": posted["message_id"]}
        return await self.add_variant(number, side, "original")

    async def add_together(self, numbers: list[int], sides: list[Side]) -> list[Json]:
        """Put each of these songs on the next of `sides`, all in the same moment: files are made before the first."""
        turns = [(number, sides[place % len(sides)]) for place, number in enumerate(numbers)]
        files = {
            number: await asyncio.to_thread(
                posted_file,
                self._world.catalogue.recordings[number],
                ORDINARY_FORMS[place % len(ORDINARY_FORMS)],
                self._world.shelf,
                self._world.folder,
            )
            for place, (number, side) in enumerate(turns)
            if side == "telegram"
        }
        return [
            {"side": side, "id": self._show(number, files[number])["message_id"]}
            if side == "telegram"
            else await self.add_variant(number, side, "original")
            for number, side in turns
        ]

    async def add_variant(self, number: int, side: Platform, kind: Kind) -> Json:
        """Add that version of song `number` to a playlist, on purpose: it is then what is expected."""
        entry = self._world.catalogue.variant(side, number, kind)
        self._expect(entry.recording)
        playlist = self._world.youtube_playlist if side == "youtube" else self._world.spotify_playlist
        [place] = playlist.add([entry.id], by=ACCOUNT if side == "youtube" else self._world.accounts.user)
        return {"side": side, "id": entry.id, "slot": place.slot}

    async def expect(self, number: int) -> None:
        """Song `number` was put somewhere that this world does not play: it is to turn up in all of its collections."""
        self._expect(self._world.catalogue.recordings[number].key)

    async def post(self, number: int, form: Form = "tagged_m4a", caption: str = "") -> Json:
        """Post song `number` to the channel as a file of that form; the message."""
        world, recording = self._world, self._world.catalogue.recordings[number]
        posted = await asyncio.to_thread(posted_file, recording, form, world.shelf, world.folder)
        return self._show(number, posted, caption, expected=form not in _NOT_MUSIC)

    def _show(self, number: int, posted: PostedFile, caption: str = "", *, expected: bool = True) -> Json:
        """A file of song `number` in the channel."""
        key = self._world.catalogue.recordings[number].key
        if expected:
            self._expect(key)
        message = people.post(self._world.telegram, posted, caption)
        if message.sha256 is not None:
            self._world.truth[message.sha256] = key
        return message.shown

    async def post_text(self, text: str) -> Json:
        """Post words without audio to the channel."""
        return people.post(self._world.telegram, None, text).shown

    async def edit_post(
        self, message_id: int, caption: str | None = None, number: int | None = None, form: Form = "tagged_m4a"
    ) -> Json:
        """Change a post's caption, or put song `number` in the place of its audio."""
        world, posted = self._world, None
        if number is not None:
            recording = world.catalogue.recordings[number]
            posted = await asyncio.to_thread(posted_file, recording, form, world.shelf, world.folder)
            self._expect(recording.key)
        message = people.edit_post(world.telegram, message_id, posted, caption)
        if posted is not None and number is not None and message.sha256 is not None:
            world.truth[message.sha256] = world.catalogue.recordings[number].key
        return message.shown

    async def delete_post(self, message_id: int) -> None:
        """Delete a post; the bot is not told."""
        people.delete_post(self._world.telegram, message_id)

    async def rename_channel(self, username: str | None) -> None:
        """Give the channel another public name (without @), or none; the bot is not told."""
        people.rename_channel(self._world.telegram, username)

    async def write(self, text: str, user_id: int | None = None) -> Json:
        """Write to the bot in private, as the first administrator unless another user is named."""
        return people.write(self._world.telegram, user_id or self._world.telegram.admins[0], text).shown

    async def forward(self, message_id: int, user_id: int | None = None) -> Json:
        """Forward a channel post to the bot in private."""
        return people.forward_to_bot(self._world.telegram, user_id or self._world.telegram.admins[0], message_id).shown

    async def press(self, message_id: int, button: str, chat_id: int | None = None, user_id: int | None = None) -> str:
        """Press an inline button, named by text or callback data, in a private chat unless `chat_id` says where."""
        telegram = self._world.telegram
        user = user_id or telegram.admins[0]
        return people.press(telegram, user, telegram.chats[chat_id or user], message_id, button)

    async def read(self, chat_id: int | None = None, after: int = 0) -> list[Json]:
        """The living messages of a chat (the first administrator's by default) with ids above `after`."""
        telegram = self._world.telegram
        chat = telegram.chats[chat_id or telegram.admins[0]]
        return [message.shown for message in chat.living() if message.id > after]

    async def await_reply(self, after: int, timeout: float = 10.0, user_id: int | None = None) -> Json:
        """The bot's next message in a private chat after message `after`; TimeoutError when it stays silent."""
        telegram = self._world.telegram
        chat = telegram.private_chat(user_id or telegram.admins[0])
        async with asyncio.timeout(timeout):
            while True:
                for message in chat.living():
                    if message.id > after and message.by_bot:
                        return message.shown
                await asyncio.sleep(0.02)

    async def remove(self, side: Platform, slot: str) -> None:
        """Remove a playlist entry by its slot."""
        playlist = self._world.youtube_playlist if side == "youtube" else self._world.spotify_playlist
        playlist.remove(frozenset([slot]))

    async def clear_out(self, side: Side) -> None:
        """Take everything out of one side by hand; nobody is told."""
        world = self._world
        if side == "telegram":
            for message in list(world.telegram.channel.living()):
                people.delete_post(world.telegram, message.id)
        else:
            playlist = world.youtube_playlist if side == "youtube" else world.spotify_playlist
            playlist.remove(frozenset(entry.slot for entry in playlist.entries))

    async def add_odd(self, side: Platform, kind: EntryKind, item: str) -> Json:
        """Put something that is no playable track into a playlist: local, episode, null, unavailable, deleted.

        `item` is a catalogue id, or "Artist - Title" for a local file, or an episode's name.
        """
        playlist = self._world.youtube_playlist if side == "youtube" else self._world.spotify_playlist
        [place] = playlist.add([item], by=ACCOUNT if side == "youtube" else self._world.accounts.user, kind=kind)
        return {"side": side, "id": item, "slot": place.slot}

    async def take_down(self, video_id: str, how: Literal["private", "deleted"] = "deleted") -> None:
        """Make a YouTube video private or delete it: unplayable, unfindable, greyed out in playlists."""
        self._world.youtube.taken_down[video_id] = how

    async def mislabel(self, video_id: str, number: int, seconds: int) -> None:
        """Make a YouTube video sound like `seconds` of song `number`; what it says of itself stays."""
        self._world.youtube.mislabelled[video_id] = (self._world.catalogue.recordings[number].key, seconds)

    def _expect(self, recording: str) -> None:
        if recording not in self._world.expected:
            self._world.expected.append(recording)
