import { accounts, postgres } from './layout.ts'
import { maxConnectionsPerWorker } from '@soen/mlflow-server'
import type { Resource } from './resources/resource.ts'
import type { Sizing } from './sizing.ts'
import { rootFile, rootFolder } from './system.ts'

/**
 * PostgreSQL with a cluster of our own, reachable through its unix socket only: each program's database belongs to a
 * role with the name of its system account, so that there are no passwords.
 */
export function postgresServer({ mlflowWorkers, postgresSharedBuffers }: Sizing): readonly Resource[] {
  const { cluster, port, databases } = postgres
  return [
    rootFolder('/etc/postgresql-common'),
    rootFolder('/etc/postgresql-common/createcluster.d'),
    // The package would create a cluster that nobody uses.
    rootFile('/etc/postgresql-common/createcluster.d/soen.conf', 'create_main_cluster = false\n'),
    { kind: 'packages', names: ['postgresql'] },
    {
      kind: 'postgres-cluster',
      name: cluster,
      port,
      settings: {
        listen_addresses: '',
        shared_buffers: postgresSharedBuffers,
        // Some more for the front door and for administrators.
        max_connections: String(mlflowWorkers * maxConnectionsPerWorker + 20),
        log_min_duration_statement: '5s',
      },
    },
    { kind: 'postgres-database', name: databases.mlflow, owner: accounts.mlflow, port },
    { kind: 'postgres-database', name: databases.authProxy, owner: accounts.authProxy, port },
  ]
}
