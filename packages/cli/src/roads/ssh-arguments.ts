/** A machine, as the user's own `ssh` reaches it. */
export interface SshDestination {
  readonly address: string
  readonly user?: string | undefined
  readonly port?: number | undefined
  /** Hosts on the way, nearest first, each as `ssh -J` takes it. Without any, the user's configuration decides. */
  readonly jump: readonly string[]
}

/** How `ssh` is called, beside the destination. */
export interface SshCall {
  /** The socket that all calls of one verb share. */
  readonly controlPath: string
  /** A file with the text of `sshConfig`. */
  readonly configFile: string
}

/**
 * A configuration around the user's own: unlike options of the command line it holds for the jump hosts too.
 * What stands first counts.
 */
export function sshConfig({
  isBatch,
  userFile,
}: {
  isBatch: boolean
  userFile?: string | undefined
}): string {
  const lines = [
    // Nobody is there to be asked.
    ...(isBatch ? ['BatchMode yes'] : []),
    // Its words are read to say what failed: a configuration that silences them would hide it. Why a jump host does
    // not reach the machine is only said at this level.
    'LogLevel INFO',
    // A machine that stays silent is a failure with a name, not a terminal that hangs.
    'ConnectTimeout 20',
    'ServerAliveInterval 15',
    'ServerAliveCountMax 4',
    ...(userFile === undefined
      ? ['Include ~/.ssh/config', 'Include /etc/ssh/ssh_config']
      : [`Include "${userFile}"`]),
  ]
  return `${lines.join('\n')}\n`
}

/** How a person calls the machine in a sentence. */
export function nameOfDestination({ address, user, port, jump }: SshDestination): string {
  const name = `${user === undefined ? '' : `${user}@`}${address}${port === undefined ? '' : `:${port}`}`
  return jump.length === 0 ? name : `${name} via ${jump.join(', ')}`
}

/** The first call: it signs in, and keeps the one connection open as long as it runs. */
export function masterArguments(destination: SshDestination, call: SshCall, command: string): string[] {
  const jump = destination.jump.length === 0 ? [] : [`ProxyJump=${destination.jump.join(',')}`]
  return [...baseArguments(destination, call, ['ControlMaster=yes', 'ControlPersist=no', ...jump]), command]
}

/** Every further call: through the open connection or not at all. */
export function sessionArguments(destination: SshDestination, call: SshCall, command: string): string[] {
  return [...baseArguments(destination, call, throughMaster), command]
}

/** A terminal for a person, through the open connection. */
export function shellArguments(destination: SshDestination, call: SshCall, command?: string): string[] {
  const base = baseArguments(destination, call, throughMaster, command === undefined ? '-t' : '-T')
  return command === undefined ? base : [...base, command]
}

const throughMaster = ['ControlMaster=no', 'ProxyCommand=false', 'LogLevel=ERROR']

function baseArguments(
  { address, user, port }: SshDestination,
  { controlPath, configFile }: SshCall,
  more: readonly string[],
  terminal = '-T',
): string[] {
  const own = ['ForwardAgent=no', 'ClearAllForwardings=yes', 'RemoteCommand=none']
  const options = [`ControlPath=${controlPath}`, ...more, ...own]
  return [
    '-F',
    configFile,
    terminal,
    ...options.flatMap((option) => ['-o', option]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    address,
  ]
}
