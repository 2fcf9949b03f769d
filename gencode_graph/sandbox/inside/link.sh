# Run in a sandbox: makes $2 stand for the installed folder $1. node_modules is a folder of links, as tools write to it.
set -eu
mkdir -p "${2%/*}"
case $2 in
*/node_modules) ;;
*)
    ln -sfn "$1" "$2"
    exit 0
    ;;
esac
rm -rf "$2"
mkdir "$2"
for entry in "$1"/* "$1"/.bin; do
    name=${entry##*/}
    case $name in
    @*)
        mkdir "$2/$name"
        ln -s "$entry"/* "$2/$name/"
        ;;
    *) ln -s "$entry" "$2/$name" ;;
    esac
done
