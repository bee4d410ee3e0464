#!/bin/sh
# After a full disk, while the nats-server is stopped: removes the snapshots that it could not write to their end. It makes
# the latest one the last thing before it removes the older ones and their entries, so that of several in a folder all but the
# oldest are torn. A server before 2.14 would take a torn one for the latest and forget all streams (docs/operating.md).
# 磁盘写满之后、nats-server 停止期间：删除未写完的快照。
set -eu
store=${1:?"usage: remove-torn-snapshots.sh STORE_DIR (store_dir of the jetstream block)"}
find "$store/jetstream" -type d -name snapshots | while IFS= read -r folder; do
  find "$folder" -type f -name 'snap.*' -printf '%f\n' | sort -t. -k2,2n -k3,3n | tail -n +2 | while IFS= read -r torn; do
    echo "removed $folder/$torn"
    rm -- "$folder/$torn"
  done
done
