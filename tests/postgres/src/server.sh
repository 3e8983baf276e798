# A PostgreSQL server that ends with whoever holds this script's standard input,
# however that one ends. Arguments: the folder of PostgreSQL's programs, a port.
# Takes `start`, `stop` and `kill`, a line each, and answers `done` to each.
set -e
bin=$1
port=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/samskriv-postgres.XXXXXX")

control() {
  "$bin/pg_ctl" -D "$dir/data" -w -t 30 -l "$dir/log" "$@" </dev/null >/dev/null
}

start() {
  control -o "-h 127.0.0.1 -p $port -k $dir -c max_connections=200" start
}

trap 'control -m immediate stop 2>/dev/null || :; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U samskriv --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
start
echo done
while read -r command; do
  case $command in
    start) start ;;
    stop) control -m fast stop ;;
    kill) control -m immediate stop ;;
  esac
  echo done
done
