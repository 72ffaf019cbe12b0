#!/usr/bin/env bash
# Checks docker-compose.yml for real: builds, starts all but Kibana, feeds the local newsroom, waits until every article
# is found, stops everything, starts again, and compares. Nothing may be lost, nothing doubled.
#
#   KABAR_SEARCH_SECURITY=off   for an Elasticsearch without security
#   KEEP=1                      leaves the containers for a look
#
# It uses a project, volumes and secrets of its own; the operator's .env and data are not touched.
set -euo pipefail
cd "$(dirname "$0")/../.."
project=${PROJECT:-kabar-check}
patience=${PATIENCE:-300}  # seconds for every article to be found
services=(beat worker-io worker-cpu worker-index)
work=$(mktemp -d)
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
fail() { say "FAILED: $*"; compose ps -a; compose logs --no-color --tail 40; exit 1; }
compose() { docker compose -p "$project" --env-file "$work/.env" -f docker-compose.yml -f "$work/override.yml" "$@"; }
finish() {
  status=$?
  if [ "${KEEP:-}" = 1 ]; then say "kept: project $project, files in $work"; exit $status; fi
  compose down --volumes --timeout 20 >/dev/null 2>&1 || true
  rm -rf "$work"
  exit $status
}
trap finish EXIT

# The newsroom shares worker-io's network: it is reached on a loopback that only these two see.
prepare() {
  cp Makefile .env.example "$work"
  make --no-print-directory -C "$work" env
  cat >>"$work/.env" <<END
ELASTICSEARCH_PORT=${ELASTICSEARCH_PORT:-29200}
ELASTICSEARCH_HEAP=512m
KABAR_RESOLVE=*.newsroom.test=127.0.0.1:8080
KABAR_ALLOW_ADDRESSES=127.0.0.0/8
END
  cp -r config "$work/config"
  echo 'feeds = []' >"$work/config/feeds.toml"
  chmod -R a+rX "$work/config" && chmod a+x "$work"
  {
    echo 'services:'
    for one in setup "${services[@]}"; do printf '  %s:\n    volumes: ["%s/config:/app/config:ro"]\n' "$one" "$work"; done
    printf '  newsroom:\n    image: ${KABAR_IMAGE:-kabar:local}\n    network_mode: "service:worker-io"\n'
    printf '    command: ["newsroom", "--port", "8080", "--sites", "3"]\n    tmpfs: ["/tmp"]\n    init: true\n'
  } >"$work/override.yml"
}

from_newsroom() {
  compose exec -T newsroom python -c "import sys, urllib.request as u; sys.stdout.write(u.urlopen('http://127.0.0.1:8080$1', timeout=10).read().decode())"
}

await_newsroom() {
  local began=$SECONDS
  until from_newsroom / >/dev/null 2>&1; do
    [ $((SECONDS - began)) -lt 60 ] || fail "the newsroom does not answer"
    sleep 1
  done
}

documents() { compose exec -T worker-index kabar index stats --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["documents"])'; }

# Every id with its version and content: equal texts mean equal stores.
fingerprint() {
  compose exec -T worker-index python -c '
import hashlib
from workers.model import Query, encode
from workers.runtime.bootstrap import build_store
from workers.runtime.settings import load
store = build_store(load())
store.refresh()
hits = store.search(Query(limit=1000)).hits
found = store.get([hit.id for hit in hits])
print(len(found), hashlib.blake2b(b"".join(encode(found[key]) for key in sorted(found)), digest_size=8).hexdigest())'
}

await_documents() {
  local began=$SECONDS have=0
  until [ "$have" = "$1" ]; do
    [ $((SECONDS - began)) -lt "$patience" ] || fail "$have of $1 articles after $patience s"
    sleep 3
    have=$(documents || echo 0)
  done
  say "$have of $1 articles found after $((SECONDS - began)) s"
}

await_health() {
  local began=$SECONDS one state
  for one in "${services[@]}"; do
    until state=$(docker inspect --format '{{.State.Health.Status}} {{.RestartCount}}' "$(compose ps -q "$one")") && [ "$state" = "healthy 0" ]; do
      [ $((SECONDS - began)) -lt 240 ] || fail "$one is $state"
      sleep 3
    done
  done
  say "healthy: ${services[*]}"
}

stop_cleanly() {
  local began=$SECONDS one code
  compose stop >/dev/null 2>&1
  say "stopped in $((SECONDS - began)) s"
  for one in redis elasticsearch "${services[@]}"; do
    code=$(docker inspect --format '{{.State.ExitCode}}' "$(compose ps -aq "$one")")
    say "  $one ended with $code"
    case $one:$code in *:0 | elasticsearch:143) ;; *) fail "$one did not stop cleanly" ;; esac
  done
  compose down >/dev/null 2>&1
}

prepare
say "building"
compose build --quiet
say "starting"
compose up --detach "${services[@]}" newsroom 2>&1 | tail -3
await_newsroom
from_newsroom /feeds.toml >"$work/config/feeds.toml"
wanted=$(from_newsroom /_control/truth | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')
compose run --rm -T setup setup feeds
await_documents "$wanted"
await_health
before=$(fingerprint)
docker stats --no-stream --format '  {{.Name}}  {{.MemUsage}}' $(compose ps -q)
stop_cleanly
say "starting again"
compose up --detach "${services[@]}" newsroom 2>&1 | tail -3
await_health
after=$(fingerprint)
[ "$before" = "$after" ] || fail "before: $before, after: $after"
compose exec -T worker-index kabar search --limit 2 | head -12
say "passed: $after"
