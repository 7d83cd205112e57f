#!/usr/bin/env bash
# deploy/up.sh PROJECT REGION [options]: deploys Unmask to Google Cloud, or updates it there. See deploy/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
	cat <<'USAGE'
deploy/up.sh PROJECT REGION [options]

  --dry-run            print every command and change nothing; needs neither gcloud nor docker
  --cpu                run the service on CPUs instead of an NVIDIA L4
  --public             anyone may call it (default: only holders of the role roles/run.invoker)
  --key-hashes LIST    require an API key: the SHA-256 digests of the keys, comma-separated
  --site SITE          also deploy the page to this Firebase Hosting site
  --tag TAG            tag of the images (default: the commit)
  --no-build           use images that are already in the registry
  --out DIR            folder for the filled-in files (default: a temporary one)
USAGE
}

project='' region='' dry='' variant=gpu public='' key_hashes='' site='' tag='' build=1 out=''
while [ $# -gt 0 ]; do
	case $1 in
	--dry-run) dry=1 ;;
	--cpu) variant=cpu ;;
	--public) public=1 ;;
	--key-hashes) key_hashes=${2:?--key-hashes takes a list} && shift ;;
	--site) site=${2:?--site takes a name} && shift ;;
	--tag) tag=${2:?--tag takes a name} && shift ;;
	--no-build) build='' ;;
	--out) out=${2:?--out takes a folder} && shift ;;
	--help | -h) usage && exit 0 ;;
	-*) echo "unknown option $1" >&2 && usage >&2 && exit 2 ;;
	*) if [ -z "$project" ]; then project=$1; elif [ -z "$region" ]; then region=$1; else usage >&2 && exit 2; fi ;;
	esac
	shift
