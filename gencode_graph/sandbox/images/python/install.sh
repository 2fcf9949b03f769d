# Run as root while an image is built: the locked wheels into /opt/venv, by uv, which takes a fifth of pip's time.
set -eu
sh /opt/gencode/wheels.sh /tmp/uv /opt/gencode/uv/requirements.txt
python3 -m venv --without-pip /opt/venv
SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt /tmp/uv/bin/uv pip install --quiet --python /opt/venv --no-cache --no-config \
    --no-deps --require-hashes --only-binary :all: --compile-bytecode --requirement /opt/gencode/python/requirements.txt
rm -rf /tmp/uv
