# Run in a sandbox: sh -c TEXT sh SECONDS COMMAND... tries the command until it succeeds; else says what it said last.
end=$(($(date +%s) + $1))
shift
until said=$("$@" 2>&1 </dev/null); do
    if [ "$(date +%s)" -ge "$end" ]; then
        echo "$1 did not succeed in time: $said"
        exit 1
    fi
    sleep 0.1
done
