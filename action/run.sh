#!/usr/bin/env bash
# Runs `protolint breaking` and `protolint check` with the inputs: annotations and the log on standard output, a report in
# the summary of the job, SARIF in a file. Both run even if one has findings; the step fails at the end.
# Reads INPUT_* (one for each input), PROGRAM, TOKEN, BEFORE (the commit before a push), DEFAULT_BRANCH.
# Outputs: exit-code; sarif-file, if one was written.
set -euo pipefail
action=${BASH_SOURCE[0]%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$action/common.sh"
# shellcheck source-path=SCRIPTDIR source=fetch.sh
. "$action/fetch.sh"

# The maximum size of the summary of a step on GitHub, in bytes.
longest_summary=1048576

# Sets `words` to the words of a text. Quotes and backslashes keep blanks in a word; no other characters are special.
split() {
    local list=$scratch/words word
    words=()
    [[ $2 =~ [^[:space:]] ]] || return 0
    printf '%s\n' "$2" | xargs printf '%s\0' >"$list" 2>/dev/null || fail "unclosed quote in \`$1\`: $2"
    while IFS= read -r -d '' word; do words+=("$word"); done <"$list"
}

# Sets `paths` to the lines of the input, without blanks around them.
lines() {
    local line
    paths=()
    while IFS= read -r line || [[ -n $line ]]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [[ -z $line ]] || paths+=("$line")
    done <<<"$1"
}

# Fails unless an input is one of two words.
either() {
    [[ $2 == true || $2 == false ]] || fail "invalid value \`$2\` of \`$1\`, expected true or false"
}

# Sets the base for events without one: a schedule, a manual run, a new branch.
name_base() {
    [[ -z ${GITHUB_BASE_REF:-} && ${GITHUB_EVENT_NAME:-} != merge_group && -n $DEFAULT_BRANCH ]] || return 0
    [[ ${GITHUB_EVENT_NAME:-} != push || $BEFORE =~ ^0*$ ]] || return 0
    [[ ${GITHUB_REF:-} != "refs/heads/$DEFAULT_BRANCH" ]] || return 0
    export GITHUB_BASE_REF=$DEFAULT_BRANCH
}

# Runs one command: $1 its name, the rest its arguments. Sets `status`.
run() {
    local name=$1 log=$scratch/$1.log out=$scratch/$1.out
    shift
    local formats=(--format github --format "markdown=$scratch/$name.md")
    [[ -z $INPUT_SARIF_FILE ]] || formats+=(--format "sarif=$scratch/$name.sarif")
    [[ ${#paths[@]} -eq 0 ]] || set -- "$@" -- "${paths[@]}"
    while true; do
        status=0
        "$PROGRAM" "$name" "${formats[@]}" "$@" >"$out" 2>"$log" </dev/null || status=$?
        if [[ $name != breaking ]] || ! fetch_missing "$log"; then break; fi
    done
    below_top <"$out"
    cat "$log"
    [[ $status -lt 2 ]] || annotate error "$(error_message "$name" "$log")"
    [[ $status -le 2 ]] || status=2
    [[ $status -le $worst ]] || worst=$status
}

# GitHub expects the paths of annotations relative to the workspace.
below_top() {
    local escaped=$prefix
    escaped=${escaped//'%'/%25}
    escaped=${escaped//:/%3A}
    escaped=${escaped//,/%2C}
    if [[ -z $escaped ]]; then
        cat
        return
    fi
    PREFIX=$escaped awk '
        match($0, /^::[a-z]+ file=/) && substr($0, RLENGTH + 1, 1) != "/" {
            print substr($0, 1, RLENGTH) ENVIRON["PREFIX"] substr($0, RLENGTH + 1)
            next
        }
        { print }'
}

# The error message of a command that failed.
error_message() {
    local message
    message=$(grep -A 1 '^error: ' "$2" | sed 's/^error: //' | head -n 2 || true)
    printf 'protolint %s failed: %s' "$1" "${message:-$(tail -n 1 "$2")}"
}

# Adds the reports to the summary of the job if they fit; breaking changes come first.
summarize() {
    local name report written=0
    [[ -n ${GITHUB_STEP_SUMMARY:-} ]] || return 0
    for name in breaking check; do
        report=$scratch/$name.md
        [[ -s $report ]] || continue
        written=$((written + $(wc -c <"$report") + 200))
        if [[ $written -lt $longest_summary ]]; then
            printf '## protolint %s\n\n' "$name"
            cat "$report"
        else
            printf '## protolint %s\n\nThe report is too long for the summary: see the log of this step.' "$name"
        fi
        printf '\n\n'
    done >>"$GITHUB_STEP_SUMMARY"
}

# Joins the SARIF of the commands: one file with a run for each, in different categories, as code scanning requires. Paths
# are relative to the workspace.
join_sarif() {
    local name
    for name in check breaking; do
        [[ -s $scratch/$name.sarif ]] || continue
        jq --arg prefix "$prefix" --arg category "protolint/$name/" '
            ($prefix | split("/") | map(@uri) | join("/")) as $below
            | .runs[].automationDetails.id = $category
            | (.. | objects | select(has("uri") and has("uriBaseId")).uri) |= $below + .' \
            "$scratch/$name.sarif" >>"$scratch/sarif"
    done
    [[ -s $scratch/sarif ]] || return 0
    mkdir -p "$(dirname "$sarif")"
    jq --slurp '(.[0] | del(.runs)) + {runs: map(.runs[])}' "$scratch/sarif" >"$sarif"
    output sarif-file "$INPUT_SARIF_FILE"
}

scratch=$(mktemp -d "$(slashed "$RUNNER_TEMP")/protolint.XXXXXX")
worst=0
either check "$INPUT_CHECK"
either breaking "$INPUT_BREAKING"
split args "$INPUT_ARGS"
args=(${words[@]+"${words[@]}"})
split check-args "$INPUT_CHECK_ARGS"
check_args=(${args[@]+"${args[@]}"} ${words[@]+"${words[@]}"})
split breaking-args "$INPUT_BREAKING_ARGS"
breaking_args=(${args[@]+"${args[@]}"} ${words[@]+"${words[@]}"})
[[ -z $INPUT_AGAINST ]] || breaking_args+=(--against="$INPUT_AGAINST")
lines "$INPUT_PATHS"
[[ -z $INPUT_SARIF_FILE ]] || command -v jq >/dev/null || fail "\`sarif-file\` needs jq on the PATH"
[[ $INPUT_SARIF_FILE != *[[:cntrl:]]* ]] || fail "\`sarif-file\` contains a control character"

top=$(pwd -P)
sarif=$top/$INPUT_SARIF_FILE
[[ $INPUT_SARIF_FILE != /* && $INPUT_SARIF_FILE != ?:* ]] || sarif=$INPUT_SARIF_FILE
cd -- "$INPUT_WORKING_DIRECTORY" || fail "\`working-directory\` \`$INPUT_WORKING_DIRECTORY\` does not exist"
here=$(pwd -P)
prefix=''
[[ $here != "$top"/* ]] || prefix=${here#"$top"/}/

# GitHub shows at most ten errors of a step beside the changed lines, so breaking changes come first.
if [[ $INPUT_BREAKING == true ]]; then
    name_base
    run breaking ${breaking_args[@]+"${breaking_args[@]}"}
fi
if [[ $INPUT_CHECK == true ]]; then run check ${check_args[@]+"${check_args[@]}"}; fi
summarize
output exit-code "$worst"
[[ -z $INPUT_SARIF_FILE ]] || join_sarif
exit "$worst"
