"""Run in a sandbox: waits until an http URL answers below 500 or a tcp one takes a connection; else says why."""

import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

url, seconds = sys.argv[1], float(sys.argv[2])
deadline, last = time.monotonic() + seconds, "nothing listened"
while time.monotonic() < deadline:
    try:
        patience = max(0.1, deadline - time.monotonic())
        if url.startswith("tcp:"):
            socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(url).port or 0), patience).close()
        else:
            urllib.request.urlopen(url, timeout=patience)
        sys.exit(0)
    except urllib.error.HTTPError as error:
        if error.code < 500:
            sys.exit(0)
        last = f"the last answer was {error.code}"
    except OSError as error:
        last = f"the last try ended in {error}"
    time.sleep(0.03)
sys.exit(f"no good answer within {seconds:g} s ({last})")
