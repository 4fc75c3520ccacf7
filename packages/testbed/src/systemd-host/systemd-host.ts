import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chmod, copyFile, mkdir, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGuarded, type GuardedProgram } from '@soen/mlflow-server'
import { temporaryFolder } from '../folder.ts'
import { tryToHold } from '../hold-name.ts'
import { followOutput } from '../output.ts'
import { waitUntil, waitUntilUp } from '../wait-until.ts'
import { ensureBaseImage, type Suite } from './base-image.ts'

const run = promisify(execFile)

/** The result of a command on the host. */
export interface RemoteResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A real Debian with systemd and sshd, in namespaces of its own on this machine. */
export interface SystemdHost extends AsyncDisposable {
  /** Its IPv4 address, reachable only from this machine, or from the jump host it is behind. */
  readonly address: string
  /** An ssh_config in which its name is `host`. */
  readonly sshConfig: string
  /** The private key with which root signs in. */
  readonly identityFile: string
  /** Its public host key, as in a known_hosts file after the address. */
  readonly hostKey: string
  /** A process in its network namespace. */
  readonly networkPid: number
  /** Runs a shell command as root; an exit code other than 0 is a result, not an error. */
  run(command: string): Promise<RemoteResult>
  /** Copies a file or a folder to a path on the host. */
  copyIn(from: string, to: string): Promise<void>
  reboot(): Promise<void>
  /** Ends it like a power failure, whatever it is doing. */
  powerCut(): Promise<void>
  /** Shuts it down cleanly, so that everything is written to disk. */
  powerOff(): Promise<void>
  /** Starts it again. */
  powerOn(): Promise<void>
}

/** How the host is set up. */
export interface SystemdHostOptions {
  readonly suite?: Suite
  /** The host that it is connected to instead of this machine; it is reachable only through that one. */
  readonly behind?: Pick<SystemdHost, 'address' | 'identityFile' | 'networkPid'>
  /** The snapshot to boot from instead of a bare Debian. */
  readonly snapshot?: string
  /** The folder that it writes to; kept when the host is disposed. */
  readonly layer?: string
}

/**
 * Runs inside a mount and a network namespace of its own, so that both disappear with it: mounts a writable layer
 * over the image, and starts the guest again whenever it reboots (nspawn's exit code 133).
 */
const guestScript = `set -eu
image=$1 layer=$2
mount -t tmpfs tmpfs /run/systemd/nspawn 2>/dev/null || { mkdir -p /run/systemd/nspawn; mount -t tmpfs tmpfs /run/systemd/nspawn; }
mkdir -p "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=$image,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
while :; do
  code=0
  systemd-nspawn --quiet --boot --directory="$layer/root" --machine=soen-test --register=no --keep-unit \\
    --network-namespace-path=/proc/self/ns/net --capability=CAP_NET_ADMIN \\
    --console=read-only --resolv-conf=off --timezone=off </dev/null || code=$?
  [ "$code" = 133 ] || exit "$code"
done`

/** A process namespace ends completely: when its first process exits, the kernel kills all others in it. */
const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']

