"""YouTube Music's answers as its web client gets them: nested renderers, built from catalogue entries. Pure.

Shapes follow what ytmusicapi 1.12.3 reads (its navigation paths and parsers) and the pages it was written against.
"""

from collections.abc import Sequence
from typing import Any

from navaar_sandbox.catalogue import Entry
from navaar_sandbox.playlist import Playlist, PlaylistEntry

Json = dict[str, Any]
DOT = {"text": " • "}
_GREY = "MUSIC_ITEM_RENDERER_DISPLAY_POLICY_GREY_OUT"


def clock(seconds: int) -> str:
    """240 -> "4:00"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _browse(browse_id: str, page_type: str) -> Json:
    music = {"browseEndpointContextMusicConfig": {"pageType": page_type}}
    return {"browseEndpoint": {"browseId": browse_id, "browseEndpointContextSupportedConfigs": music}}


def _watch(entry_id: str, video_type: str | None, playlist_id: str | None = None) -> Json:
    configs = {"watchEndpointMusicConfig": {"musicVideoType": video_type or "MUSIC_VIDEO_TYPE_ATV"}}
    endpoint: Json = {"videoId": entry_id, "watchEndpointMusicSupportedConfigs": configs}
    if playlist_id:
        endpoint["playlistId"] = playlist_id
    return {"watchEndpoint": endpoint}


def _stable(prefix: str, name: str) -> str:
    return prefix + "".join(f"{ord(letter) % 36:x}" for letter in name)[:22].ljust(22, "0")


def _artist_runs(entry: Entry) -> list[Json]:
    uploader = entry.video_type == "MUSIC_VIDEO_TYPE_UGC"
    page = "MUSIC_PAGE_TYPE_USER_CHANNEL" if uploader else "MUSIC_PAGE_TYPE_ARTIST"
    runs: list[Json] = []
    for number, name in enumerate(entry.artists):
        if number:
            runs.append({"text": " & " if number == len(entry.artists) - 1 else ", "})
        runs.append({"text": name, "navigationEndpoint": _browse(_stable("UC", name), page)})
    return runs


def _album_run(entry: Entry) -> Json:
    assert entry.album is not None
    return {
        "text": entry.album,
        "navigationEndpoint": _browse(_stable("MPREb_", entry.album)[:17], "MUSIC_PAGE_TYPE_ALBUM"),
    }


def _flex(runs: list[Json]) -> Json:
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


def _play_overlay(entry: Entry, playlist_id: str | None) -> Json:
    button = {"playNavigationEndpoint": _watch(entry.id, entry.video_type, playlist_id)}
    return {"musicItemThumbnailOverlayRenderer": {"content": {"musicPlayButtonRenderer": button}}}


def _menu(entry: Entry, slot: str | None) -> Json:
    items: list[Json] = [
        {
            "menuNavigationItemRenderer": {
                "text": {"runs": [{"text": "Start radio"}]},
                "icon": {"iconType": "MIX"},
                "navigationEndpoint": _watch(entry.id, entry.video_type, f"RDAMVM{entry.id}"),
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
        items.append(_remove_item(entry.id, slot))
    likes = {"likeButtonRenderer": {"target": {"videoId": entry.id}, "likeStatus": "INDIFFERENT"}}
    return {"menuRenderer": {"items": items, "topLevelButtons": [likes]}}


def _remove_item(video_id: str, slot: str) -> Json:
    action = {"setVideoId": slot, "removedVideoId": video_id, "action": "ACTION_REMOVE_VIDEO"}
    return {
        "menuServiceItemRenderer": {
            "text": {"runs": [{"text": "Remove from playlist"}]},
            "icon": {"iconType": "REMOVE_FROM_PLAYLIST"},
            "serviceEndpoint": {"playlistEditEndpoint": {"playlistId": "", "actions": [action]}},
        }
    }


def playlist_item(place: PlaylistEntry, entry: Entry | None, playlist_id: str, base: str, *, editable: bool) -> Json:
    """One row of a playlist. Unavailable videos are greyed out; deleted ones have lost even their title.

    `editable` rows offer to be removed, which strangers are not shown.
    """
    if place.kind == "deleted" or entry is None:
        columns = [_flex([{"text": "Song deleted"}]), _flex([]), _flex([])]
        return {"musicResponsiveListItemRenderer": {"flexColumns": columns, "musicItemRendererDisplayPolicy": _GREY}}
    slot = place.slot if editable else None
    row: Json = {
        "thumbnail": thumbnails(base, entry.id),
        "fixedColumns": [
            {
                "musicResponsiveListItemFixedColumnRenderer": {
                    "text": {"runs": [{"text": clock(entry.duration)}]},
                    "size": "SMALL",
                }
            }
        ],
        "playlistItemData": {"playlistSetVideoId": place.slot, "videoId": entry.id},
    }
    if place.kind == "unavailable":
        plain = [{"text": run["text"]} for run in _artist_runs(entry)]
        album = [{"text": entry.album}] if entry.album else []
        row["flexColumns"] = [_flex([{"text": entry.title}]), _flex(plain), _flex(album)]
        row["musicItemRendererDisplayPolicy"] = _GREY
        row["menu"] = {"menuRenderer": {"items": [_remove_item(entry.id, place.slot)] if editable else []}}
    else:
        title = {"text": entry.title, "navigationEndpoint": _watch(entry.id, entry.video_type, playlist_id)}
        row["flexColumns"] = [
            _flex([title]),
            _flex(_artist_runs(entry)),
            _flex([_album_run(entry)] if entry.album else []),
        ]
        row["overlay"] = _play_overlay(entry, playlist_id)
        row["menu"] = _menu(entry, slot)
    return {"musicResponsiveListItemRenderer": row}


def continuation_item(token: str) -> Json:
    """The last row of a page that is not the last page."""
    command = {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}
    return {
        "continuationItemRenderer": {
            "trigger": "CONTINUATION_TRIGGER_ON_ITEM_SHOWN",
            "continuationEndpoint": {"continuationCommand": command},
        }
    }


def playlist_page(
    playlist: Playlist,
    rows: list[Json],
    count: int,
    seconds: int,
    base: str,
    *,
    owned: bool,
    in_words: bool = False,
) -> Json:
    """The first page of a playlist: header, rows. `count` is what the header claims, `seconds` the total duration.

    `in_words` headers of empty playlists hold no digit.
    """
    privacy = "Public" if playlist.public else "Private"
    owner_runs = [{"text": "Playlist"}, DOT, {"text": privacy}, DOT] if owned else [{"text": "Playlist"}, DOT]
    channel = {"browseEndpoint": {"browseId": _stable("UC", playlist.owner)}}
    author = {
        "text": {"content": playlist.owner},
        "rendererContext": {"commandContext": {"onTap": {"innertubeCommand": channel}}},
    }
    counted = f"{count:,} track{'' if count == 1 else 's'}" if count or not in_words else "No tracks"
    minutes = f"{seconds // 60} minutes" if seconds < 3600 else f"{seconds // 3600}+ hours"
    header = {
        "title": {"runs": [{"text": playlist.title}]},
        "subtitle": {"runs": [*owner_runs, {"text": "2026"}]},
        "secondSubtitle": {"runs": [{"text": counted}, DOT, {"text": minutes}]},
        "thumbnail": thumbnails(base, playlist.id),
        "facepile": {
            "avatarStackViewModel": _collaborators(playlist.owner, base) if playlist.collaborative else author
        },
        "buttons": [
            {"downloadButtonRenderer": {}},
            {"musicPlayButtonRenderer": {"playNavigationEndpoint": {"watchEndpoint": {"playlistId": playlist.id}}}},
        ],
    }
    if playlist.description:
        runs = {"runs": [{"text": playlist.description}]}
        header["description"] = {"musicDescriptionShelfRenderer": {"description": runs}}
    top: Json = {"musicResponsiveHeaderRenderer": header}
    if owned:
        edit = {"musicPlaylistEditHeaderRenderer": {"privacy": privacy.upper(), "playlistId": playlist.id}}
        top = {
            "musicEditablePlaylistDetailHeaderRenderer": {"playlistId": playlist.id, "header": top, "editHeader": edit}
        }
    shelf: Json = {"playlistId": playlist.id, "targetId": playlist.id, "contents": rows}
    if not rows:
        del shelf["contents"]
    tab = {"tabRenderer": {"content": {"sectionListRenderer": {"contents": [top]}}}}
    second = {"sectionListRenderer": {"contents": [{"musicPlaylistShelfRenderer": shelf}]}}
    return _page({"twoColumnBrowseResultsRenderer": {"tabs": [tab], "secondaryContents": second}})


def _collaborators(owner: str, base: str) -> Json:
    panel = {"showEngagementPanelEndpoint": {"identifier": {"tag": "PAplaylist_collaborate"}}}
    faces = [{"url": f"{base}/covers/face-{number}.jpg"} for number in range(2)]
    return {
        "avatars": [{"avatarViewModel": {"image": {"sources": [face]}}} for face in faces],
        "rendererContext": {
            "accessibilityContext": {"label": f"by {owner} and 1 other"},
            "commandContext": {"onTap": {"innertubeCommand": panel}},
        },
    }


def more_rows(rows: list[Json]) -> Json:
    """A further page of a playlist."""
    action = {"appendContinuationItemsAction": {"continuationItems": rows, "targetId": ""}}
    return {"responseContext": {}, "onResponseReceivedActions": [action]}


def context(*, signed_in: bool) -> Json:
    """What every answer says of itself; two services report whether the asker is signed in."""
    flag = {"key": "logged_in", "value": "1" if signed_in else "0"}
    reports = [
        {"service": "GFEEDBACK", "params": [{"key": "has_unlimited_entitlement", "value": "False"}, flag]},
        {"service": "GUIDED_HELP", "params": [flag]},
    ]
    return {"visitorData": "CgtzYW5kYm94", "serviceTrackingParams": reports}


def _page(contents: Json) -> Json:
    return {"responseContext": {}, "contents": contents, "trackingParams": "CAAQ"}


def _views(entry: Entry) -> str:
    return f"{max(1, int(entry.weight * 40))}M"


def search_row(entry: Entry, base: str, *, typed: bool) -> Json:
    """One search hit; `typed` rows (of an unfiltered search) begin with what they are."""
    song = entry.video_type == "MUSIC_VIDEO_TYPE_ATV"
    runs: list[Json] = [{"text": "Song" if song else "Video"}, DOT] if typed else []
    runs += [*_artist_runs(entry), DOT]
    runs.append(_album_run(entry) if song and entry.album else {"text": f"{_views(entry)} views"})
    runs += [DOT, {"text": clock(entry.duration)}]
    columns = [_flex([{"text": entry.title, "navigationEndpoint": _watch(entry.id, entry.video_type)}]), _flex(runs)]
    if song and not typed:
        columns.append(_flex([{"text": f"{_views(entry)} plays"}]))
    row = {
        "thumbnail": thumbnails(base, entry.id),
        "overlay": _play_overlay(entry, None),
        "flexColumns": columns,
        "menu": _menu(entry, None),
        "playlistItemData": {"videoId": entry.id},
    }
    return {"musicResponsiveListItemRenderer": row}


def _shelf(title: str, rows: list[Json], token: str | None) -> Json:
    shelf: Json = {"title": {"runs": [{"text": title}]}, "contents": rows}
    if token:
        shelf["continuations"] = [{"nextContinuationData": {"continuation": token}}]
    return {"musicShelfRenderer": shelf}


def search_page(sections: list[Json]) -> Json:
    """A search answer from its sections."""
    content = {"sectionListRenderer": {"contents": sections or [_nothing_found()]}}
    tab = {"tabRenderer": {"title": "YT Music", "selected": True, "content": content}}
    return _page({"tabbedSearchResultsRenderer": {"tabs": [tab]}})


def _nothing_found() -> Json:
    return {
        "itemSectionRenderer": {"contents": [{"messageRenderer": {"text": {"runs": [{"text": "No results found"}]}}}]}
    }


def filtered_search(title: str, entries: Sequence[Entry], base: str, token: str | None) -> Json:
    """The first page of a search for one kind of thing."""
    rows = [search_row(entry, base, typed=False) for entry in entries]
    return search_page([_shelf(title, rows, token)] if rows else [])


def more_hits(entries: Sequence[Entry], base: str, token: str | None) -> Json:
    """A further page of such a search."""
    shelf = _shelf("", [search_row(entry, base, typed=False) for entry in entries], token)["musicShelfRenderer"]
    return {"responseContext": {}, "continuationContents": {"musicShelfContinuation": shelf}}


def mixed_search(top: Entry, songs: Sequence[Entry], videos: Sequence[Entry], base: str) -> Json:
    """An unfiltered search: a card for the top result, then a few of each kind."""
    song = top.video_type == "MUSIC_VIDEO_TYPE_ATV"
    subtitle = [{"text": "Song" if song else "Video"}, DOT, *_artist_runs(top), DOT]
    subtitle += [_album_run(top), DOT] if song and top.album else [{"text": f"{_views(top)} views"}, DOT]
    card = {
        "thumbnail": thumbnails(base, top.id),
        "title": {"runs": [{"text": top.title, "navigationEndpoint": _watch(top.id, top.video_type)}]},
        "subtitle": {"runs": [*subtitle, {"text": clock(top.duration)}]},
        "onTap": _watch(top.id, top.video_type),
        "header": {"musicCardShelfHeaderBasicRenderer": {"title": {"runs": [{"text": "Top result"}]}}},
        "buttons": [{"buttonRenderer": {"command": _watch(top.id, top.video_type)}}],
        "menu": _menu(top, None),
    }
    sections: list[Json] = [{"musicCardShelfRenderer": card}]
    for title, entries in (("Songs", songs), ("Videos", videos)):
        if entries:
            sections.append(_shelf(title, [search_row(entry, base, typed=True) for entry in entries], None))
    return search_page(sections)


def library_playlists(playlists: Sequence[Playlist], base: str) -> Json:
    """The grid of the account's playlists; its first cell is the button for a new one."""
    cells: list[Json] = [{"musicTwoRowItemRenderer": {"title": {"runs": [{"text": "New playlist"}]}}}]
    for playlist in playlists:
        browse = _browse(f"VL{playlist.id}", "MUSIC_PAGE_TYPE_PLAYLIST")
        editor = {
            "menuNavigationItemRenderer": {
                "navigationEndpoint": {"playlistEditorEndpoint": {"playlistId": playlist.id}}
            }
        }
        count = len(playlist.visible()[1])
        cells.append(
            {
                "musicTwoRowItemRenderer": {
                    "thumbnailRenderer": thumbnails(base, playlist.id),
                    "title": {"runs": [{"text": playlist.title, "navigationEndpoint": browse}]},
                    "subtitle": {"runs": [{"text": playlist.owner}, DOT, {"text": f"{count} tracks"}]},
                    "menu": {"menuRenderer": {"items": [editor]}},
                }
            }
        )
    content = {"sectionListRenderer": {"contents": [{"gridRenderer": {"items": cells}}]}}
    return _page({"singleColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": {"content": content}}]}})


