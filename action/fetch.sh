# shellcheck shell=bash
# Fetches what a clone lacks for a comparison. What that is nobody guesses here: protolint names the command that would
# help, and the same is done with as little history as will do, before all of it.

# As far back as histories are fetched, one depth a try, before they are fetched whole.
depths=(50 500 5000)
# More commands than any repository needs.
most_fetches=10

fetches=0

# Does what protolint said would help, if that was to fetch something. The argument is the file with what it said.
bring() {
    local said wanted=() word
    said=$(sed -n 's/^  help: git fetch //p' "$1" | head -n 1)
    [[ -n $said && $fetches -lt $most_fetches ]] || return 1
    fetches=$((fetches + 1))
    read -r -a wanted <<<"$said"
    if [[ $(in_repository rev-parse --is-shallow-repository) == true && $said != *--tags* && $said != *--refetch* ]]; then
        # `--depth` would cut off what a whole clone has, and is never said there.
        if [[ $said != *--unshallow* ]]; then
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

# In a container the files belong to somebody else.
in_repository() { GIT_TERMINAL_PROMPT=0 git -c safe.directory='*' "$@"; }

# For checkouts that kept no credentials. The token stands in no argument, which others could read.
with_token() {
    local basic
    basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\r\n')
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" \
        GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" in_repository "$@"
}