done
if [ -z "$project" ] || [ -z "$region" ]; then usage >&2 && exit 2; fi
[[ $project =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] || { echo "$project is not a project id" >&2 && exit 2; }
[[ $region =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || { echo "$region is not a region such as europe-west4" >&2 && exit 2; }
[[ $key_hashes =~ ^([0-9a-f]{64}(,[0-9a-f]{64})*)?$ ]] || { echo 'digests have 64 hexadecimal digits' >&2 && exit 2; }

tag=${tag:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo latest)}
registry=$region-docker.pkg.dev/$project/unmask
uploads=$project-unmask-uploads results=$project-unmask-results
account=unmask-run@$project.iam.gserviceaccount.com caller=unmask-trigger@$project.iam.gserviceaccount.com
origins=${site:+https://$site.web.app}
out=${out:-$(mktemp -d)}
mkdir -p "$out"

exec 3>&1
say() { printf '\n# %s\n' "$*"; }
# Prints a command and runs it, unless this is a dry run.
run() {
	printf '%q ' "$@" && echo
	[ -n "$dry" ] || "$@"
}
# The same for what may exist already: a failure is reported, and the script goes on.
ensure() {
	printf '%q ' "$@" && echo
	[ -n "$dry" ] || "$@" || echo '# (exists already, or see the message above)'
}
# Prints the output of a command; in a dry run, the text given first instead.
ask() {
	local instead=$1 && shift
	if [ -n "$dry" ]; then
		printf '%q ' "$@" >&3 && echo >&3
		echo "$instead"
	else
		"$@"
	fi
}
# Fills in the ${...} of a file and prints the path of the result.
fill() {
	local to=$out/${1##*/}
	sed -e "s|\${IMAGE_GPU}|$registry/unmask-gpu:$tag|g" -e "s|\${IMAGE_CPU}|$registry/unmask-cpu:$tag|g" \
		-e "s|\${REGION}|$region|g" -e "s|\${ACCOUNT}|$account|g" -e "s|\${UPLOADS}|$uploads|g" \
		-e "s|\${RESULTS}|$results|g" -e "s|\${ORIGINS}|'$origins'|g" -e "s|\${KEY_HASHES}|'$key_hashes'|g" \
		-e "s|\${ORIGIN}|${page_origins:-}|g" "$1" >"$to"
	echo "$to"
}

say 'Enable the Google Cloud services'
run gcloud services enable --project "$project" run.googleapis.com artifactregistry.googleapis.com cloudbuild.googleapis.com \
	storage.googleapis.com eventarc.googleapis.com pubsub.googleapis.com iamcredentials.googleapis.com

say 'Build the images (events and batches always run on CPUs)'
targets=cpu
[ "$variant" = cpu ] || targets='cpu gpu'
if [ -n "$build" ]; then
	ensure gcloud artifacts repositories create unmask --project "$project" --location "$region" --repository-format docker
	run gcloud builds submit . --project "$project" --region "$region" --config deploy/cloud-build.yaml \
		--substitutions "_REGISTRY=$registry,_TAG=$tag,_TARGETS=$targets"
fi

say 'Create the buckets: not public, and deleted objects are gone'
for bucket in "$uploads" "$results"; do
	ensure gcloud storage buckets create "gs://$bucket" --project "$project" --location "$region" \
		--uniform-bucket-level-access --public-access-prevention --soft-delete-duration 0
done
run gcloud storage buckets update "gs://$uploads" --lifecycle-file deploy/buckets/lifecycle-uploads.json
run gcloud storage buckets update "gs://$results" --lifecycle-file deploy/buckets/lifecycle-results.json

say 'Create the service accounts: access to the two buckets, and signing of upload addresses'
ensure gcloud iam service-accounts create unmask-run --project "$project" --display-name 'Unmask: services and jobs'
ensure gcloud iam service-accounts create unmask-trigger --project "$project" --display-name 'Unmask: calls the event service'
for bucket in "$uploads" "$results"; do
	run gcloud storage buckets add-iam-policy-binding "gs://$bucket" --member "serviceAccount:$account" --role roles/storage.objectUser
done
run gcloud iam service-accounts add-iam-policy-binding "$account" --project "$project" \
	--member "serviceAccount:$account" --role roles/iam.serviceAccountTokenCreator

say 'Deploy the service: page and API'
deploy_service() {
	run gcloud run services replace "$(fill "$1")" --project "$project" --region "$region"
}
deploy_service "deploy/cloud-run/service-$variant.yaml"
if [ -n "$public" ]; then
	run gcloud run services add-iam-policy-binding unmask --project "$project" --region "$region" --member allUsers --role roles/run.invoker
fi
url=$(ask "https://unmask-$project.$region.run.app" gcloud run services describe unmask --project "$project" --region "$region" --format 'value(status.url)')

say 'Allow the pages to send uploads to the bucket'
page_origins=$url${origins:+\", \"$origins}
run gcloud storage buckets update "gs://$uploads" --cors-file "$(fill deploy/buckets/cors-uploads.json)"

say 'Deploy the event service: it analyses files that reach the uploads bucket by other ways than the page'
deploy_service deploy/cloud-run/events.yaml
run gcloud run services add-iam-policy-binding unmask-events --project "$project" --region "$region" \
	--member "serviceAccount:$caller" --role roles/run.invoker
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$caller" --role roles/eventarc.eventReceiver --condition None
storage_agent=$(ask "service-PROJECT_NUMBER@gs-project-accounts.iam.gserviceaccount.com" gcloud storage service-agent --project "$project")
run gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$storage_agent" --role roles/pubsub.publisher --condition None
ensure gcloud eventarc triggers create unmask-uploads --project "$project" --location "$region" \
	--event-filters type=google.cloud.storage.object.v1.finalized --event-filters "bucket=$uploads" \
	--destination-run-service unmask-events --destination-run-region "$region" --service-account "$caller"

say 'Create the batch job; gcloud run jobs execute unmask-batch starts it'
run gcloud run jobs replace "$(fill deploy/cloud-run/batch.yaml)" --project "$project" --region "$region"

if [ -n "$site" ]; then
	say 'Deploy the page to Firebase Hosting, with its headers'
	run npm ci
	run node deploy/write-hosting.mjs "$url" "$out/hosting"
	run npx --yes firebase-tools deploy --project "$project" --only "hosting:$site" --config "$out/hosting/firebase.json"
fi

say 'Check that it works'
if [ -n "$key_hashes" ]; then
	echo "node deploy/smoke.mjs $url --key KEY  # with one of your keys, which this script does not know"
elif [ -n "$public" ]; then
	run node deploy/smoke.mjs "$url"
else
	run node deploy/smoke.mjs "$url" --token "$(ask TOKEN gcloud auth print-identity-token)"
fi
say "Unmask is at ${origins:-$url}"
