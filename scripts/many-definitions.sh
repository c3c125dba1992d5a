#!/usr/bin/env bash
# Times 15,000 definitions out of 150 files: taking them over, and planning with nothing to change.
#   scripts/many-definitions.sh [DATA]     DATA is a folder of the demonstration [muster-data-demo]; it gets the tags
set -euo pipefail
cd "$(dirname "$0")/.."
muster=${CARGO_TARGET_DIR:-target}/release/muster
data=${1:-muster-data-demo}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

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

echo "taken over:"
time "$muster" apply "$folder" --data "$data" | tail -1
echo "planned with no change:"
time "$muster" plan "$folder" --data "$data" | tail -1
