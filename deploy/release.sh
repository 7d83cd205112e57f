#!/usr/bin/env bash
# Makes a release: the npm package with its bill of materials, or an image. Without --publish it builds everything and prints what it would publish.
#   deploy/release.sh package [--publish]
#   deploy/release.sh image cpu|gpu REGISTRY/NAME [--publish]
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
	sed -n '2,4p' "$0" >&2
	exit 2
}
publish=no
[ "${*: -1}" != --publish ] || { publish=yes; set -- "${@:1:$#-1}"; }
version=$(node -p "require('./package.json').version")
if [ "$publish" = yes ] && [ "${GITHUB_REF_NAME:-v$version}" != "v$version" ]; then
	echo "the tag $GITHUB_REF_NAME does not match the version in package.json, $version" >&2
	exit 1
fi
run() {
	if [ "$publish" = yes ]; then "$@"; else echo "would run: $*"; fi
}

case "${1:-}" in
	package)
		[ $# = 1 ] || usage
		mkdir -p dist/release
		npm run -s build
		npm pack --ignore-scripts --pack-destination dist/release
		npm sbom --omit=dev --sbom-format=cyclonedx > "dist/release/unmask-$version.cdx.json"
		(cd dist/release && sha256sum -- *-"$version".tgz "unmask-$version.cdx.json")
		run npm publish --provenance --access public "$(ls dist/release/*-"$version".tgz)"
		;;
	image)
		[ $# = 3 ] || usage
		target=$2 image=$3
		case "$target" in cpu | gpu) ;; *) usage ;; esac
		revision=$(git rev-parse HEAD)
		build=(docker build --target "$target" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --tag "$image:$version-$target" .)
		sbom=(docker build --target "sbom-$target" --output "dist/release/sbom-$target" .)
		if [ "$publish" = yes ] || docker info > /dev/null 2>&1; then
			"${build[@]}"
			"${sbom[@]}"
		else
			echo "no Docker engine here; would run: ${build[*]}"
			echo "would run: ${sbom[*]}"
		fi
		run docker push "$image:$version-$target"
		;;
	*) usage ;;
esac
