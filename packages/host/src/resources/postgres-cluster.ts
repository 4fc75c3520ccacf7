import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { dataFolder } from '../layout.ts'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import { fileKind, type FileResource } from './file.ts'
import { statOf } from './ownership.ts'
import { askPostgres } from './postgres-query.ts'
import { differencesOfPart, nothing, type Difference, type ResourceKind } from './resource-kind.ts'

/** A PostgreSQL cluster of ours, besides any others on the machine. */
interface PostgresClusterResource {
  readonly kind: 'postgres-cluster'
  readonly name: string
  /** Names its unix socket only: nothing of ours listens on TCP. */
  readonly port: number
  /** In PostgreSQL's own spelling, for instance `shared_buffers: '128MB'`. */
  readonly settings: Readonly<Record<string, string>>
}

/** Exists while a cluster is being created: if it is found later, its creator was killed and the cluster is empty. */
const makingPath = `${dataFolder}/postgres-cluster.making`

interface Cluster {
  readonly version: string
  readonly port: number
  /** For instance `online`, `down`. */
  readonly status: string
}

/** PostgreSQL clusters, by Debian's own tools: created, started at boot, running with the planned settings. */
export const postgresClusterKind: ResourceKind<PostgresClusterResource> = {
  kind: 'postgres-cluster',
  name: ({ name }) => `postgres-cluster ${name}`,
  shell: ({ name, port, settings }) => [
    'version=$(ls /usr/lib/postgresql | sort -n | tail -1)',
    `pg_createcluster --port ${port} --start-conf auto --encoding UTF8 --locale C.UTF-8 "$version" ${name} -- --data-checksums`,
    ...Object.entries(settings).map(([key, value]) => `pg_conftool "$version" ${name} set ${key} '${value}'`),
    `systemctl restart postgresql@"$version"-${name}`,
  ],
  async differences(wanted, machine) {
    const cluster = await findCluster(wanted, machine)
    if (cluster === undefined) return [{ aspect: 'cluster', is: null, wanted: 'there' }]
    if ((await statOf(machine, makingPath)) !== undefined) {
      return [{ aspect: 'cluster', is: 'half made', wanted: 'there' }]
    }
    const differences: Difference[] = []
    if (cluster.port !== wanted.port) {
      differences.push({ aspect: 'port', is: String(cluster.port), wanted: String(wanted.port) })
    }
    for (const file of filesOf(wanted, cluster)) {
      differences.push(...differencesOfPart(basename(file.path), await fileKind.differences(file, machine)))
    }
    if (!cluster.status.startsWith('online')) {
      return [...differences, { aspect: 'state', is: cluster.status, wanted: 'online' }]
    }
    return [...differences, ...(await settingDifferences(wanted, cluster.port, machine))]
  },
  async apply(wanted, machine) {
    if ((await statOf(machine, makingPath)) !== undefined) await removeHalfMade(wanted, machine)
    if ((await findCluster(wanted, machine)) === undefined) await makeCluster(wanted, machine)
    const cluster = await findCluster(wanted, machine)
    if (cluster === undefined) throw new Error('pg_createcluster made none: see /var/log/postgresql.')
    for (const file of filesOf(wanted, cluster)) await fileKind.apply(file, machine)
    if (cluster.port !== wanted.port) {
      const set = [cluster.version, wanted.name, 'set', 'port', String(wanted.port)]
      await runOrThrow(machine, 'pg_conftool', ...set)
    }
    // systemd learns about clusters through a generator, which a reload runs.
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
    const isStale =
      !cluster.status.startsWith('online') ||
      (await settingDifferences(wanted, wanted.port, machine)).length > 0
    if (isStale)
      await runOrThrow(machine, 'systemctl', 'restart', `postgresql@${cluster.version}-${wanted.name}`)
  },
  async remains(wanted, machine) {
    const cluster = await findCluster(wanted, machine)
    if (cluster === undefined) return nothing
    const { version } = cluster
    const removedBy = `sudo pg_dropcluster --stop ${version} ${wanted.name}`
    return {
      goes: [],
      stays: [{ what: `PostgreSQL cluster ${version}-${wanted.name}, stopped`, removedBy }],
    }
  },
  /** The data stays: the cluster is stopped and no longer starts at boot. */
  async remove(wanted, machine) {
    const cluster = await findCluster(wanted, machine)
    if (cluster === undefined) return
    await fileKind.apply(startConf(wanted, cluster, 'manual'), machine)
    const unit = `postgresql@${cluster.version}-${wanted.name}`
    await runOrThrow(machine, 'systemctl', 'disable', '--now', '--quiet', unit)
    await runOrThrow(machine, 'systemctl', 'daemon-reload')
  },
}

