# Completes soen in fish.
function __soen_complete
    set --local words (commandline -opc) (commandline -ct)
    set --local lines (soen complete -- $words[2..-1] 2>/dev/null)
    set --local values (string match --invert --regex '^:' -- $lines)
    if test (count $values) -gt 0
        printf '%s\n' $values
    else if not string match --quiet --regex '^:[1-9]' -- $lines
        __fish_complete_path (commandline -ct)
    end
end
complete --command soen --no-files --keep-order --arguments '(__soen_complete)'
