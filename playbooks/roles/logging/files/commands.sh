if [ -n "${PS1-}" ] && [ "${PS0-}" != '$(govcloud_record)' ]; then
  govcloud_record() {
    local line
    line=$(HISTTIMEFORMAT='' history 1)
    logger --tag command --priority authpriv.info -- "${SUDO_USER:-$USER} as $USER in $PWD: ${line#*[0-9]  }"
  }
  # Bash expands it after it has read a command and before it runs it.
  PS0='$(govcloud_record)'
  # What a person's own settings would keep out of the history is recorded too.
  PROMPT_COMMAND='unset HISTCONTROL HISTIGNORE'
  readonly PS0 PROMPT_COMMAND
  readonly -f govcloud_record
fi
