# Completes soen in bash, by itself: bash-completion need not be there.
_soen() {
  local word line value cur=${COMP_WORDS[COMP_CWORD]} isWithFiles=1
  local -a words=()
  # bash cuts --flag=value into three words.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == = ]] || words+=("$word")
  done
  [[ $cur != = ]] || { cur=; words+=(''); }
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :0) ;;
      :*) isWithFiles= ;;
      *)
        value=${line%%$'\t'*}
        [[ $value != "$cur"* ]] || COMPREPLY+=("$value")
        ;;
    esac
  done < <(soen complete -- "${words[@]}" 2>/dev/null)
  if [[ ${#COMPREPLY[@]} -eq 0 && -n $isWithFiles ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _soen soen
