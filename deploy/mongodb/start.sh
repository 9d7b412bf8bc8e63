#!/usr/bin/env bash
# Starts mongod as a replica set member with authentication. Members share a key: the one given as a secret, or for a
# single server one that is made once and stays in its volume.
set -euo pipefail
key=/data/configdb/keyfile
umask 077
if [ -s /run/secrets/mongodb-keyfile ]; then
  # mongod refuses a key that its group may read, which a mounted secret is.
  install -m 0400 /run/secrets/mongodb-keyfile "$key.new"
  mv -f "$key.new" "$key"
elif [ ! -s "$key" ]; then
  head -c 756 /dev/urandom | base64 -w 0 >"$key"
fi
# A member that has data of its own, be it a user, cannot join; the first one brings the users.
case "${HOSTNAME:-}" in
  mongodb-[1-9]*) unset MONGO_INITDB_ROOT_USERNAME MONGO_INITDB_ROOT_PASSWORD_FILE ;;
esac
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile "$key" --bind_ip_all --wiredTigerCacheSizeGB 0.25
