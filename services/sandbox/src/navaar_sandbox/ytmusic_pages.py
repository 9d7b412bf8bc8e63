"""YouTube Music's pages as its web client gets them: nested renderers, built from catalogue entries. Pure.

Shapes follow what ytmusicapi 1.12.3 reads (its navigation paths and parsers) and the pages it was written against.
"""

from collections.abc import Sequence
from typing import Any

from navaar_sandbox.catalogue import Entry
from navaar_sandbox.playlist import Playlist, PlaylistEntry
from navaar_sandbox.ytmusic_renderers import (
    DOT,
    album_run,
    artist_runs,
    browse,
    clock,
    flex,
    menu,
    play_overlay,
    remove_item,
    stable,
    thumbnails,
    watch,
)

Json = dict[str, Any]
_GREY = "MUSIC_ITEM_RENDERER_DISPLAY_POLICY_GREY_OUT"


def playlist_item(place: PlaylistEntry, entry: Entry | None, playlist_id: str, base: str, *, editable: bool) -> Json:
    """One row of a playlist. Unavailable videos are greyed out; deleted ones have lost even their title.

    `editable` rows offer to be removed, which strangers are not shown.
    """
    if place.kind == "deleted" or entry is None:
        columns = [flex([{"text": "Song deleted"}]), flex([]), flex([])]
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
        plain = [{"text": run["text"]} for run in artist_runs(entry)]
        album = [{"text": entry.album}] if entry.album else []
        row["flexColumns"] = [flex([{"text": entry.title}]), flex(plain), flex(album)]
        row["musicItemRendererDisplayPolicy"] = _GREY
        row["menu"] = {"menuRenderer": {"items": [remove_item(entry.id, place.slot)] if editable else []}}
    else:
        title = {"text": entry.title, "navigationEndpoint": watch(entry.id, entry.video_type, playlist_id)}
        row["flexColumns"] = [
            flex([title]),
            flex(artist_runs(entry)),
            flex([album_run(entry)] if entry.album else []),
        ]
        row["overlay"] = play_overlay(entry, playlist_id)
        row["menu"] = menu(entry, slot)
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

    `in_words` headers say "No tracks" and "1 thousand tracks".
    """
    privacy = "Public" if playlist.public else "Private"
    owner_runs = [{"text": "Playlist"}, DOT, {"text": privacy}, DOT] if owned else [{"text": "Playlist"}, DOT]
    channel = {"browseEndpoint": {"browseId": stable("UC", playlist.owner)}}
    author = {
        "text": {"content": playlist.owner},
        "rendererContext": {"commandContext": {"onTap": {"innertubeCommand": channel}}},
    }
    counted = _in_words(count) if in_words else f"{count:,} track{'' if count == 1 else 's'}"
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


def _in_words(count: int) -> str:
    if count >= 1000:
        return f"{count // 1000} thousand tracks"
    return f"{count} track{'' if count == 1 else 's'}" if count else "No tracks"


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
    runs += [*artist_runs(entry), DOT]
    runs.append(album_run(entry) if song and entry.album else {"text": f"{_views(entry)} views"})
    runs += [DOT, {"text": clock(entry.duration)}]
    columns = [flex([{"text": entry.title, "navigationEndpoint": watch(entry.id, entry.video_type)}]), flex(runs)]
    if song and not typed:
        columns.append(flex([{"text": f"{_views(entry)} plays"}]))
    row = {
        "thumbnail": thumbnails(base, entry.id),
        "overlay": play_overlay(entry, None),
        "flexColumns": columns,
        "menu": menu(entry, None),
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
    subtitle = [{"text": "Song" if song else "Video"}, DOT, *artist_runs(top), DOT]
    subtitle += [album_run(top), DOT] if song and top.album else [{"text": f"{_views(top)} views"}, DOT]
    card = {
        "thumbnail": thumbnails(base, top.id),
        "title": {"runs": [{"text": top.title, "navigationEndpoint": watch(top.id, top.video_type)}]},
        "subtitle": {"runs": [*subtitle, {"text": clock(top.duration)}]},
        "onTap": watch(top.id, top.video_type),
        "header": {"musicCardShelfHeaderBasicRenderer": {"title": {"runs": [{"text": "Top result"}]}}},
        "buttons": [{"buttonRenderer": {"command": watch(top.id, top.video_type)}}],
        "menu": menu(top, None),
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
        link = browse(f"VL{playlist.id}", "MUSIC_PAGE_TYPE_PLAYLIST")
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
                    "title": {"runs": [{"text": playlist.title, "navigationEndpoint": link}]},
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
            "channelId": stable("UC", entry.artists[0]),
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
