#!/bin/sh
# Looks for a difference between the engine, its queries and the reference evaluator: random rules over random
# histories, other ones round after round, for so many minutes. Ends at the first difference, which names its seed.
#
#   scripts/soak-rules.sh [MINUTES]      30 if left out
#   MUSTER_TEST_SEED=…                   begins with that seed; the time of day if left out
#   MUSTER_TEST_CASES=…                  so many cases a round; 5,000 if left out
set -eu
cd "$(dirname "$0")/.."

minutes=${1:-30}
cases=${MUSTER_TEST_CASES:-5000}
seed=${MUSTER_TEST_SEED:-$(date +%s)}
round=0

# The tests of a crate whose names hold a word, on so many cases; none of that name is a failure, too.
soak() {
    said=$(MUSTER_TEST_SEED=$seed MUSTER_TEST_CASES=$1 cargo test --release --quiet --locked -p "$2" "$3" "$4" 2>&1) || {
        echo "$said"
        exit 1
    }
    echo "$said" | grep -q '^test result: ok\. [1-9]' || {
        echo "soak: no test of \`$2\` has \`$4\` in its name"
        exit 1
    }
}

# Builds first, so that the minutes are minutes of tests.
cargo test --release --quiet --locked --no-run -p features -p tags -p warehouse -p rules

began=$(date +%s)
while [ $(($(date +%s) - began)) -lt $((minutes * 60)) ]; do
    round=$((round + 1))
    echo "soak: round $round, $cases cases from seed $seed" >&2
    soak "$cases" features --test=agreement ''
    soak $((cases / 50)) tags --lib refresh
    soak $((cases / 10)) warehouse --test=store agreement
    soak "$cases" rules --lib ''
    seed=$((seed + cases))
done
echo "soak: no difference in $round rounds, $minutes minutes"
