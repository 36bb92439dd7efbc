"""Exports of platforms with a mark at each place that a poster fills: TEXT for what is shown, LINK for what is hidden.

Shapes as the platforms write them; of each that docs/archives.md names, one.
"""

from typing import Any

T, L = "TEXT", "LINK"

TELEGRAM_CHAT = {
    "name": "c",
    "type": "private_group",
    "id": 5,
    "messages": [
        {"id": 1, "type": "message", "date_unixtime": "1672922096", "text": T, "text_entities": []},
        {
            "id": 2,
            "type": "message",
            "date_unixtime": "1672922096",
            "text": ["a ", {"type": "text_link", "text": "here", "href": L}, T],
            "inline_bot_buttons": [[{"type": "url", "text": "Open", "data": L}]],
        },
        {"id": 3, "type": "message", "text": "", "poll": {"question": T, "answers": [{"text": T, "voters": 0}]}},
        {"id": 4, "type": "message", "text": "", "game_title": "g", "game_link": L},
        {"id": 5, "type": "service", "action": "edit_group_title", "title": T, "text": ""},
        {"id": 6, "type": "message", "text": "", "invoice_information": {"title": T, "description": T}},
    ],
}
TELEGRAM_ACCOUNT = {
    "about": "here is the data",
    "personal_information": {"first_name": "A", "bio": T},
    "contacts": {"about": "x", "list": [{"first_name": T, "phone_number": "1", "date_unixtime": "1672922096"}]},
    "chats": {
        "list": [
            {
                "type": "personal_chat",
                "id": 7,
                "name": "B",
                "messages": [{"id": 1, "type": "message", "date_unixtime": "1672922096", "text": T}],
                "draft_message": {"text": T},
            }
        ]
    },
}
DISCORD = {
    "guild": {"id": "1", "name": "g"},
    "channel": {"id": "2", "name": "c", "topic": T},
    "messages": [
        {
            "id": "10",
            "type": "Default",
            "timestamp": "2023-01-05T12:34:56+00:00",
            "content": T,
            "attachments": [{"id": "1", "url": L, "fileName": "a.png"}],
            "embeds": [
                {
                    "title": T,
                    "url": L,
                    "description": T,
                    "author": {"name": T, "url": L, "iconUrl": L},
                    "footer": {"text": T},
                    "thumbnail": {"url": L},
                    "image": {"url": L},
                    "video": {"url": L},
                    "fields": [{"name": T, "value": T}],
                }
            ],
            "stickers": [{"id": "1", "name": "s", "sourceUrl": L}],
        }
    ],
}
SLACK = [
    {
        "type": "message",
        "ts": "1672922096.000100",
        "user": "U1",
        "text": T,
        "attachments": [
            {"fallback": T, "pretext": T, "title": T, "title_link": L, "text": T, "image_url": L, "from_url": L}
        ],
        "blocks": [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": L}]}],
            },
            {"type": "section", "text": {"type": "mrkdwn", "text": T}, "accessory": {"type": "button", "url": L}},
            {"type": "image", "image_url": L, "alt_text": T},
        ],
        "files": [{"id": "F", "name": "a", "title": T, "url_private": L, "permalink": L}],
    },
    {"type": "message", "ts": "1672922097.000100", "user": "U1", "text": "see <LINK|here>"},
]
TWEETS = [
    {
        "tweet": {
            "id_str": "1",
            "created_at": "Thu Jan 05 12:34:56 +0000 2023",
            "full_text": T,
            "entities": {"urls": [{"url": "https://t.co/x", "expanded_url": L}], "media": [{"expanded_url": L}]},
            "extended_entities": {"media": [{"expanded_url": L, "media_url_https": L}]},
        }
    }
]
TWITTER_MESSAGES = [
    {
        "dmConversation": {
            "conversationId": "1-2",
            "messages": [
                {
                    "messageCreate": {
                        "id": "9",
                        "text": T,
                        "createdAt": "2023-01-05T12:34:56.000Z",
                        "mediaUrls": [L],
                        "urls": [{"url": "https://t.co/x", "expanded": L}],
                    }
                }
            ],
        }
    }
]
TWITTER_LIKES = [{"like": {"tweetId": "1", "fullText": T, "expandedUrl": L}}]
FACEBOOK = {
    "participants": [{"name": "A"}],
    "messages": [
        {"sender_name": "A", "timestamp_ms": 1672922096000, "content": T, "share": {"link": L, "share_text": T}},
        {"sender_name": "A", "timestamp_ms": 1672922096000, "share": {"link": L}},
    ],
    "title": "A",
}
FACEBOOK_POSTS = [
    {
        "timestamp": 1672922096,
        "title": T,
        "data": [{"post": T}],
        "attachments": [
            {"data": [{"external_context": {"name": T, "url": L}}, {"media": {"uri": "a.jpg", "description": T}}]}
        ],
    }
]
INSTAGRAM_COMMENTS = [
    {"media_list_data": [{"uri": ""}], "string_map_data": {"Comment": {"value": T}, "Time": {"timestamp": 1672922096}}}
]
INSTAGRAM_POSTS = [{"media": [{"uri": "a.jpg", "creation_timestamp": 1672922096, "title": T}], "title": T}]
MASTODON = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "outbox.json",
    "type": "OrderedCollection",
    "orderedItems": [
        {
            "id": "x/1/activity",
            "type": "Create",
            "published": "2023-01-05T12:34:56Z",
            "object": {
                "id": "x/1",
                "summary": T,
                "content": '<p>TEXT <a href="LINK">here</a></p>',
                "contentMap": {"en": T},
                "attachment": [{"type": "Document", "url": L, "name": T}],
                "tag": [{"type": "Hashtag", "href": L, "name": "#x"}],
            },
        },
        {"id": "x/2/activity", "type": "Announce", "published": "2023-01-05T12:34:56Z", "object": L},
    ],
}
BLUESKY_POST = {
    "$type": "app.bsky.feed.post",
    "text": T,
    "createdAt": "2023-01-05T12:34:56.000Z",
    "facets": [
        {
            "index": {"byteStart": 0, "byteEnd": 3},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": L}],
        }
    ],
    "embed": {
        "$type": "app.bsky.embed.external",
        "external": {"uri": L, "title": T, "description": T},
        "images": [{"alt": T}],
    },
}
BLUESKY_PROFILE = {"$type": "app.bsky.actor.profile", "displayName": T, "description": T}
MATRIX_SYNC = {
    "rooms": {
        "join": {
            "!a:example.test": {
                "timeline": {
                    "events": [
                        {
                            "type": "m.room.message",
                            "event_id": "$1",
                            "origin_server_ts": 1672922096000,
                            "content": {
                                "msgtype": "m.text",
                                "body": T,
                                "formatted_body": '<a href="LINK">TEXT</a>',
                                "m.new_content": {"body": T},
                            },
                        },
                        {
                            "type": "m.room.topic",
                            "event_id": "$2",
                            "origin_server_ts": 1672922096000,
                            "content": {"topic": T},
                        },
                    ]
                }
            }
        }
    }
}
MATRIX_EXPORT = {
    "room_name": "r",
    "topic": T,
    "messages": [
        {
            "type": "m.room.message",
            "event_id": "$1",
            "origin_server_ts": 1672922096000,
            "content": {"body": T, "formatted_body": '<a href="LINK">x</a>'},
        }
    ],
}
MATTERMOST = [
    {"type": "version", "version": 1},
    {"type": "team", "team": {"name": "t", "display_name": "T", "description": T}},
    {"type": "channel", "channel": {"team": "t", "name": "c", "header": T, "purpose": T}},
    {"type": "user", "user": {"username": "a", "position": T}},
    {
        "type": "post",
        "post": {
            "team": "t",
            "channel": "c",
            "user": "a",
            "message": T,
            "create_at": 1672922096000,
            "props": {"attachments": [{"title": T, "title_link": L, "text": T}]},
            "replies": [{"user": "b", "message": T, "create_at": 1672922097000}],
        },
    },
    {
        "type": "direct_post",
        "direct_post": {"channel_members": ["a", "b"], "user": "a", "message": T, "create_at": 1672922096000},
    },
]
REDDIT = {
    "kind": "Listing",
    "data": {
        "children": [
            {
                "kind": "t3",
                "data": {
                    "id": "a1",
                    "title": T,
                    "selftext": T,
                    "selftext_html": '<a href="LINK">x</a>',
                    "url": L,
                    "url_overridden_by_dest": L,
                    "created_utc": 1672922096.0,
                    "media_metadata": {"x": {"s": {"u": L}}},
                },
            },
            {
                "kind": "t1",
                "data": {
                    "id": "b1",
                    "body": T,
                    "body_html": '<a href="LINK">x</a>',
                    "created_utc": 1672922096.0,
                    "replies": {
                        "kind": "Listing",
                        "data": {"children": [{"kind": "t1", "data": {"id": "b2", "body": T, "created_utc": 1.0}}]},
                    },
                },
            },
        ]
    },
}
TIKTOK = {
    "Activity": {"Video Browsing History": {"VideoList": [{"Date": "2023-01-05 12:34:56", "Link": L}]}},
    "Comment": {"Comments": {"CommentsList": [{"date": "2023-01-05 12:34:56", "comment": T, "url": L}]}},
    "Direct Messages": {
        "Chat History": {
            "ChatHistory": {
                "Chat History with b:": [{"Date": "2023-01-05 12:34:56", "From": "a", "Content": T}],
                "Chat History with c:": [{"Date": "2023-01-05 12:34:57", "From": "a", "Content": T}],
            }
        }
    },
    "Profile": {"Profile Information": {"ProfileMap": {"bioDescription": T}}},
}
TUMBLR = [
    {
        "id": 1,
        "timestamp": 1672922096,
        "type": "text",
        "title": T,
        "body": '<p>TEXT <a href="LINK">x</a></p>',
        "source_url": L,
        "trail": [{"content_raw": '<a href="LINK">x</a>'}],
    },
    {"id": 2, "timestamp": 1672922096, "type": "link", "url": L, "description": T, "excerpt": T},
]
HANGOUTS = {
    "conversations": [
        {
            "conversation": {"id": {"id": "c"}},
            "events": [
                {
                    "event_id": "e1",
                    "timestamp": "1672922096000000",
                    "chat_message": {
                        "message_content": {
                            "segment": [
                                {"type": "TEXT", "text": "see "},
                                {"type": "LINK", "text": T, "link_data": {"link_target": L}},
                            ],
                            "attachment": [{"embed_item": {"plus_photo": {"url": L}}}],
                        }
                    },
                }
            ],
        }
    ]
}
SIGNAL: list[dict[str, Any]] = [
    {
        "id": "1",
        "type": "incoming",
        "sent_at": 1672922096000,
        "body": T,
        "preview": [{"url": L, "title": T, "description": T}],
        "quote": {"text": T},
        "bodyRanges": [],
    }
]
DOCUMENTS: dict[str, Any] = {
    "telegram chat": TELEGRAM_CHAT,
    "telegram account": TELEGRAM_ACCOUNT,
    "discord": DISCORD,
    "slack": SLACK,
    "facebook messages": FACEBOOK,
    "facebook posts": FACEBOOK_POSTS,
    "instagram comments": INSTAGRAM_COMMENTS,
    "instagram posts": INSTAGRAM_POSTS,
    "mastodon": MASTODON,
    "matrix sync": MATRIX_SYNC,
    "matrix export": MATRIX_EXPORT,
    "reddit": REDDIT,
    "tiktok": TIKTOK,
    "tumblr": TUMBLR,
    "hangouts": HANGOUTS,
    "signal": SIGNAL,
    "telegram without a type": {"name": "c", "messages": TELEGRAM_CHAT["messages"][:2]},  # type: ignore[index]
}
LINES: dict[str, list[Any]] = {
    "mattermost": MATTERMOST,
    "signal lines": SIGNAL,
    "bluesky lines": [BLUESKY_POST, BLUESKY_PROFILE],
    "bluesky firehose": [{"did": "did:plc:x", "commit": {"rkey": "r", "record": BLUESKY_POST}}],
    "pushshift": [each["data"] for each in REDDIT["data"]["children"]],  # type: ignore[index]
    "matrix events": MATRIX_SYNC["rooms"]["join"]["!a:example.test"]["timeline"]["events"],
}
TWITTER = {"tweets": TWEETS, "direct_messages": TWITTER_MESSAGES, "like": TWITTER_LIKES}
PAGES = {
    "messages.html": """<!DOCTYPE html><html><body><div class="page_wrap"><div class="history">
      <div class="message default clearfix" id="message10"><div class="body">
      <div class="pull_right date details" title="05.01.2023 13:34:56 UTC+01:00">13:34</div>
      <div class="text">TEXT <a href="LINK">here</a></div>
      <div class="media_wrap clearfix"><a class="media clearfix pull_left block_link" href="LINK">
      <div class="body"><div class="title bold">TEXT</div><div class="description">TEXT</div></div></a></div>
      <table class="bot_buttons_table"><tr><td><div class="bot_button"><a href="LINK">Open</a></div></td></tr></table>
      </div></div></div></div></body></html>""",
    "discord.html": """<!DOCTYPE html><html><body><div class=chatlog>
      <div id=chatlog__message-container-10 class=chatlog__message-container data-message-id=10>
      <div class=chatlog__message><div class="chatlog__content chatlog__markdown">TEXT <a href="LINK">here</a></div>
      <div class=chatlog__attachment><a href="LINK"><img src="LINK"></a></div>
      <div class=chatlog__embed><a class=chatlog__embed-author-link href="LINK">TEXT</a>
      <div class=chatlog__embed-title><a class=chatlog__embed-title-link href="LINK">TEXT</a></div>
      <div class=chatlog__embed-description>TEXT</div><span class=chatlog__embed-footer-text>TEXT</span></div>
      </div></div></div></body></html>""",
    "page.html": """<!doctype html><title>TEXT</title><p>TEXT <a href="LINK">here</a><img src="LINK" alt="x">
      <form action="LINK"><button formaction="LINK">b</button></form><iframe src="LINK"></iframe><video poster="LINK">
      """,
    "chat.csv": "AuthorID,Author,Date,Content,Attachments,Reactions\n"
    '"1","Ann","2023-01-05T12:34:56.0000000+00:00","TEXT","LINK,LINK",""\n',
    "_chat.txt": "[05/01/2023, 12:34:56] Ann: TEXT\nTEXT\n[05/01/2023, 12:35:56] Bob: LINK\n",
    "Posts.xml": '<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
    '  <row Id="4" CreationDate="2023-01-05T12:34:56.000" Title="TEXT"'
    ' Body="&lt;p&gt;TEXT &lt;a href=&quot;LINK&quot;&gt;here&lt;/a&gt;" />\n</posts>\n',
    "sms.xml": "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"2\">\n"
    '  <sms protocol="0" address="1" date="1672922096000" type="1" subject="TEXT" body="TEXT" />\n'
    '  <mms date="1672922096000" sub="TEXT"><parts><part seq="0" ct="text/plain" text="TEXT" /></parts></mms>\n'
    "</smses>\n",
    "a.eml": "From: a@b.example\nSubject: TEXT\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"
    "--x\nContent-Type: text/plain\n\nTEXT\n--x\nContent-Type: text/html\n\n"
    '<p>TEXT <a href="LINK">here</a><img src="LINK"></p>\n--x--\n',
    "a.mbox": "From a@b.example Thu Jan  1 00:00:00 2015\nSubject: TEXT\n\nTEXT\n\n"
    'From a@b.example Thu Jan  1 00:00:00 2015\nSubject: x\nContent-Type: text/html\n\n<a href="LINK">TEXT</a>\n',
    "a.txt": "TEXT\nLINK\n",
    "a.tsv": "id\ttitle\ttext\turl\n1\tTEXT\tTEXT\tLINK\n",
    "a.csv": "id,title,body,url\n1,TEXT,TEXT,LINK\n",
}