async function findCluster(
  { name }: PostgresClusterResource,
  machine: Machine,
): Promise<Cluster | undefined> {
  const { code, stdout } = await machine.run('pg_lsclusters', ['--no-header'])
  if (code !== 0) return undefined
  const clusters = stdout.split('\n').flatMap((line): Cluster[] => {
    const [version = '', called, port, status = ''] = line.trim().split(/\s+/)
    return called === name ? [{ version, port: Number(port), status }] : []
  })
  return clusters.toSorted((a, b) => Number(b.version) - Number(a.version))[0]
}

async function settingDifferences(
  { settings }: PostgresClusterResource,
  port: number,
  machine: Machine,
): Promise<readonly Difference[]> {
  const rows = await askPostgres(machine, 'select name, current_setting(name) from pg_settings', { port })
  const live = new Map(rows?.map(([name = '', value = '']) => [name, value]))
  return Object.entries(settings)
    .filter(([name, wanted]) => live.get(name) !== wanted)
    .map(([name, wanted]) => ({ aspect: name, is: live.get(name) ?? null, wanted }))
}

async function makeCluster({ name, port }: PostgresClusterResource, machine: Machine): Promise<void> {
  const version = await newestVersion(machine)
  for (const path of foldersOf(version, name)) {
    if ((await statOf(machine, path)) === undefined) continue
    throw new Error(
      `${path} is there without its cluster, and may hold data: move it away, then deploy again.`,
    )
  }
  const making = join(machine.root, makingPath)
  await mkdir(dirname(making), { recursive: true })
  await writeFile(making, '', { flush: true })
  const options = [
    '--port',
    String(port),
    '--start-conf',
    'auto',
    '--encoding',
    'UTF8',
    '--locale',
    'C.UTF-8',
  ]
  await runOrThrow(machine, 'pg_createcluster', ...options, version, name, '--', '--data-checksums')
  await rm(making)
}

/** Removes what a killed creator left of a cluster: the marker says that nothing was ever stored in it. */
async function removeHalfMade({ name }: PostgresClusterResource, machine: Machine): Promise<void> {
  const version = await newestVersion(machine)
  // A boot may have started it meanwhile; if it is too incomplete for this command, its folders are removed below.
  await machine.run('pg_dropcluster', ['--stop', version, name])
  for (const path of foldersOf(version, name)) {
    await rm(join(machine.root, path), { recursive: true, force: true })
  }
  await rm(join(machine.root, makingPath))
}

const foldersOf = (version: string, name: string): readonly string[] =>
  ['/etc/postgresql', '/var/lib/postgresql'].map((folder) => `${folder}/${version}/${name}`)

async function newestVersion(machine: Machine): Promise<string> {
  const folder = '/usr/lib/postgresql'
  const versions = await readdir(join(machine.root, folder)).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return []
    throw error
  })
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  if (newest === undefined) throw new Error(`There is no PostgreSQL in ${folder}: is its package installed?`)
  return newest
}

function filesOf(wanted: PostgresClusterResource, cluster: Cluster): readonly FileResource[] {
  const lines = Object.entries(wanted.settings).map(([key, value]) => `${key} = '${value}'\n`)
  return [
    clusterFile(wanted, cluster, { name: 'conf.d/soen.conf', content: lines.join('') }),
    startConf(wanted, cluster, 'auto'),
  ]
}

/** Whether the cluster starts at boot. */
function startConf(
  wanted: PostgresClusterResource,
  cluster: Cluster,
  start: 'auto' | 'manual',
): FileResource {
  return clusterFile(wanted, cluster, { name: 'start.conf', content: `${start}\n` })
}

function clusterFile(
  wanted: PostgresClusterResource,
  { version }: Cluster,
  { name, content }: { readonly name: string; readonly content: string },
): FileResource {
  const path = `/etc/postgresql/${version}/${wanted.name}/${name}`
  return { kind: 'file', path, content, mode: 0o644, owner: 'postgres', group: 'postgres' }
}
