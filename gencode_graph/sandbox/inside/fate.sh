# Run in a sandbox: runs a server that ends with standard input, and so with whoever holds its other end, however that ends.
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
trap 'kill "$server" 2>/dev/null' TERM
(
    cat <&3 >/dev/null
    kill "$server" && sleep 1 && kill -KILL "$server"
) 2>/dev/null &
exec 3<&-
while :; do
    wait "$server"
    code=$?
    kill -0 "$server" 2>/dev/null || exit "$code" # else it was the signal that ended the wait
done
