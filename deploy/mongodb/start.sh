#!/usr/bin/env bash
# Starts mongod as a replica set member with authentication; its key is made once and stays in its volume.
set -euo pipefail
key=/data/configdb/keyfile
if [ ! -s "$key" ]; then
  umask 077
  head -c 756 /dev/urandom | base64 -w 0 >"$key"
fi
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile "$key" --bind_ip_all --wiredTigerCacheSizeGB 0.25