/** Starts a bare host and waits until its systemd is up and root can sign in by key. */
export async function startSystemdHost({
  suite = 'bookworm',
  behind,
  snapshot,
  ...options
}: SystemdHostOptions = {}): Promise<SystemdHost> {
  const bare = await ensureBaseImage(suite)
  // With two images, the upper one hides what it changed of the lower one.
  const image = snapshot === undefined ? bare : `${snapshot}:${bare}`
  const folder = temporaryFolder('host')
  const layer = options.layer ?? join(folder.path, 'layer')
  const sshConfig = join(folder.path, 'ssh_config')
  const { subnet, held } = await holdSubnet()
  const address = `${subnet}.2`
  const identityFile = await letRootIn(layer, folder.path)
  await markUpToDate(layer)
  await nameIt(layer)
  await writeFile(sshConfig, sshConfigFor(address, identityFile, behind))

  const onHost = async (command: string): Promise<RemoteResult> => {
    try {
      const { stdout, stderr } = await run('ssh', ['-F', sshConfig, 'host', command], { maxBuffer: 1 << 26 })
      return { code: 0, stdout, stderr }
    } catch (error) {
      const { code, stdout, stderr } = Object(error)
      return { code: Number(code), stdout: String(stdout), stderr: String(stderr) }
    }
  }
  const isRunning = async (): Promise<boolean> => {
    // `degraded` means that a unit failed, which must not happen on a bare host.
    return (await onHost('systemctl is-system-running')).stdout.trim() === 'running'
  }
  const powerOn = async (): Promise<GuardedProgram> => {
    const guest = await startGuarded({
      command: 'unshare',
      args: [...namespaces, 'sh', '-c', guestScript, 'guest', image, layer],
      env: { PATH: process.env['PATH'] ?? '' },
      // systemd's signal for a clean shutdown only works for its first process: ours end like a power failure.
      stopSignal: 'SIGTERM',
      graceMs: 100,
    })
    const output = followOutput(guest)
    const stop = async (): Promise<void> => void (await guest.stop())
    await plugIn(guest.pid, subnet, behind?.networkPid).catch(async (cause: unknown) => {
      await stop()
      throw new Error(`the ${suite} host got no network; it printed: ${output()}`, { cause })
    })
    await waitUntilUp({ what: `the ${suite} host`, program: guest, output, stop, isUp: isRunning })
    return guest
  }
  let guest = await powerOn()
  const hostKey = (await onHost('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub')).stdout.trim()
  return {
    address,
    sshConfig,
    identityFile,
    hostKey,
    get networkPid() {
      return guest.pid
    },
    run: onHost,
    async copyIn(from, to) {
      await run('scp', ['-q', '-r', '-F', sshConfig, from, `host:${to}`])
    },
    async reboot() {
      const before = await bootId(onHost)
      await onHost('systemctl reboot')
      await waitUntil(async () => (await isRunning()) && (await bootId(onHost)) !== before, {
        what: 'the host to be back',
        timeoutMs: 120_000,
        everyMs: 200,
      })
    },
    async powerCut() {
      process.kill(-guest.pid, 'SIGKILL')
      await guest.exited
    },
    async powerOff() {
      await onHost('systemctl poweroff')
      await guest.exited
    },
    async powerOn() {
      guest = await powerOn()
    },
    async [Symbol.asyncDispose]() {
      await guest.stop()
      await held[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

/** The kernel's boot id is this machine's; the guest's boots are told apart by the start of its systemd. */
async function bootId(onHost: (command: string) => Promise<RemoteResult>): Promise<string> {
  const { stdout } = await onHost('systemctl show --property=UserspaceTimestampMonotonic --value')
  return stdout.trim()
}

/** Creates a key pair for this host alone, authorised for root. */
async function letRootIn(layer: string, folder: string): Promise<string> {
  const key = join(folder, 'key')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const home = join(layer, 'upper/root/.ssh')
  await mkdir(home, { recursive: true })
  await chmod(join(layer, 'upper/root'), 0o700)
  await copyFile(`${key}.pub`, join(home, 'authorized_keys'))
  return key
}

/** Adds its name to its hosts file: otherwise sudo waits for a name server that it cannot reach. */
async function nameIt(layer: string): Promise<void> {
  await writeFile(join(layer, 'upper/etc/hostname'), 'soen-test\n')
  await writeFile(join(layer, 'upper/etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 soen-test\n')
}

/**
 * Marks the system as up to date: its packages have created their users and caches, and systemd would do it again at
 * the first start, which may fail.
 */
async function markUpToDate(layer: string): Promise<void> {
  for (const folder of ['etc', 'var']) {
    await mkdir(join(layer, 'upper', folder), { recursive: true })
    await writeFile(join(layer, 'upper', folder, '.updated'), '')
  }
}

function sshConfigFor(address: string, key: string, behind: SystemdHostOptions['behind']): string {
  const way = behind === undefined ? [] : ['  ProxyJump jump']
  const jump = behind === undefined ? '' : sshConfigSection('jump', behind.address, behind.identityFile)
  return `${jump}${sshConfigSection('host', address, key, way)}`
}

function sshConfigSection(name: string, address: string, key: string, more: readonly string[] = []): string {
  const lines = [
    `Host ${name}`,
    `  HostName ${address}`,
    ...more,
    '  User root',
    `  IdentityFile ${key}`,
    '  IdentitiesOnly yes',
    '  StrictHostKeyChecking no',
    '  UserKnownHostsFile /dev/null',
    '  LogLevel ERROR',
    '  ConnectTimeout 5',
    // Six times faster than the post-quantum one, which a connection within this machine need not use.
    '  KexAlgorithms curve25519-sha256',
  ]
  return `${lines.join('\n')}\n`
}

/** Runs `ip` in the network namespace of a process. */
function ipIn(pid: number, ...args: readonly string[]): Promise<unknown> {
  return run('nsenter', ['--net', `--target=${pid}`, 'ip', ...args])
}

/**
 * Connects the guest's network namespace to this machine, or to another host, by a virtual cable that disappears
 * with it.
 */
async function plugIn(pid: number, subnet: string, otherEnd: number = process.pid): Promise<void> {
  const cable = `soen${subnet.split('.')[2]}`
  const inGuest = (...args: string[]): Promise<unknown> => ipIn(pid, ...args)
  await waitUntil(() => hasOwnNetwork(pid), { what: 'the network namespace', timeoutMs: 30_000 })
  // After a power failure the kernel takes a while to remove the old cable.
  const plug = ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'host0', 'netns', String(pid)]
  await waitUntil(async () => Boolean(await ipIn(otherEnd, ...plug)), { what: 'a cable', timeoutMs: 30_000 })
  await ipIn(otherEnd, 'address', 'add', `${subnet}.1/24`, 'dev', cable)
  await ipIn(otherEnd, 'link', 'set', cable, 'up')
  await inGuest('link', 'set', 'lo', 'up')
  await inGuest('address', 'add', `${subnet}.2/24`, 'dev', 'host0')
  await inGuest('link', 'set', 'host0', 'up')
  await inGuest('route', 'add', 'default', 'via', `${subnet}.1`)
}

/** A process that was just started is still in our own namespace for a moment. */
async function hasOwnNetwork(pid: number): Promise<boolean> {
  const [theirs, ours] = await Promise.all([readlink(`/proc/${pid}/ns/net`), readlink('/proc/self/ns/net')])
  return theirs !== ours
}

/** A private subnet that this machine has no address in; random, so that two tests at once rarely collide. */
/** A subnet that nobody else takes while it is held. */
async function holdSubnet(): Promise<{ readonly subnet: string; readonly held: AsyncDisposable }> {
  // A host that is ending, because its test was killed, still has its address for a moment.
  const { stdout } = await run('ip', ['-4', '-oneline', 'address', 'show'])
  for (let tries = 0; tries < 1000; tries += 1) {
    const subnet = `10.99.${randomInt(1, 255)}`
    if (stdout.includes(`inet ${subnet}.`)) continue
    const held = await tryToHold(subnet)
    if (held !== undefined) return { subnet, held }
  }
  throw new Error('every test subnet is taken')
}
