"""The pieces that YouTube Music's pages are made of. Pure.

Shapes follow what ytmusicapi 1.12.3 reads (its navigation paths and parsers) and the pages it was written against.
"""

from typing import Any

from navaar_sandbox.catalogue import Entry

Json = dict[str, Any]
DOT = {"text": " • "}


def clock(seconds: int) -> str:
    """240 -> "4:00"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def browse(browse_id: str, page_type: str) -> Json:
    """A link to a page."""
    music = {"browseEndpointContextMusicConfig": {"pageType": page_type}}
    return {"browseEndpoint": {"browseId": browse_id, "browseEndpointContextSupportedConfigs": music}}


def watch(entry_id: str, video_type: str | None, playlist_id: str | None = None) -> Json:
    """A link that plays something."""
    configs = {"watchEndpointMusicConfig": {"musicVideoType": video_type or "MUSIC_VIDEO_TYPE_ATV"}}
    endpoint: Json = {"videoId": entry_id, "watchEndpointMusicSupportedConfigs": configs}
    if playlist_id:
        endpoint["playlistId"] = playlist_id
    return {"watchEndpoint": endpoint}


def stable(prefix: str, name: str) -> str:
    """An id made of a name, always the same."""
    return prefix + "".join(f"{ord(letter) % 36:x}" for letter in name)[:22].ljust(22, "0")


def artist_runs(entry: Entry) -> list[Json]:
    """The artists' names with links to their pages."""
    uploader = entry.video_type == "MUSIC_VIDEO_TYPE_UGC"
    page = "MUSIC_PAGE_TYPE_USER_CHANNEL" if uploader else "MUSIC_PAGE_TYPE_ARTIST"
    runs: list[Json] = []
    for number, name in enumerate(entry.artists):
        if number:
            runs.append({"text": " & " if number == len(entry.artists) - 1 else ", "})
        runs.append({"text": name, "navigationEndpoint": browse(stable("UC", name), page)})
    return runs


def album_run(entry: Entry) -> Json:
    """The album's name with a link to its page."""
    assert entry.album is not None
    return {
        "text": entry.album,
        "navigationEndpoint": browse(stable("MPREb_", entry.album)[:17], "MUSIC_PAGE_TYPE_ALBUM"),
    }


def flex(runs: list[Json]) -> Json:
    """A column of a row."""
    text = {"runs": runs} if runs else {}
    return {
        "musicResponsiveListItemFlexColumnRenderer": {
            "text": text,
            "displayPriority": "MUSIC_RESPONSIVE_LIST_ITEM_COLUMN",
        }
    }


def thumbnails(base: str, entry_id: str) -> Json:
    """The thumbnail renderer; `base` is the address of the media server."""
    shown = [{"url": f"{base}/covers/{entry_id}.jpg", "width": 640, "height": 640}]
    return {
        "musicThumbnailRenderer": {
            "thumbnail": {"thumbnails": shown},
            "thumbnailCrop": "MUSIC_THUMBNAIL_CROP_UNSPECIFIED",
        }
    }


def play_overlay(entry: Entry, playlist_id: str | None) -> Json:
    """The button that plays a row."""
    button = {"playNavigationEndpoint": watch(entry.id, entry.video_type, playlist_id)}
    return {"musicItemThumbnailOverlayRenderer": {"content": {"musicPlayButtonRenderer": button}}}


def menu(entry: Entry, slot: str | None) -> Json:
    """A row's menu; `slot` names the playlist entry that it may remove."""
    items: list[Json] = [
        {
            "menuNavigationItemRenderer": {
                "text": {"runs": [{"text": "Start radio"}]},
                "icon": {"iconType": "MIX"},
                "navigationEndpoint": watch(entry.id, entry.video_type, f"RDAMVM{entry.id}"),
            }
        },
        {
            "toggleMenuServiceItemRenderer": {
                "defaultText": {"runs": [{"text": "Save to library"}]},
                "defaultIcon": {"iconType": "BOOKMARK_BORDER"},
                "defaultServiceEndpoint": {"feedbackEndpoint": {"feedbackToken": f"add-{entry.id}"}},
                "toggledIcon": {"iconType": "BOOKMARK"},
                "toggledServiceEndpoint": {"feedbackEndpoint": {"feedbackToken": f"remove-{entry.id}"}},
                "isToggled": False,
            }
        },
    ]
    if slot is not None:
        items.append(remove_item(entry.id, slot))
    likes = {"likeButtonRenderer": {"target": {"videoId": entry.id}, "likeStatus": "INDIFFERENT"}}
    return {"menuRenderer": {"items": items, "topLevelButtons": [likes]}}


def remove_item(video_id: str, slot: str) -> Json:
    """The menu's item that removes an entry from its playlist."""
    action = {"setVideoId": slot, "removedVideoId": video_id, "action": "ACTION_REMOVE_VIDEO"}
    return {
        "menuServiceItemRenderer": {
            "text": {"runs": [{"text": "Remove from playlist"}]},
            "icon": {"iconType": "REMOVE_FROM_PLAYLIST"},
            "serviceEndpoint": {"playlistEditEndpoint": {"playlistId": "", "actions": [action]}},
        }
    }
