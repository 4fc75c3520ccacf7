import { CliError, type CliErrorCode } from '../errors.ts'
import { nameOfDestination, type SshDestination } from './ssh-arguments.ts'

interface Failure {
  readonly sign: RegExp
  readonly code: CliErrorCode
  readonly what: (name: string, found: RegExpExecArray) => string
  readonly hint: (found: RegExpExecArray) => string
}

const checkJump =
  'Try the same hop by itself: ssh JUMP-HOST. Its name and user stand in host.jump of soen.yaml.'

/** What `ssh` prints when the hop before the machine failed. */
const behindJump = /UNKNOWN port 65535|stdio forwarding failed|Connection closed by remote host/

/** In this order: a failed jump also ends in a closed connection, which says nothing by itself. */
const failures: readonly Failure[] = [
  {
    sign: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for (\S+) has changed/,
    code: 'SOEN_SSH_HOST_KEY_CHANGED',
    what: (name) => `A machine on the way to ${name} shows another host key than before.`,
    hint: () =>
      'If it was set up anew, remove the old key (ssh-keygen -R ADDRESS) and check the new one with its owner. If not, somebody may be listening: do not go on.',
  },
  {
    sign: /Host key verification failed|No \S+ host key is known for (\S+)/,
    code: 'SOEN_SSH_HOST_KEY_UNKNOWN',
    what: (name) => `The host key of ${name} is not known to this computer.`,
    hint: () =>
      'Sign in once by hand with ssh, compare the key that it shows with the one of the machine, and accept it.',
  },
  {
    sign: /Could not resolve hostname (\S+?):/,
    code: 'SOEN_SSH_NO_DNS',
    what: (_name, [, host = '']) => `The name ${host} does not lead to an address.`,
    hint: () =>
      'Check its spelling in soen.yaml or in your ssh configuration, and that you are in the network that knows it.',
  },
  {
    sign: /open failed: connect failed: (.+?)[\r\n]/,
    code: 'SOEN_SSH_JUMP_CANNOT_REACH',
    what: (name, [, reason = '']) => `The jump host does not reach ${name}: ${reason}.`,
    hint: () =>
      'Check host.address and host.port in soen.yaml: the jump host must know that name, and a firewall let it through.',
  },
  {
    sign: /administratively prohibited/,
    code: 'SOEN_SSH_JUMP_FORBIDS',
    what: (name) => `The jump host does not let connections through to ${name}.`,
    hint: () => 'Ask its administrator for AllowTcpForwarding in its sshd_config.',
  },
  {
    sign: /Connection refused/,
    code: 'SOEN_SSH_REFUSED',
    what: (name) => `Nothing listens for SSH at ${name}.`,
    hint: () => 'Check address and port in soen.yaml, and that sshd runs on the machine.',
  },
  {
    sign: /timed out|Timeout, server/,
    code: 'SOEN_SSH_TIMED_OUT',
    what: (name) => `${name} does not answer.`,
    hint: () =>
      'The machine is off, or a firewall drops your address. Another person on its allow-list can add yours: soen allow-ip CIDR.',
  },
  {
    sign: /No route to host|Network is unreachable/,
    code: 'SOEN_SSH_UNREACHABLE',
    what: (name) => `There is no way to ${name} from this network.`,
    hint: () =>
      'Check your network or VPN; if the machine is behind a jump host, name it in host.jump of soen.yaml.',
  },
]

/** One clear error for what `ssh` printed before it gave up; its last output becomes the cause. */
export function sshFailure(destination: SshDestination, stderr: string): CliError {
  const name = nameOfDestination(destination)
  const cause = new Error(stderr.trim().split('\n').slice(-6).join('\n') || 'ssh said nothing')
  for (const { sign, code, what, hint } of failures) {
    const found = sign.exec(`${stderr}\n`)
    if (found !== null) return new CliError(what(name, found), { code, hint: hint(found), cause })
  }
  if (/Permission denied|Too many authentication failures/.test(stderr)) return denied(name, stderr, cause)
  return new CliError(`ssh could not connect to ${name}.`, {
    code: 'SOEN_SSH_FAILED',
    hint: 'Mend what ssh says above; the same connection by hand shows more: ssh -v.',
    cause,
  })
}

/** Which host denied access: after a jump host did, the machine itself was never reached. */
function denied(name: string, stderr: string, cause: Error): CliError {
  if (behindJump.test(stderr)) {
    const at = /^(\S+): Permission denied/m.exec(stderr)?.[1] ?? 'The jump host'
    return new CliError(`${at} does not let you in on the way to ${name}.`, {
      code: 'SOEN_SSH_JUMP_DENIED',
      hint: checkJump,
      cause,
    })
  }
  return new CliError(`${name} does not let you in.`, {
    code: 'SOEN_SSH_DENIED',
    hint: 'Check host.user in soen.yaml, and that your key is in its authorized_keys and in your agent: ssh-add -l.',
    cause,
  })
}
