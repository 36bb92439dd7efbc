"""An extension of python-threatexchange: listed URLs as signals, a linkgate store as an exchange.

Its own URL signal is the equality of strings; this one finds a listed page in a URL or in a message, however the
link is spelled, because linkgate does the matching. It comes with the extra `threatexchange`:

    threatexchange config extensions add linkgate.threatexchange
    threatexchange config collab edit linkgate_store --create Partner --store /srv/linkgate/store
    threatexchange fetch
    echo 'see hxxp://bad[.]example/page' | threatexchange match -S linkgate_url text -
    linkgate_url loose:repaired (Partner) POSITIVE_CLASS list:partner

On its disk lands which entries there are, and nothing from which an address could be read: the path of the
store, list names, entry ids, scopes and categories. The index is no copy of the lists either: it reads the
store's current version when it is first asked, and tells matches of entries that were fetched. Fetch again
after `linkgate lists update` to have new entries told. The key of an encrypted store is in LINKGATE_KEY.

Habits of the `threatexchange` command to know: it keeps what it is given on stdin or behind `--` as a file
in the temporary folder; a URL given as a file name it downloads, so give it `-` and write the URL to stdin,
which fetches nothing; and its own URL signals end it with an error at a URL that they cannot read, which
`-S linkgate_url` leaves out.
"""

from linkgate.extras import of_extra

with of_extra("threatexchange"):
    from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest

    from linkgate.threatexchange.exchange import LinkgateStoreAPI
    from linkgate.threatexchange.signals import LinkgateUrlSignal

__all__ = ["TX_MANIFEST", "LinkgateStoreAPI", "LinkgateUrlSignal"]

TX_MANIFEST = ThreatExchangeExtensionManifest(signal_types=(LinkgateUrlSignal,), apis=(LinkgateStoreAPI,))
"""What the `threatexchange` command looks for in an extension."""
