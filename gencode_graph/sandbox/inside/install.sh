# Run in a container with a network and an empty volume at /installs: installs once, whole or not at all.
# Each further argument is one command line.
set -eu
cd /installs
exec 9>.lock
flock 9
[ ! -e .done ] || exit 0
folder=$1
shift
rm -rf "$folder" .cache
for line in "$@"; do sh -c "$line"; done
rm -rf .cache
touch .done
