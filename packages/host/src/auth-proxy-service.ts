import type { ServerTarget } from './server-target.ts'
import {
  accounts,
  auditFolder,
  auditSignaturesFolder,
  postgres,
  setupSecretFile,
  sockets,
  stateFolders,
  units,
} from './layout.ts'
import { payloadPaths, placeOf, sha256Of, type Payload } from './payload.ts'
import type { Resource } from './resources/resource.ts'
import { hardening } from './hardening.ts'
import { systemdUnit } from './systemd-unit.ts'
import { databasePassword, service } from './service.ts'
import type { Sizing } from './sizing.ts'

const startTimeoutMs = 60_000

/** The auth-proxy, between Caddy's socket and MLflow's. When it is stopped, current requests may finish. */
export function authProxyService(
  target: ServerTarget,
  payload: Payload,
  sizing: Sizing,
): readonly Resource[] {
  const user = accounts.authProxy
  const state = stateFolders.authProxy
  const isLocal = target.database === 'postgres'
  const password = databasePassword(
    { user, name: units.authProxy },
    payload.secrets?.databasePassword !== undefined,
  )
  return [
    { kind: 'account', name: user, home: state, groups: [] },
    { kind: 'folder', path: state, mode: 0o750, owner: user, group: user, holds: 'data' },
    service({
      name: units.authProxy,
      description: 'Front door of the SOEN server',
      type: 'exec',
      user,
      groups: [accounts.mlflow],
      command: [
        placeOf(payloadPaths.node),
        placeOf(payloadPaths.authProxy),
        'serve',
        '--listen',
        `unix:${sockets.authProxy}`,
        '--upstream',
        `unix:${sockets.mlflow}`,
        '--state',
        stateUrl(target),
        '--setup-secret-file',
        setupSecretFile,
        '--audit-folder',
        auditFolder,
        '--audit-signatures',
        auditSignaturesFolder,
        '--behind-tls-proxy',
        '--allowed-host',
        target.domain,
      ],
      ...password,
      env: { ...password.env, NODE_NO_WARNINGS: '1' },
      after: isLocal ? ['postgresql.service'] : [],
      writable: [state],
      hasRuntimeFolder: true,
      memoryMaxBytes: sizing.authProxyMemoryMaxBytes,
      // Current requests have 10 s to finish.
      stopTimeoutS: 20,
      inputs: [sha256Of(payload, payloadPaths.node), sha256Of(payload, payloadPaths.authProxy)],
    }),
    {
      kind: 'answer',
      unit: units.authProxy,
      socketPath: sockets.authProxy,
      path: '/ready',
      timeoutMs: startTimeoutMs,
    },
    ...auditSigning,
  ]
}

const signCommand = ['audit', 'sign', '--audit-folder', auditFolder, '--signatures', auditSignaturesFolder]

/** Signs the heads of the audit every few minutes, with a key that the front door's user cannot read. */
const auditSigning: readonly Resource[] = [
  { kind: 'folder', path: auditSignaturesFolder, mode: 0o755, owner: 'root', group: 'root', holds: 'data' },
  {
    kind: 'trigger',
    name: 'soen-audit-sign.timer',
    content: systemdUnit({
      Unit: { Description: 'Signs the audit of the SOEN server every few minutes' },
      Timer: { OnBootSec: '1min', OnUnitActiveSec: '5min', OnActiveSec: '1s' },
      Install: { WantedBy: 'timers.target' },
    }),
    service: systemdUnit({
      Unit: { Description: 'Signs the audit of the SOEN server' },
      Service: {
        Type: 'oneshot',
        Environment: 'NODE_NO_WARNINGS=1',
        ExecStart: [[placeOf(payloadPaths.node), placeOf(payloadPaths.authProxy), ...signCommand]],
        ...hardening,
        PrivateNetwork: true,
        ReadWritePaths: auditSignaturesFolder,
        // The front door's files are readable by its user alone.
        CapabilityBoundingSet: 'CAP_DAC_READ_SEARCH',
      },
    }),
  },
]

/**
 * Where the front door keeps its accounts. A database elsewhere is shared with MLflow: there it has a schema of its
 * own.
 */
export function stateUrl({ database }: Pick<ServerTarget, 'database'>): string {
  return database === 'postgres' ? localUrl : database.replace('+psycopg2', '')
}

const localUrl = `postgresql:///${postgres.databases.authProxy}?host=${postgres.socketFolder}&port=${postgres.port}`
