#!/usr/bin/env bash
# Times 15,000 definitions out of 150 files: taking them over, planning with nothing to change, computing them, and what
# somebody does with one of them while they are served.
#   scripts/many-definitions.sh [DATA]     DATA is a folder of the demonstration [muster-data-demo]; it gets the tags
set -euo pipefail
cd "$(dirname "$0")/.."
muster=${CARGO_TARGET_DIR:-target}/release/muster
data=${1:-muster-data-demo}
folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; wait "$server"; fi; rm -rf "$folder"' EXIT

events=(swap quest_complete login stake bridge mint vote borrow page_view quest_start)
for file in $(seq 0 149); do
    event=${events[$((file % 10))]}
    cat > "$folder/$file.yaml" <<YAML
tags:
  - key: generated_${file}_{days}d_{times}
    name: {zh: "近 {days} 天 $event 至少 {times} 次", en: "$event {times} times in {days} days"}
    category: generated $((file % 20))
    for: {days: [2, 3, 5, 7, 14, 21, 28, 30, 60, 90], times: [1, 2, 3, 4, 5, 6, 8, 10, 20, 50]}
    rule: |
      count($event, last {days}d) >= {times}
        and not count($event, last {days} calendar days) > $((100 + file))
YAML
done
cat > "$folder/by-hand.yaml" <<YAML
tags:
  - {key: generated_by_hand, category: generated 0, by_hand: {type: text}}
YAML

echo "taken over:"
time "$muster" apply "$folder" --data "$data" | tail -1
echo "planned with no change:"
time "$muster" plan "$folder" --data "$data" | tail -1
echo "computed:"
time "$muster" compute --data "$data" | tail -1

port=$((20000 + RANDOM % 20000))
api=http://127.0.0.1:$port/api/v1
tag=$api/tags/generated_3_7d_5
"$muster" serve --data "$data" --listen "127.0.0.1:$port" > "$folder/served" &
server=$!
until curl -sf -o "$folder/answer" "http://127.0.0.1:$port/"; do sleep 0.1; done

took() {
    curl -sf -o "$folder/answer" -H 'content-type: application/json' -w "$1: %{time_total} s\n" "${@:2}"
}
echo "served, three times each:"
for times in 7 8 9; do
    change="{\"definition\": {\"rule\": \"count(swap, last 7d) >= $times\"}, \"author\": \"ann\""
    took "the list of tags" "http://127.0.0.1:$port/"
    took "a page" "http://127.0.0.1:$port/tags/generated_3_7d_5"
    took "what one changed tag would do" -X PUT -d "$change, \"dry_run\": true}" "$tag"
    took "one tag changed" -X PUT -d "$change}" "$tag"
    began=$(date +%s%3N)
    until curl -sf "$tag" | grep -q '"state":"fresh"'; do sleep 0.01; done
    echo "its members follow: $(($(date +%s%3N) - began)) ms, of which the computation took" \
        "$(curl -sf "$tag" | grep -o '"duration_ms":[0-9]*' | cut -d: -f2)"
    took "one tag set by hand" -X PUT -d '{"value": "big", "author": "ann"}' "$api/users/u$times/tags/generated_by_hand"
done
