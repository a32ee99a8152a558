#!/bin/sh
# Backs up the site of docker-compose.yml into DIR/careers-<date>.tar, and deletes old backups.
#
# Usage: nightly_backup.sh DIR [NUMBER]     NUMBER: how many backups to keep (14)
#
# Exit status: 0 after a complete backup; 3 after a backup without some files, which the site itself
# has lost; anything else if there is no new backup. A failure never changes an earlier backup.
set -eu
umask 077

folder=$(cd "${1:?is missing: the folder for backups}" && pwd)
number=${2:-14}
case $number in
    *[!0-9]* | 0 | "") echo "The number of backups to keep must be 1 or more." >&2 && exit 1 ;;
esac
backup=$folder/careers-$(date +%F).tar
cd "$(dirname "$0")/.."

in_worker() {
    docker compose exec -T worker "$@"
}

clean_up() {
    rm -f "$folder"/careers-*.tar.part
    in_worker rm -rf /srv/backups/careers
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
clean_up # what an interrupted run left

status=0
in_worker python manage.py backup /srv/backups/careers || status=$?
case $status in
    0 | 3) ;;
    *) exit "$status" ;;
esac

# The name without .part appears when everything is on disk.
in_worker tar -C /srv/backups -cf - careers >"$backup.part"
sync "$backup.part"
mv "$backup.part" "$backup"

ls -1 "$folder"/careers-????-??-??.tar | sort -r | tail -n "+$((number + 1))" | while read -r old; do
    rm -f "$old"
done
exit "$status"
