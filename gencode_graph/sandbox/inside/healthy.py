"""Run in a sandbox: waits until a URL answers below 500; else says why and fails."""

import sys
import time
import urllib.error
import urllib.request

url, seconds = sys.argv[1], float(sys.argv[2])
deadline, last = time.monotonic() + seconds, "nothing listened"
while time.monotonic() < deadline:
    try:
        urllib.request.urlopen(url, timeout=max(0.1, deadline - time.monotonic()))
        sys.exit(0)
    except urllib.error.HTTPError as error:
        if error.code < 500:
            sys.exit(0)
        last = f"the last answer was {error.code}"
    except OSError as error:
        last = f"the last try ended in {error}"
    time.sleep(0.03)
sys.exit(f"no good answer within {seconds:g} s ({last})")