def account_menu(name: str | None, base: str) -> Json:
    """Who is signed in; a stranger's menu has no name in it."""
    if name is None:
        return _popup({"sections": [{"multiPageMenuSectionRenderer": {"items": []}}]})
    header = {
        "accountName": {"runs": [{"text": name}]},
        "channelHandle": {"runs": [{"text": "@sandbox"}]},
        "accountPhoto": {"thumbnails": [{"url": f"{base}/covers/account.jpg", "width": 108, "height": 108}]},
    }
    return _popup({"header": {"activeAccountHeaderRenderer": header}})


def _popup(menu: Json) -> Json:
    action = {"openPopupAction": {"popup": {"multiPageMenuRenderer": menu}, "popupType": "DROPDOWN"}}
    return {"responseContext": {}, "actions": [action]}


def player(entry: Entry | None, video_id: str, taken_down: str | None, base: str) -> Json:
    """The player's answer; `taken_down` is the reason a video cannot be played ("private" or "deleted")."""
    if entry is None or taken_down == "deleted":
        return {"responseContext": {}, "playabilityStatus": {"status": "ERROR", "reason": "Video unavailable"}}
    if taken_down == "private":
        reason = "This video is private"
        return {
            "responseContext": {},
            "playabilityStatus": {"status": "LOGIN_REQUIRED", "reason": reason, "messages": [reason]},
        }
    shown = [{"url": f"{base}/covers/{video_id}.jpg", "width": 640, "height": 640}]
    return {
        "responseContext": {},
        "playabilityStatus": {"status": "OK", "playableInEmbed": True},
        "streamingData": {"expiresInSeconds": "21540", "adaptiveFormats": []},
        "videoDetails": {
            "videoId": video_id,
            "title": entry.title,
            "lengthSeconds": str(entry.duration),
            "channelId": _stable("UC", entry.artists[0]),
            "author": entry.artists[0],
            "viewCount": str(int(entry.weight * 40_000_000)),
            "thumbnail": {"thumbnails": shown},
            "musicVideoType": entry.video_type,
            "isPrivate": False,
            "isLiveContent": False,
        },
        "microformat": {
            "microformatDataRenderer": {
                "urlCanonical": f"https://music.youtube.com/watch?v={video_id}",
                "title": f"{entry.title} - YouTube Music",
                "category": "Music",
                "publishDate": f"{entry.year}-01-01",
            }
        },
    }
