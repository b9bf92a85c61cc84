import { completionQuestion, type Shell } from '../command-line/completion-line.ts';

/**
 * The script of each shell: a function that runs drey at each Tab. An answer has one candidate per line with a tab before its description,
 * then `:` and a number: 0 for files, 4 for none. A program that is not on PATH is run by the name that was typed.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  // Also for bash 3.2, which macOS has: no mapfile, no compopt.
  bash: `# drey completion bash
_drey() {
  local drey=\${COMP_WORDS[0]/#\\~/$HOME} rest=\${COMP_LINE:0:COMP_POINT} words=() piece='' line head i
  type -P "$drey" >/dev/null || drey=drey
  # Bash splits at = and : as well, a command line does not: what touches is one word.
  rest=\${rest#*"\${COMP_WORDS[0]}"}
  for ((i = 1; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    line=\${rest#"\${rest%%[![:space:]]*}"}
    ((i == COMP_CWORD)) && piece=$line
    if ((\${#words[@]} == 0)) || [ "$line" != "$rest" ]; then words+=("$piece"); else words[\${#words[@]}-1]+=$piece; fi
    rest=\${line#"$piece"}
  done
  local typed=\${words[\${#words[@]}-1]}
  words=("\${words[@]//[\\\\\\"\\']/}")
  # Readline replaces only what stands behind the last = or :, unless that is quoted.
  head=''
  case $typed in [\\"\\']*) ;; *[=:]*) head=\${typed%"\${typed##*[=:]}"} ;; esac
  head=\${head//[\\\\]/}
  COMPREPLY=()
  local answer
  answer=$("$drey" ${completionQuestion} "\${words[@]}" 2>/dev/null) || return
  while IFS= read -r line; do
    case $line in
      :0) compopt -o default -o filenames 2>/dev/null ;;
      :*) ;;
      *)
        line=\${line%%$'\\t'*}
        line=\${line#"$head"}
        case $typed in
          # Behind a quote Readline inserts a name as it is: not one that the shell would go on reading.
          [\\"\\']*) case $line in *[\\"\\'\\\\\\$\\!\\\`]*) continue ;; esac ;;
          *) printf -v line %q "$line" ;;
        esac
        COMPREPLY+=("$line")
        ;;
    esac
  done <<<"$answer"
}
complete -F _drey drey kubectl-flink
`,
  zsh: `#compdef drey kubectl-flink
_drey() {
  local drey=\${~words[1]} line text
  local -a lines described
  whence -p -- $drey >/dev/null || drey=drey
  lines=("\${(@f)$($drey ${completionQuestion} "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  if [[ $lines[-1] == :0 ]]; then _files; return; fi
  for line in "\${(@)lines[1,-2]}"; do
    text=\${line%%$'\\t'*}
    described+=("\${\${text//\\\\/\\\\\\\\}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe -V drey described
}
if [[ \${funcstack[1]} == _drey ]]; then _drey "$@"; else compdef _drey drey kubectl-flink; fi
`,
  fish: `# drey completion fish
function __drey_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct | string replace -ra '[\\\\\\\\"\\']' '')
    set -l drey $words[1]
    command -q $drey; or set drey drey
    set -e words[1]
    set -l lines ($drey ${completionQuestion} $words "$typed" 2>/dev/null)
    if test "$lines[-1]" = :0
        __fish_complete_path "$typed"
    else if set -q lines[2]
        printf '%s\\n' $lines[1..-2]
    end
end
complete -c drey -f -a '(__drey_complete)'
complete -c kubectl-flink -f -a '(__drey_complete)'
`,
};
