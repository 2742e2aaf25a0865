# shellcheck shell=bash
# Functions for the steps of action.yml. The scripts also run with bash 3.2, the version on macOS.

# Replaces the backslashes in a path of a Windows runner.
slashed() { printf '%s' "${1//\\//}"; }

# Ends the step with an error that is shown on the pull request.
fail() {
    annotate error "$1"
    output exit-code 2
    exit 2
}

# Prints a message as an annotation, escaped so that its text cannot contain a workflow command.
annotate() {
    local text=$2
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=protolint::%s\n' "$1" "$text"
}

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }
