#!/usr/bin/env bash
# Runs `protolint check` and `protolint breaking` as the inputs say: annotations and the log on standard output, a report
# in the job's summary, SARIF in a file. The second runs whatever the first finds; the step fails at the end.
# Reads INPUT_* (one for each input), PROGRAM, TOKEN, BEFORE (the commit before a push), DEFAULT_BRANCH.
# Outputs: exit-code; sarif-file, if one was written.
set -euo pipefail
action=${BASH_SOURCE[0]%/*}
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$action/common.sh"
# shellcheck source-path=SCRIPTDIR source=fetch.sh
. "$action/fetch.sh"

# GitHub shows no summary of a step that is longer than this, in bytes.
longest_summary=1048576

# Sets `words` to the words of a text. Quotes and backslashes keep blanks in a word; nothing else means anything.
split() {
    local list=$scratch/words word
    words=()
    [[ $2 =~ [^[:space:]] ]] || return 0
    printf '%s\n' "$2" | xargs printf '%s\0' >"$list" 2>/dev/null || fail "a quote in \`$1\` is not closed: $2"
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
    [[ $2 == true || $2 == false ]] || fail "\`$1\` is \`$2\`; write true or false"
}

# Says what to compare with where the event does not: a schedule, a click, a branch that is new.
name_baseline() {
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
        if [[ $status -ne 2 || $name != breaking ]] || ! bring "$log"; then break; fi
    done
    below_top <"$out"
    cat "$log"
    [[ $status -lt 2 ]] || annotate error "$(what_is_wrong "$name" "$log")"
    [[ $status -le 2 ]] || status=2
    [[ $status -le $worst ]] || worst=$status
}

# GitHub looks annotated files up from the top of the workspace.
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

# Why a command could not do its job, in its own words.
what_is_wrong() {
    local said
    said=$(grep -A 1 '^error: ' "$2" | sed 's/^error: //' | head -n 2 || true)
    printf 'protolint %s could not do its job: %s' "$1" "${said:-$(tail -n 1 "$2")}"
}

# Adds the reports to the summary of the job, as far as they fit; what breaks others goes first.
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
            printf '## protolint %s\n\nThe report is too long to stand here: see the log of this step.' "$name"
        fi
        printf '\n\n'
    done >>"$GITHUB_STEP_SUMMARY"
}

# Joins the SARIF of the commands: one file, a run for each, in a category of its own, or they would not be taken together.
# Places are told from the top of the workspace.
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
[[ $INPUT_SARIF_FILE != *[[:cntrl:]]* ]] || fail "\`sarif-file\` is not one line"

top=$(pwd -P)
sarif=$top/$INPUT_SARIF_FILE
[[ $INPUT_SARIF_FILE != /* && $INPUT_SARIF_FILE != ?:* ]] || sarif=$INPUT_SARIF_FILE
cd -- "$INPUT_WORKING_DIRECTORY" || fail "there is no \`working-directory\` \`$INPUT_WORKING_DIRECTORY\`"
here=$(pwd -P)
prefix=''
[[ $here != "$top"/* ]] || prefix=${here#"$top"/}/

# GitHub shows ten errors of a step beside the changed lines: what breaks others comes first.
if [[ $INPUT_BREAKING == true ]]; then
    name_baseline
    run breaking ${breaking_args[@]+"${breaking_args[@]}"}
fi
if [[ $INPUT_CHECK == true ]]; then run check ${check_args[@]+"${check_args[@]}"}; fi
summarize
output exit-code "$worst"
[[ -z $INPUT_SARIF_FILE ]] || join_sarif
exit "$worst"
