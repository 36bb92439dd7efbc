"""What each key of linkgate.toml means: (table, key) -> its default with unit, and a sentence."""

from __future__ import annotations

SAMPLE = """
[store]
path = "store"
[decisions]
[shorteners]
report = true
[resolve]
contact = "abuse@example.test"
[notify]
command = "true"
[[list]]
name = "demo"
url = "https://lists.example/demo.csv"
"""
"""A configuration in which every table is read."""

DESCRIPTIONS: dict[tuple[str, str], tuple[str, str]] = {
    ("", "accept"): ("", '`entry-id = "reason"`: overrules the guard for one quarantined entry'),
    ("", "accounts"): ("", "what is counted of accounts; see [evidence](../evidence.md)"),
    ("", "cases"): ("", "decisions kept for a report; see [evidence](../evidence.md)"),
    ("", "decisions"): ("", "the record of matches; without it nothing is recorded"),
    ("", "dsa"): ("", "words for statements of reasons"),
    ("", "feedback"): ("", "what becomes of entries that reviewers call wrong"),
    ("", "list"): ("", "one table a list"),
    ("", "notify"): ("", "who is told when updates or lists fail, and of alarms"),
    ("", "reporter"): ("", "who reports"),
    ("", "resolve"): ("", "how short links are followed; see [short links](../shorteners.md)"),
    ("", "shorteners"): ("", "short links that no entry covers; see [short links](../shorteners.md)"),
    ("", "store"): ("", "the folder that holds lists and snapshots"),
    ("", "surfaces"): ("all on", "`name = false`: messages of this surface are not read"),
    ("", "surge"): ("", "the breaker: what flags too much falls to review"),
    ("store", "path"): ("`store`", "the folder, from that of linkgate.toml"),
    ("store", "history"): ("10 versions", "versions that are kept"),
    ("store", "key_env"): ("", "the environment variable with the key: the store is encrypted"),
    ("store", "key_file"): ("", "or the file with the key"),
    ("decisions", "path"): ("`decisions`", "the folder of the record"),
    ("decisions", "fsync"): ("`interval`", "`never`, `interval` (once a second) or `always` (with every match)"),
    ("decisions", "keep"): ("forever", 'days, as in `"90d"`; older ones are removed'),
    ("decisions", "max_size"): ("64MB", "size at which a new file is begun"),
    ("decisions", "text"): ("false", "whether the text of a message with a match is recorded"),
    ("decisions", "seal_key_env"): ("", "the environment variable with the key that signs the record"),
    ("decisions", "on_overturn"): ("", "a command that is told of an overturned decision"),
    ("shorteners", "report"): ("false", "verdicts name the short links that no entry covers; with the next update"),
    ("shorteners", "action"): ("`none`", "what such a link asks for: `log`, `review`, or `none`: it is counted alone"),
    ("shorteners", "surfaces"): ("that of all", '`{ private = "review" }`: what it asks for on a surface'),
    ("resolve", "contact"): ("", "an address of mail or of a page, sent with each request to a shortener"),
    ("resolve", "mode"): (
        "`hold`",
        "`hold`: who asks waits; `after`: a listed target is a late decision",
    ),
    ("resolve", "budget"): ("800ms", "with `hold`: how long is waited, 4 s at most"),
    ("resolve", "on_timeout"): ("`publish`", "with `hold`: `publish` or `review`, where there was no answer in time"),
    ("resolve", "on_failure"): ("`log`", "`log` or `review`: what a link asks for of which the resolver told nothing"),
    ("resolve", "on_late"): ("", "with `after`: a command that is told of a late decision on its stdin"),
    ("resolve", "webhook"): ("", "with `after`: an address to which a late decision is posted"),
    ("resolve", "credentials"): ("", "of the webhook, as those of a list"),
    ("notify", "command"): ("", "a command with its arguments; it gets JSON on stdin"),
    ("notify", "url"): ("", "a webhook; the same JSON is posted there"),
    ("notify", "credentials"): (
        "",
        "of the webhook, as those of a list: a header or a placeholder, from `env` or `file`",
    ),
    ("surge", "list_per_minute"): ("no limit", "messages a minute that one list may flag"),
    ("surge", "entry_per_minute"): ("no limit", "messages a minute that one entry may flag"),
    ("surge", "times_usual"): ("no limit", "times what is usual for the list, known after an hour"),
    ("surge", "least"): ("30 a minute", "below it, `times_usual` raises no alarm"),
    ("surge", "alarms"): ("`alarms.json` in the store", "the file of open alarms"),
    ("surge", "confirmed_for"): ("24h", "how long a confirmed alarm is not raised again"),
    ("list", "name"): ("", "letters, digits, dots and dashes, at most 64"),
    ("list", "url"): ("", "where it is; or `path`"),
    ("list", "path"): ("", "where it is; or `url`"),
    ("list", "format"): ("told by content", "one of the [formats](formats.md); or `preset`"),
    ("list", "preset"): ("", "the same as `format`"),
    ("list", "columns"): ("", 'where the parts stand: `{ url = "address" }`; or `fields`'),
    ("list", "fields"): ("", "the same as `columns`"),
    ("list", "kind"): ("`deny`", "`deny`; `allow`: what it names is not blocked; `guard`: popular hosts; `shorteners`"),
    ("list", "lifts"): ("false", "of an allow list: lifts pages, too"),
    ("list", "default_scope"): ("`host` for bare hosts", "scope of entries that say none"),
    ("list", "category"): ("", "category of entries that say none"),
    ("list", "actions"): ("block, block, review", "what `exact`, `nested` and `loose` ask for"),
    ("list", "shadow"): ("false", "decides and reports, never blocks"),
    ("list", "share"): ("100%", "acts on this part of the messages"),
    ("list", "surge"): ("that of `[surge]`", "limits of its own"),
    ("list", "interval"): ("no limit", "asked for no more often, as in `12h`"),
    ("list", "max_age"): ("no limit", "told when its publisher has not confirmed it for longer"),
    ("list", "max_shrink"): ("just under 50%", "a new file that has lost more is held back"),
    ("list", "max_growth"): ("no limit", "a new file that has gained more is held back"),
    ("list", "max_rejected"): ("just under 50%", "a file of which more lines cannot be read is held back"),
    ("list", "max_size"): ("no limit", "a larger file is not taken"),
    ("list", "timeout"): ("30s", "time without a byte"),
    ("list", "deadline"): ("10min", "time for the whole file, with all its tries"),
    ("list", "credentials"): ("", "a header or a placeholder, from `env` or `file`"),
    ("list", "ca_file"): ("those of the system", "the authorities to trust"),
    ("list", "allow_hosts"): ("", "where redirects may lead"),
    ("list", "checksum_url"): ("", "a file with the SHA-256"),
    ("list", "signature_url"): ("", "an Ed25519 or minisign signature over the whole file"),
    ("list", "public_key"): ("", "of the signature"),
    ("list", "delta"): ("", "where changes are published"),
    ("list.actions", "exact"): ("block", "`block`, `review` or `log`"),
    ("list.actions", "nested"): ("block", "the same"),
    ("list.actions", "loose"): ("review", "the same"),
    ("list.surge", "list_per_minute"): ("that of `[surge]`", "messages a minute that the list may flag"),
    ("list.surge", "entry_per_minute"): ("that of `[surge]`", "messages a minute that one of its entries may flag"),
    ("list.surge", "times_usual"): ("that of `[surge]`", "times what is usual for it"),
    ("list.surge", "least"): ("that of `[surge]`", "below it, `times_usual` raises no alarm"),
    ("list.credentials", "header"): ("", "the header that carries the secret"),
    ("list.credentials", "prefix"): ("", 'what stands before it, as in `"Bearer "`'),
    ("list.credentials", "placeholder"): ("", "or the place in the URL"),
    ("list.credentials", "env"): ("", "the environment variable with the secret"),
    ("list.credentials", "file"): ("", "or the file with it"),
    ("list.delta", "url"): ("", "`{since}` is filled in; or `path`"),
    ("list.delta", "path"): ("", "or `url`"),
    ("list.delta", "format"): ("that of the list", "the format of the changes"),
    ("list.delta", "columns"): ("those of the list", "where the parts stand"),
    ("list.delta", "fields"): ("", "the same as `columns`"),
    ("list.delta", "tombstone"): ("", "the column that marks what was taken off"),
    ("list.delta", "full_every"): ("", "how often the whole file is asked for, too"),
}
