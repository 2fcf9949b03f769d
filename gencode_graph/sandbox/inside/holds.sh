# Run in an image that was built: says which programs it holds, with their versions, on one line.
hold() {
    name=$1
    shift
    command -v "$1" >/dev/null || return 0
    version=$("$@" 2>&1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -1)
    [ -n "$version" ] || return 0
    printf '%s%s %s' "$between" "$name" "$version"
    between=', '
}
between=
hold Python python3 --version
hold pytest pytest --version
hold Ruff ruff --version
hold mypy mypy --version
hold uv uv --version
hold Node.js node --version
hold TypeScript tsc --version
hold Vite vite --version
hold Vitest vitest --version
hold git git --version
hold Chromium chromium-headless-shell --version
hold Java javac -version
hold JUnit dpkg-query -W -f '${Version}' junit5
hold Go go version
hold Mono mono --version
hold .NET dotnet --version
hold NUnit dpkg-query -W -f '${Version}' nunit-console
hold PostgreSQL postgres --version
echo
