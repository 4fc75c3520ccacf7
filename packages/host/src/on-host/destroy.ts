import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { accounts, postgres, programFolder, settingsFolder, stateFolders } from '../layout.ts'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import type { Surroundings } from './apply.ts'
import { recordInAudit } from './audit.ts'
import { lockMachine } from './deploy-lock.ts'
import type { DestroyRequest } from './protocol.ts'

/** What was taken away, and what stayed. */
export interface DestroyReport {
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  /** What removes what stayed, for good. */
  readonly removeData: readonly string[]
}

const unitsFolder = '/etc/systemd/system'

/** Stops the server and takes its programs off the machine. Runs, accounts, certificates and backups stay. */
export async function destroy(
  request: DestroyRequest,
  { machine, say }: Surroundings,
): Promise<DestroyReport> {
  const { by, version, isDryRun } = request
  const units = await ownUnits(machine)
  const cluster = await ownCluster(machine)
  const folders = [programFolder, settingsFolder]
  const report: DestroyReport = {
    removed: [...units.map((name) => `unit ${name}`), ...folders.map((path) => `folder ${path}`)],
    kept: [
      '/var/lib/soen',
      stateFolders.caddy,
      ...(cluster === undefined ? [] : [`PostgreSQL cluster ${cluster}, stopped`]),
    ],
    removeData: [
      ...(cluster === undefined ? [] : [`sudo pg_dropcluster --stop ${cluster.replace('-', ' ')}`]),
      `sudo rm -rf /var/lib/soen ${stateFolders.caddy}`,
      ...Object.values(accounts).map((name) => `sudo userdel ${name}`),
    ],
  }
  if (isDryRun) return report
  using _lock = await lockMachine(machine, {
    holder: { by, verb: 'destroy' },
    waitS: 0,
    onWaiting: (holder) => say({ type: 'waiting', holder }),
  })
  for (const name of units) {
    say({ type: 'note', message: `Removing ${name}` })
    await runOrThrow(machine, 'systemctl', 'disable', '--now', '--quiet', name)
    await rm(join(machine.root, unitsFolder, name), { force: true })
  }
  await machine.run('nft', ['delete', 'table', 'inet', 'soen'])
  if (cluster !== undefined) {
    await runOrThrow(machine, 'systemctl', 'disable', '--now', '--quiet', `postgresql@${cluster}`)
    const startConf = `/etc/postgresql/${cluster.replace('-', '/')}/start.conf`
    await runOrThrow(machine, 'sed', '-i', 's/^auto$/manual/', startConf)
  }
  await runOrThrow(machine, 'systemctl', 'daemon-reload')
  await recordInAudit(machine, { by, version, verb: 'destroy', result: 'done' })
  for (const path of folders) await rm(join(machine.root, path), { recursive: true, force: true })
  return report
}

/** Units of ours; Caddy's stands in for the distribution's, and bears our mark. */
async function ownUnits(machine: Machine): Promise<readonly string[]> {
  const names = await readdir(join(machine.root, unitsFolder))
  const own = names.filter((name) => /^soen-.*\.(service|timer|path)$/.test(name))
  const caddy = await readFile(join(machine.root, unitsFolder, 'caddy.service'), 'utf8').catch(
    (error: unknown) => {
      if (hasErrorCode(error, 'ENOENT')) return ''
      throw error
    },
  )
  const all = caddy.includes('SOEN_UNIT_INPUTS') ? [...own, 'caddy.service'] : own
  // Timers and path units first: they would start their services again.
  return all.toSorted((a, b) => Number(a.endsWith('.service')) - Number(b.endsWith('.service')))
}

/** For instance `15-soen`. */
async function ownCluster(machine: Machine): Promise<string | undefined> {
  const { code, stdout } = await machine.run('pg_lsclusters', ['--no-header'])
  if (code !== 0) return undefined
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/))
  const row = rows.find(([, name]) => name === postgres.cluster)
  return row === undefined ? undefined : `${row[0]}-${row[1]}`
}
