vcl 4.1;

# Varnish before Khobor: drops what a change makes stale by the keys of its answers (package varnish-modules), as soon as a
# webhook of the type `varnish` tells it to.

import std;
import xkey;

backend khobor {
    .host = "127.0.0.1";
    .port = "3000";
    .probe = { .url = "/readyz"; .interval = 1s; .timeout = 2s; .window = 3; .threshold = 2; }
}

# From where Khobor sends: its API, or its worker.
acl purgers {
    "127.0.0.1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not from here"));
        }
        if (!req.http.xkey-purge) {
            return (synth(400, "Name keys in xkey-purge"));
        }
        set req.http.gone = xkey.purge(req.http.xkey-purge);
        return (synth(200, "Purged " + req.http.gone));
    }
    # Readers have no business elsewhere, as at /metrics.
    if (req.url !~ "^/($|\?|v1/|docs|openapi\.|livez|readyz|\.well-known/)") {
        return (synth(404));
    }
    # The API reads none, and what has one is not looked up.
    unset req.http.Cookie;
    # What is a little too old is served while it is fetched anew: what has changed was purged. While the API is away,
    # it is served for as long as vcl_backend_response says.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.grace = 60s;
    set beresp.keep = 60s;
}

sub vcl_deliver {
    unset resp.http.xkey;
}
