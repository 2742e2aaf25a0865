# shellcheck shell=bash
# What the steps of action.yml share. The scripts also run under the bash 3.2 that macOS has.

# A path as bash writes it: a runner on Windows puts backslashes between names.
slashed() { printf '%s' "${1//\\//}"; }

# Ends the step and says why where people see it, on the pull request.
fail() {
    annotate error "$1"
    output exit-code 2
    exit 2
}

# A message as an annotation; what it quotes cannot add a command of its own.
annotate() {
    local text=$2
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=protolint::%s\n' "$1" "$text"
}

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }
