"""url: canonical URLs, hosts, loose steps, public suffixes, Telegram's addresses."""
