#!/bin/sh
# Looks for a difference between the engine, its queries and the reference evaluator: random rules over random
# histories, other ones round after round, for so many minutes. Ends at the first difference, which names its seed.
#
#   scripts/soak-rules.sh [MINUTES]      30 if left out
#   MUSTER_TEST_SEED=…                   begins with that seed; the time of day if left out
set -eu
cd "$(dirname "$0")/.."

minutes=${1:-30}
cases=${MUSTER_TEST_CASES:-5000}
seed=${MUSTER_TEST_SEED:-$(date +%s)}
began=$(date +%s)
round=0

while [ $(($(date +%s) - began)) -lt $((minutes * 60)) ]; do
    round=$((round + 1))
    echo "soak: round $round, $cases cases from seed $seed" >&2
    MUSTER_TEST_SEED=$seed MUSTER_TEST_CASES=$cases \
        cargo test --release --quiet --locked -p features --test agreement
    MUSTER_TEST_SEED=$seed MUSTER_TEST_CASES=$((cases / 50)) \
        cargo test --release --quiet --locked -p tags --lib refresh
    MUSTER_TEST_SEED=$seed MUSTER_TEST_CASES=$((cases / 10)) \
        cargo test --release --quiet --locked -p warehouse --test agreement
    MUSTER_TEST_CASES=$cases cargo test --release --quiet --locked -p rules --lib
    seed=$((seed + cases))
done
echo "soak: no difference in $round rounds, $minutes minutes"
