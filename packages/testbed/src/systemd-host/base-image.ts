import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '@soen/mlflow-server'
import { buildOnce } from '../build-once.ts'
import { TestbedError } from '../errors.ts'

const run = promisify(execFile)

/** The Debian releases that hosts can run. */
export type Suite = 'bookworm' | 'trixie'

/** The packages of a provider's minimal image: systemd, sshd, Python, sudo, and nothing of ours. */
const packages = [
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'iproute2',
  'sudo',
  'ca-certificates',
  'python3',
  'procps',
  'apt-utils',
]

const needsRoot =
  'Booting a real host needs root. Run the tests as root, or leave these out: npm test -- --project unit --project live'

/** Packages that are in its download cache, since the host has no network to fetch any. */
const downloaded = ['nftables', 'postgresql', 'caddy', 'unattended-upgrades']

const download = `chroot "$1" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --download-only --no-install-recommends ${downloaded.join(' ')}`

/**
 * mmdebstrap mounts this machine's /proc and /sys inside of what it builds. In namespaces of its own these mounts
 * end with it, however it ends: otherwise removing the leftovers of a killed build would delete into them.
 */
const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

/**
 * The folder of a bare Debian, built by mmdebstrap the first time and cached.
 *
 * @throws TestbedError that names the system package where it is missing, or that this needs root
 */
export async function ensureBaseImage(suite: Suite): Promise<string> {
  if (process.getuid?.() !== 0) throw new TestbedError(needsRoot)
  const key = createHash('sha256')
    .update(JSON.stringify({ suite, packages, downloaded }))
    .digest('hex')
    .slice(0, 16)
  const image = join(cacheFolder(), 'testbed', `${suite}-${key}`)
  await buildOnce(image, async (building) => {
    await bootstrap(suite, building)
    // With a root file system in its fstab a guest would remount the real one.
    await writeFile(join(building, 'etc/fstab'), '')
  })
  return image
}

async function bootstrap(suite: Suite, folder: string): Promise<void> {
  const options = [
    '--variant=minbase',
    '--skip=cleanup/apt',
    `--include=${packages.join(',')}`,
    `--customize-hook=${download}`,
  ]
  try {
    await run('unshare', [...namespaces, 'mmdebstrap', ...options, suite, folder], {
      maxBuffer: 64 * 1024 * 1024,
    })
  } catch (error) {
    // unshare's exit code when it cannot find the program.
    if (error instanceof Error && 'code' in error && error.code === 127) {
      throw new TestbedError('The system package mmdebstrap is missing: run scripts/install-test-packages.sh')
    }
    throw error
  }
}

/** The folder with the packages in the image's download cache. */
export async function downloadedPackages(suite: Suite): Promise<string> {
  return join(await ensureBaseImage(suite), 'var/cache/apt/archives')
}
