# Run as root while an image is built: prepare.sh PROGRAM:PACKAGE,PACKAGE ...
# Installs the packages of each program that the base image lacks, trusts the extra root certificates, and makes the user
# 10001 with its folders. In place of a program there may be a file's absolute path, or import=MODULE for Python.
set -eu
export DEBIAN_FRONTEND=noninteractive

packages=
for pair in update-ca-certificates:ca-certificates "$@"; do
    case $pair in
    /*) [ -e "${pair%%:*}" ] && continue ;;
    import=*) module=${pair%%:*} && python3 -c "import ${module#*=}" 2>/dev/null && continue ;;
    *) command -v "${pair%%:*}" >/dev/null && continue ;;
    esac
    packages="$packages,${pair#*:}"
done
if [ -n "$packages" ]; then
    echo "Installing$(echo "$packages" | tr , ' ')"
    mkdir -p /usr/share/man/man1 # some packages fail without
    apt-get update -qq
    # shellcheck disable=SC2046
    apt-get install -y -qq --no-install-recommends \
        -o DPkg::Options::=--force-unsafe-io -o DPkg::Options::=--path-exclude='/usr/share/doc/*' \
        -o DPkg::Options::=--path-include='/usr/share/doc/*/copyright' -o DPkg::Options::=--path-exclude='/usr/share/man/*' \
        -o DPkg::Options::=--path-exclude='/usr/share/locale/*' -o Dpkg::Use-Pty=0 $(echo "$packages" | tr , ' ') >/tmp/apt.log 2>&1 ||
        { tail -30 /tmp/apt.log; exit 1; }
    rm -rf /var/lib/apt/lists/* /var/cache/apt/* /tmp/apt.log
fi

mkdir -p /usr/local/share/ca-certificates/gencode
for certificate in /opt/gencode/ca/*.crt; do
    if [ -e "$certificate" ]; then cp "$certificate" /usr/local/share/ca-certificates/gencode/; fi
done
update-ca-certificates >/dev/null

getent group 10001 >/dev/null || groupadd -g 10001 app
getent passwd 10001 >/dev/null || useradd -u 10001 -g 10001 -M -d /home/app -s /bin/sh app
mkdir -p /workspace /installs /home/app
chown 10001:10001 /workspace /installs /home/app
