"""What each key of linkgate.toml means: (table, key) -> its default with unit, and a sentence."""

from __future__ import annotations

SAMPLE = """
[store]
path = "store"
[decisions]
[notify]
command = "true"
[accounts]
key_env = "ACCOUNTS_KEY"
keep = "30d"
repeat = {}
[cases]
[feedback]
wrong = {}
[reporter.contact]
[reporter.coop]
reporter_type = "x"
reporter_id = "x"
item_type = "x"
[dsa.category.csam]
legal_ground = "x"
explanation = "x"
[shorteners]
report = true
[resolve]
contact = "abuse@example.test"
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
    ("store", "path"): ('`"store"`', "the folder, from that of linkgate.toml"),
    ("store", "history"): ("`10`", "versions that are kept, at most a thousand"),
    ("store", "key_env"): ("", "the environment variable with the key: the store is encrypted"),
    ("store", "key_file"): ("", "or the file with the key"),
    ("decisions", "path"): ('`"decisions"`', "the folder of the record"),
    ("decisions", "fsync"): ('`"interval"`', "`never`, `interval` (once a second) or `always` (with every match)"),
    ("decisions", "keep"): ('`"90d"`', 'days after which a record is removed, or `"forever"`'),
    ("decisions", "max_size"): ('`"64MB"`', "size at which a new file is begun"),
    ("decisions", "text"): ("`false`", "whether the text of a message with a match is recorded"),
    ("decisions", "seal_key_env"): ("", "the environment variable with the key that signs the record"),
    ("decisions", "on_overturn"): ("", "a command that is told of an overturned decision"),
    ("shorteners", "report"): ("`false`", "verdicts name the short links that no entry covers; with the next update"),
    ("shorteners", "action"): (
        '`"none"`',
        "what such a link asks for: `log`, `review`, or `none`: it is counted alone",
    ),
    ("shorteners", "surfaces"): ("that of all", '`{ private = "review" }`: what it asks for on a surface'),
    ("resolve", "contact"): ("", "an address of mail or of a page, sent with each request to a shortener"),
    ("resolve", "mode"): (
        '`"hold"`',
        "`hold`: who asks waits; `after`: a listed target is a late decision",
    ),
    ("resolve", "budget"): ('`"800ms"`', "with `hold`: how long is waited, 4 s at most"),
    ("resolve", "on_timeout"): ('`"publish"`', "with `hold`: `publish` or `review`, where there was no answer in time"),
    ("resolve", "on_failure"): (
        '`"log"`',
        "`log` or `review`: what a link asks for of which the resolver told nothing",
    ),
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
    ("surge", "least"): ("`30`", "messages a minute; below it, `times_usual` raises no alarm"),
    ("surge", "alarms"): ("`alarms.json` in the store", "the file of open alarms"),
    ("surge", "confirmed_for"): ('`"24h"`', "how long a confirmed alarm is not raised again"),
    ("list", "name"): ("", "letters, digits, dots and dashes, at most 64"),
    ("list", "url"): ("", "where it is; or `path`"),
    ("list", "path"): ("", "where it is; or `url`"),
    ("list", "format"): ("told by content", "one of the [formats](formats.md); or `preset`"),
    ("list", "preset"): ("", "the same as `format`"),
    ("list", "columns"): ("", 'where the parts stand: `{ url = "address" }`; or `fields`'),
    ("list", "fields"): ("", "the same as `columns`"),
    ("list", "kind"): (
        '`"deny"`',
        "`deny`; `allow`: what it names is not blocked; `guard`: popular hosts; `shorteners`",
    ),
    ("list", "lifts"): ("`false`", "of an allow list: lifts pages, too"),
    ("list", "default_scope"): ("`host` for bare hosts", "scope of entries that say none"),
    ("list", "type"): ("", "of the list's digests: `md5`, `sha1`, `sha256` or `pdq`; see [files](../digests.md)"),
    ("list", "distance"): ("31 bits", "in how many bits a picture may differ from a PDQ value of the list, up to 64"),
    ("list", "category"): ("", "category of entries that say none"),
    ("list", "actions"): ("block, block, review, review", "what `exact`, `nested`, `loose` and `near` ask for"),
    ("list", "shadow"): ("`false`", "decides and reports, never blocks"),
    ("list", "share"): ('`"100%"`', "acts on this part of the messages"),
    ("list", "share_hits"): ("`false`", "its publisher may be told how often its entries matched (`feedback hits`)"),
    ("list", "surge"): ("that of `[surge]`", "limits of its own"),
    ("list", "interval"): ("no limit", "asked for no more often, as in `12h`"),
    ("list", "max_age"): ("no limit", "told when its publisher has not confirmed it for longer"),
    ("list", "max_shrink"): ("just under 50%", "a new file that has lost more is held back"),
    ("list", "max_growth"): ("no limit", "a new file that has gained more is held back"),
    ("list", "max_rejected"): ("just under 50%", "a file of which more lines cannot be read is held back"),
    ("list", "max_size"): ("no limit", "a larger file is not taken"),
    ("list", "timeout"): ('`"30s"`', "time without a byte"),
    ("list", "deadline"): ('`"10min"`', "time for the whole file, with all its tries"),
    ("list", "credentials"): ("", "a header or a placeholder, from `env` or `file`"),
    ("list", "ca_file"): ("those of the system", "the authorities to trust"),
    ("list", "allow_hosts"): ("", "where redirects may lead"),
    ("list", "checksum_url"): ("", "a file with the SHA-256"),
    ("list", "signature_url"): ("", "an Ed25519 or minisign signature over the whole file"),
    ("list", "public_key"): ("", "of the signature"),
    ("list", "delta"): ("", "where changes are published"),
    ("list.actions", "exact"): ('`"block"`', "`block`, `review` or `log`"),
    ("list.actions", "nested"): ('`"block"`', "the same"),
    ("list.actions", "loose"): ('`"review"`', "the same"),
    ("list.actions", "near"): ('`"review"`', "the same, for pictures that look like a listed one"),
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
    ("accounts", "keep"): ("", 'needed: days for which it is kept who posted, as in `"30d"`, a year at most'),
    ("accounts", "key_env"): ("", "needed: the environment variable with the key that guards the pseudonyms"),
    ("accounts", "on_repeat"): ("", "a command that is told of an account that repeats"),
    ("accounts", "repeat"): ("", "what a repeat is"),
    ("accounts.repeat", "messages"): ("`3`", "so many messages of one account"),
    ("accounts.repeat", "entries"): ("`2`", "with so many different entries"),
    ("accounts.repeat", "within"): ('`"24h"`', "within this time, a week at most"),
    ("cases", "path"): ('`"cases"`', "the folder of the cases"),
    ("cases", "key_env"): ("the key of the store", "the environment variable with the key that encrypts them"),
    ("cases", "capture"): (
        '`"none"`',
        "what is kept of a message, encrypted: `none`, its `link` or the whole `message`",
    ),
    ("cases", "capture_for"): ('`"7d"`', "for how long, in days or years"),
    ("cases", "hold"): ("until released", "how long a case is held from its opening, in days or years"),
    ("feedback", "wrong"): ("", "when an entry that people call wrong asks for less"),
    ("feedback.wrong", "after"): ("`2`", "after so many opinions"),
    ("feedback.wrong", "by"): ("`2`", "by so many people"),
    ("feedback.wrong", "action"): ('`"review"`', "what it asks for at most: `review` or `log`"),
    ("reporter", "organisation"): ("", "the name of who reports"),
    ("reporter", "service"): ("", "the service that the messages stand on"),
    ("reporter", "first_name"): ("", "of the person who reports"),
    ("reporter", "last_name"): ("", "of the person who reports"),
    ("reporter", "email"): ("", "of the person who reports"),
    ("reporter", "terms"): ("", "what the terms of service say"),
    ("reporter", "legal_url"): ("", "where the legal pages are"),
    ("reporter", "company_template"): ("", "the name of the company's template at the authority"),
    ("reporter", "incident_types"): ("", '`category = "type"`: the authority\'s word for a category of a list'),
    ("reporter", "contact"): ("", "whom law enforcement may ask"),
    ("reporter", "coop"): ("", "how Coop knows who reports, and what"),
    ("reporter.contact", "first_name"): ("", ""),
    ("reporter.contact", "last_name"): ("", ""),
    ("reporter.contact", "email"): ("", ""),
    ("reporter.contact", "phone"): ("", ""),
    ("reporter.coop", "reporter_type"): ("", "needed: the id of its item type for who reports"),
    ("reporter.coop", "reporter_id"): ("", "needed: who reports"),
    ("reporter.coop", "item_type"): ("", "needed: the id of its item type for what is reported"),
    ("reporter.coop", "policy"): ("", "the id of a policy"),
    ("reporter.coop", "text_field"): ("", "the field of the item type for the text"),
    ("reporter.coop", "links_field"): ("", "the field for URLs"),
    ("reporter.coop", "time_field"): ("", "the field for the time"),
    ("reporter.coop", "csam"): ('`["csam"]`', "categories whose messages go to the queue for NCMEC"),
    ("dsa", "category"): ("", "`[dsa.category.NAME]`: a template for a category of a list, or `default`"),
    ("dsa.category", "csam"): ("", "a category of your lists; so for each of them"),
    ("dsa.category.csam", "legal_ground"): ("", "needed: the law, or the terms"),
    ("dsa.category.csam", "explanation"): ("", "needed: why the content falls under it"),
    ("dsa.category.csam", "ground"): ('`"illegal"`', "`illegal`, or `terms`"),
    ("dsa.category.csam", "category"): ('`"STATEMENT_CATEGORY_PROTECTION_OF_MINORS"`', "the database's word"),
    ("dsa.category.csam", "keywords"): ('`["KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"]`', "the database's words"),
    ("dsa.category.csam", "facts"): ("a sentence", "what was relied on"),
    ("dsa.category.csam", "visibility"): ('`"DECISION_VISIBILITY_CONTENT_DISABLED"`', "what became of the content"),
    ("dsa.category.csam", "content_type"): ('`"CONTENT_TYPE_TEXT"`', "the database's word"),
    ("dsa.category.csam", "content_language"): ("", "two letters"),
    ("dsa.category.csam", "territory"): ("", "countries, by two letters"),
    ("dsa.category.csam", "source"): ('`"SOURCE_VOLUNTARY"`', "who pointed it out"),
    ("dsa.category.csam", "source_identity"): ("", "their name"),
}

PARTS: dict[str, str] = {
    "url": "the address; all other parts may be missing",
    "scope": "page, prefix, host, domain or brand",
    "id": "the publisher's id of the entry",
    "category": "what it is listed for",
    "added": "when it came onto the list",
    "expires": "until when it counts: a day, which ends with it in UTC, or a time",
    "note": "of an allow entry: why it stands",
    "allow": "yes: the entry lifts what the list lists",
    "lifts": "yes: an allow entry lifts listed pages, too",
    "digest": "of a file; in a list of digests, in place of the address",
    "type": "of the digest: md5, sha1, sha256 or pdq",
    "quality": "of a PDQ value, from 0 to 100",
    "doubt": "why its publisher is not sure of a digest",
    "kind": "the type of an indicator; those that are no web addresses are skipped",
    "active": "no, inactive, revoked and the like: the entry is skipped",
}
"""What each part of `columns` means."""
