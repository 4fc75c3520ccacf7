import { CliError } from '../errors.ts'
import type { SshConnection } from './ssh-connection.ts'

/** What the machine's shell tells about it. */
export interface Probe {
  readonly uid: number
  /** From `uname -m`, for instance `x86_64`. */
  readonly machine: string
  /** From `/etc/os-release`, for instance `debian` and `12`. */
  readonly os: { readonly id: string; readonly version: string }
  /** For instance `3.11.2`; undefined where there is no python3. */
  readonly python: string | undefined
  readonly sudo: 'not needed' | 'free' | 'asks' | 'missing'
}

const script = `
echo "uid $(id -u)"
echo "system $(uname -s)"
echo "machine $(uname -m)"
echo "release $(. /etc/os-release 2>/dev/null; echo "$ID $VERSION_ID")"
echo "python $(python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)"
[ -d /run/systemd/system ] || echo "init $(cat /proc/1/comm)"
if [ "$(id -u)" = 0 ]; then echo "sudo not needed"
elif ! command -v sudo >/dev/null; then echo "sudo missing"
elif sudo -k -n true 2>/dev/null; then echo "sudo free"
else echo "sudo asks"; fi`

/**
 * Inspects the machine, before anything of ours is on it.
 *
 * @throws CliError for a machine that cannot be deployed to: `SOEN_HOST_NOT_LINUX`, `SOEN_HOST_PYTHON_MISSING`,
 * `SOEN_HOST_PYTHON_TOO_OLD`, `SOEN_HOST_NO_SYSTEMD`, `SOEN_NO_SUDO`
 */
export async function probe(connection: SshConnection): Promise<Probe> {
  const { stdout, stderr } = await connection.run(script)
  const lines = stdout.split('\n')
  const is = new Map(lines.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]))
  const { address } = connection.destination
  if (is.get('system') !== 'Linux') throw notLinux(address, is.get('system'), stderr)
  const found: Probe = {
    uid: Number(is.get('uid')),
    machine: is.get('machine') ?? '',
    os: releaseOf(is.get('release')),
    python: is.get('python') || undefined,
    sudo: sudoOf(is.get('sudo')),
  }
  refuseOldPython(address, found.python)
  const init = is.get('init')
  if (init !== undefined) throw noSystemd(address, init)
  if (found.sudo === 'missing') throw noSudo(address)
  return found
}

function releaseOf(words: string | undefined): Probe['os'] {
  const [id = '', version = ''] = (words ?? '').split(' ')
  return { id, version }
}

function sudoOf(words: string | undefined): Probe['sudo'] {
  return words === 'not needed' || words === 'free' || words === 'asks' ? words : 'missing'
}

const installPython = 'sudo apt-get install python3'

function refuseOldPython(address: string, python: string | undefined): void {
  if (python === undefined) {
    throw new CliError(`${address} has no python3.`, {
      code: 'SOEN_HOST_PYTHON_MISSING',
      hint: `Install it there: ${installPython}`,
    })
  }
  const [major = 0, minor = 0] = python.split('.').map(Number)
  if (major > 3 || minor >= 10) return
  throw new CliError(`${address} has Python ${python}, and MLflow needs 3.10 or newer.`, {
    code: 'SOEN_HOST_PYTHON_TOO_OLD',
    hint: 'Use Debian 12 or 13, or Ubuntu 22.04 or newer: their python3 is new enough.',
  })
}

function notLinux(address: string, system: string | undefined, stderr: string): CliError {
  return new CliError(`${address} is not a Linux machine${system === undefined ? '' : `, but ${system}`}.`, {
    code: 'SOEN_HOST_NOT_LINUX',
    hint: 'Use Debian 12 or 13, or Ubuntu 22.04 or newer.',
    ...(stderr.trim() !== '' && { cause: new Error(stderr.trim()) }),
  })
}

function noSystemd(address: string, init: string): CliError {
  return new CliError(`${address} was started by ${init}, and not by systemd in its usual way.`, {
    code: 'SOEN_HOST_NO_SYSTEMD',
    hint: 'Use a machine or a virtual one with Debian or Ubuntu as they come: most containers have no systemd, nor has WSL unless it is switched on.',
  })
}

/** The error where this account cannot become root. */
export function noSudo(address: string, cause?: unknown): CliError {
  return new CliError(`This account can not become root on ${address}.`, {
    code: 'SOEN_NO_SUDO',
    hint: 'Name an account in host.user that may use sudo, or let this one: as root, usermod --append --groups sudo ACCOUNT (and apt-get install sudo).',
    cause,
  })
}
