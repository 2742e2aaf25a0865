# shellcheck shell=bash
# Fetches the commits that a comparison needs and a clone lacks. The help of protolint, or a note, contains the `git fetch`
# command; it is run with a small depth first, and with the whole history last.

# The depths to try before the whole history.
depths=(50 500 5000)
# The maximum number of commands; no repository needs more.
most_fetches=10

fetches=0

# Runs the `git fetch` command in the help or the notes of protolint, if there is one. The argument is the file with its output.
fetch_missing() {
    local message wanted=() word
    message=$(sed -n -e 's/^  help: git fetch //p' -e 's/^note: .*: git fetch //p' "$1" | head -n 1)
    [[ -n $message && $fetches -lt $most_fetches ]] || return 1
    fetches=$((fetches + 1))
    read -r -a wanted <<<"$message"
    if [[ $(in_repository rev-parse --is-shallow-repository) == true && $message != *--tags* && $message != *--refetch* ]]; then
        # `--depth` would remove history from a full clone, so it is used only for shallow ones.
        if [[ $message != *--unshallow* ]]; then
            wanted=(--depth=1 "${wanted[@]}")
        elif [[ ${#depths[@]} -gt 0 ]]; then
            for word in "${!wanted[@]}"; do
                [[ ${wanted[word]} != --unshallow ]] || wanted[word]=--depth=${depths[0]}
            done
            depths=(${depths[@]+"${depths[@]:1}"})
        fi
        wanted=(--no-tags "${wanted[@]}")
    fi
    printf 'git fetch %s\n' "${wanted[*]}"
    in_repository fetch --quiet --no-recurse-submodules "${wanted[@]}" && return
    [[ -n ${TOKEN:-} ]] || return 1
    echo 'git fetch again, with the token of this job'
    with_token fetch --quiet --no-recurse-submodules "${wanted[@]}"
}

# In a container, the files belong to another user.
in_repository() { GIT_TERMINAL_PROMPT=0 git -c safe.directory='*' "$@"; }

# For checkouts without credentials. The token is not passed as an argument, which other processes could read.
with_token() {
    local basic
    basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\r\n')
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" \
        GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" in_repository "$@"
}
