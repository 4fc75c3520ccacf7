#compdef soen
# Completes soen in zsh: as a line of .zshrc, or as the file _soen in a folder of fpath.
_soen() {
  local line isWithFiles=1
  local -a values
  while IFS= read -r line; do
    case $line in
      :0) ;;
      :*) isWithFiles= ;;
      *) values+=("${${line//:/\\:}/$'\t'/:}") ;;
    esac
  done < <(soen complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( ${#values} )); then
    _describe 'soen' values
  elif [[ -n $isWithFiles ]]; then
    _files
  fi
}
if [[ $funcstack[1] == _soen ]]; then
  _soen "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _soen soen
fi
