#!/usr/bin/env bash
# Starts the Docker daemon where no service manager does, as root; waits until it answers.
set -euo pipefail

if docker info >/dev/null 2>&1; then exit 0; fi
if ! command -v dockerd >/dev/null; then
    echo "dockerd is not installed: apt-get install docker.io" >&2
    exit 3
fi
if [ "$(id -u)" != 0 ]; then
    echo "The Docker daemon does not answer: sudo service docker start" >&2
    exit 3
fi
log=${DOCKER_LOG:-/var/log/dockerd.log}
pid=/var/run/docker.pid
if [ -e "$pid" ] && ! kill -0 "$(cat "$pid")" 2>/dev/null; then rm -f "$pid"; fi
setsid nohup dockerd >"$log" 2>&1 </dev/null &
for _ in $(seq 120); do
    if docker info >/dev/null 2>&1; then exit 0; fi
    sleep 0.5
done
echo "The Docker daemon did not come up:" >&2
tail -20 "$log" >&2
exit 3
