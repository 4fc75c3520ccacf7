/** A machine as the user's own `ssh` reaches it. */
export interface SshDestination {
  readonly address: string
  readonly user?: string | undefined
  readonly port?: number | undefined
  /** Jump hosts, nearest first, each as `ssh -J` takes it. Without any, the user's configuration decides. */
  readonly jump: readonly string[]
}

/** How `ssh` is called, besides the destination. */
export interface SshCall {
  /** The socket that all calls of one verb share. */
  readonly controlPath: string
  /** A file with the text of `sshConfig`. */
  readonly configFile: string
}

/**
 * A configuration that wraps the user's own: unlike command-line options, it also applies to jump hosts. In ssh's
 * configuration the first value wins.
 */
export function sshConfig({
  isBatch,
  userFile,
}: {
  isBatch: boolean
  userFile?: string | undefined
}): string {
  const lines = [
    // Nobody can be asked.
    ...(isBatch ? ['BatchMode yes'] : []),
    // Its messages are parsed to find out what failed, so a quieter configuration must not hide them. Why a jump
    // host cannot reach the machine is logged only at this level.
    'LogLevel INFO',
    // A machine that does not respond must lead to an error, not to a terminal that hangs.
    'ConnectTimeout 20',
    'ServerAliveInterval 15',
    'ServerAliveCountMax 4',
    ...(userFile === undefined
      ? ['Include ~/.ssh/config', 'Include /etc/ssh/ssh_config']
      : [`Include "${userFile}"`]),
  ]
  return `${lines.join('\n')}\n`
}

/** The machine's name in messages. */
export function nameOfDestination({ address, user, port, jump }: SshDestination): string {
  const name = `${user === undefined ? '' : `${user}@`}${address}${port === undefined ? '' : `:${port}`}`
  return jump.length === 0 ? name : `${name} via ${jump.join(', ')}`
}

/** The first call, which authenticates and keeps the shared connection open while it runs. */
export function masterArguments(destination: SshDestination, call: SshCall, command: string): string[] {
  const jump = destination.jump.length === 0 ? [] : [`ProxyJump=${destination.jump.join(',')}`]
  return [...baseArguments(destination, call, ['ControlMaster=yes', 'ControlPersist=no', ...jump]), command]
}

/** Every further call: through the open connection or not at all. */
export function sessionArguments(destination: SshDestination, call: SshCall, command: string): string[] {
  return [...baseArguments(destination, call, throughMaster), command]
}

/** An interactive terminal, through the open connection. */
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
