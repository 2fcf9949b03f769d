#!/bin/sh
# gencode-postgres PORT: serves PostgreSQL on loopback to the user gencode without a password, from a folder that is made
# when it is not there. For pods, whose loopback nobody else reaches.
set -eu
export PGDATA=${PGDATA:-/workspace/.postgres}
if [ ! -e "$PGDATA/PG_VERSION" ]; then
    initdb --username=gencode --auth=trust --encoding=UTF8 --no-sync >/dev/null
fi
exec postgres -h 127.0.0.1 -p "$1" -k /tmp -F
