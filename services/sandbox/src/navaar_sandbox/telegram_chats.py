"""Telegram's own state: chats, messages, files and the queue of updates. No HTTP here.

Messages are kept as the JSON objects that the Bot API shows (a dict per message); what Telegram knows beyond them
(the bytes behind a file id, whether a message was deleted, the true recording) stands beside.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
UPDATE_LIFETIME = 24 * 3600.0  # seconds; Telegram keeps no update longer
# What getUpdates delivers when no allowed_updates was ever given: all but the kinds that must be asked for.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_post_messages", "can_edit_messages", "can_send_welcome_messages",
)  # fmt: skip


@dataclass
class StoredFile:
    """Bytes on Telegram's servers. `unique_id` is the same for the same bytes; `served_as` is the file_path."""

    unique_id: str
    path: Path
    size: int
    sha256: str
    served_as: str


@dataclass
class Message:
    """A message as shown, and what is known about it."""

    shown: Json
    by_bot: bool
    sha256: str | None = None  # of the audio or document inside
    deleted: bool = False

    @property
    def id(self) -> int:
        """The message id, increasing within its chat."""
        return int(self.shown["message_id"])


@dataclass
class Chat:
    """A chat, the messages in it by id, and who of the bot's people may be in it."""

    shown: Json
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    bot_rights: Literal["administrator", "member", "left", "kicked"] = "administrator"
    can_post: bool = True
    can_edit: bool = True
    can_delete: bool = True
    migrated_to: int | None = None  # the id of the chat that it became

    @property
    def id(self) -> int:
        """Negative for channels, the user's id for private chats."""
        return int(self.shown["id"])

    def living(self) -> list[Message]:
        """The messages that are there, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


class Telegram:
    """One bot, its channel, and its private chats."""

    def __init__(
        self,
        *,
        token: str,
        channel_id: int,
        admins: list[int],
        folder: Path,
        now: Callable[[], float],
        echo_own_posts: bool = False,
    ) -> None:
        self.token = token
        self.bot: Json = {
            "id": int(token.split(":")[0]), "is_bot": True, "first_name": "Navaar", "username": "navaar_sandbox_bot",
        }  # fmt: skip
        self.admins = list(admins)
        self.now = now
        self.echo_own_posts = echo_own_posts
        self.token_revoked = False
        self.webhook_url = ""
        self.commands: list[tuple[Json, list[Json]]] = []
        self.callback_answers: list[Json] = []
        self.open_callbacks: set[str] = set()
        self.chat_actions: list[Json] = []
        self.allowed_updates: list[str] | None = None
        self.changed = asyncio.Event()  # set whenever an update waits; getUpdates listens
        self._folder = folder
        self._updates: list[tuple[float, Json]] = []
        self._last_update_id = 700_000_000
        self._by_file_id: dict[str, StoredFile] = {}
        self._by_sha: dict[str, StoredFile] = {}
        self.chats: dict[int, Chat] = {}
        self.channel = self._open(
            {"id": channel_id, "type": "channel", "title": "Sandbox Radio", "username": "sandbox_radio"}
        )
        for admin in admins:
            self.private_chat(admin)

    def _open(self, shown: Json) -> Chat:
        return self.chats.setdefault(int(shown["id"]), Chat(shown))

    def open_channel(self, channel_id: int, title: str, username: str) -> Chat:
        """One more channel in which the bot is an administrator."""
        return self._open({"id": channel_id, "type": "channel", "title": title, "username": username})

    def private_chat(self, user_id: int) -> Chat:
        """The private chat of the bot with a user; made when first asked for, as after /start."""
        return self._open(
            {"id": user_id, "type": "private", "first_name": f"Person {user_id}", "username": f"person{user_id}"}
        )

    def bot_member(self, chat: Chat) -> Json:
        """What the bot is and may do in a chat, a ChatMember object."""
        if chat.bot_rights != "administrator":
            ban = {"until_date": 0} if chat.bot_rights == "kicked" else {}
            return {"status": chat.bot_rights, "user": self.bot} | ban
        rights = dict.fromkeys(_RIGHTS, False) | {
            "can_manage_chat": True,
            "can_post_messages": chat.can_post,
            "can_edit_messages": chat.can_edit,
            "can_delete_messages": chat.can_delete,
        }
        return {"status": "administrator", "user": self.bot, "can_be_edited": False, "is_anonymous": False} | rights

    def user(self, user_id: int) -> Json:
        """A User object."""
        return {
            "id": user_id, "is_bot": False, "first_name": f"Person {user_id}", "username": f"person{user_id}",
            "language_code": "en",
        }  # fmt: skip

    # -- files ------------------------------------------------------------------------------------------------

    def store(self, source: Path, kind: str, name: str) -> StoredFile:
        """Keep a copy of the file; the same bytes are kept once."""
        digest = hashlib.sha256()
        with source.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
        sha = digest.hexdigest()
        if sha not in self._by_sha:
            kept = self._folder / f"{sha}{Path(name).suffix.lower()}"
            kept.write_bytes(source.read_bytes())
            folder = {"audio": "music", "voice": "voice", "photo": "photos", "thumbnail": "thumbnails"}.get(
                kind, "documents"
            )
            self._by_sha[sha] = StoredFile(
                unique_id=f"AgAD{sha[:11]}",
                path=kept,
                size=kept.stat().st_size,
                sha256=sha,
                served_as=f"{folder}/file_{len(self._by_sha)}{kept.suffix}",
            )
        return self._by_sha[sha]

    def new_file_id(self, stored: StoredFile) -> str:
        """A fresh file_id: many may lead to one file."""
        file_id = f"CQACAgQAAx{secrets.token_urlsafe(36)}"
        self._by_file_id[file_id] = stored
        return file_id

    def by_file_id(self, file_id: str) -> StoredFile | None:
        """The file behind a file_id."""
        return self._by_file_id.get(file_id)

    def by_sha256(self, sha256: str) -> StoredFile | None:
        """The file with those bytes."""
        return self._by_sha.get(sha256)

    def by_served_path(self, served_as: str) -> StoredFile | None:
        """The file behind a file_path."""
        return next((stored for stored in self._by_sha.values() if stored.served_as == served_as), None)

    # -- messages ---------------------------------------------------------------------------------------------

    def put(
        self, chat: Chat, content: Json, *, sender: Json | None, by_bot: bool, sha256: str | None = None
    ) -> Message:
        """A new message in a chat. `sender` is a User, None for a channel speaking for itself."""
        chat.last_message_id += 1
        shown: Json = {"message_id": chat.last_message_id, "date": int(self.now()), "chat": chat.shown}
        if chat.shown["type"] == "channel":
            shown["sender_chat"] = chat.shown
        if sender is not None:
            shown["from"] = sender
        message = Message({**shown, **content}, by_bot, sha256)
        chat.messages[message.id] = message
        return message

    def find(self, chat: Chat, message_id: int) -> Message | None:
        """A living message."""
        message = chat.messages.get(message_id)
        return None if message is None or message.deleted else message

    # -- updates ----------------------------------------------------------------------------------------------

    def announce(self, kind: str, content: Json) -> None:
        """Queue an update for the bot, if it is one of those it asked for."""
        wanted = kind not in NOT_BY_DEFAULT if not self.allowed_updates else kind in self.allowed_updates
        if not wanted:
            return
        self._last_update_id += 1
        self._updates.append((self.now(), {"update_id": self._last_update_id, kind: content}))
        self.changed.set()

    def waiting(self, offset: int, limit: int) -> list[Json]:
        """Unconfirmed updates from `offset` on; older ones are confirmed by that, and forgotten.

        A negative offset counts from the end of the queue, and forgets all before.
        """
        horizon = self.now() - UPDATE_LIFETIME
        self._updates = [(at, update) for at, update in self._updates if at > horizon]
        if offset < 0:
            self._updates = self._updates[offset:]
        elif offset > 0:
            self._updates = [(at, update) for at, update in self._updates if update["update_id"] >= offset]
        self.changed.clear()
        return [update for _, update in self._updates[:limit]]

    @property
    def pending_updates(self) -> int:
        """How many updates wait unconfirmed."""
        return len(self._updates)

    def drop_updates(self) -> None:
        """Forget all waiting updates."""
        self._updates.clear()
