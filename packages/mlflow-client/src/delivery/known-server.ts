import type { Transport } from '../rest/transport.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { RequestBudget } from './request-budget.ts'
import { ServerHealth, type HealthNotes } from './server-health.ts'

/** As many as MLflow's workers handle at once on a small server. */
const REQUESTS_AT_ONCE = 4
/** Files take long: records must not wait for them. */
const FILES_AT_ONCE = 2

/** What all runs of one client share about a server: its health, the request budget, and cached answers. */
export interface KnownServer {
  readonly health: ServerHealth
  /** A transport within the shared budget. */
  readonly limit: (transport: Transport) => Transport
  /** The id of an experiment, requested once and then cached. */
  readonly experimentId: (name: string, ask: () => Promise<string>) => Promise<string>
  /** Clear the cache: its answers are no longer valid. */
  readonly forget: () => void
}

/** Create the shared state of a server. */
export function knownServer({ retry }: RemoteSettings, notes?: HealthNotes): KnownServer {
  const requests = new RequestBudget(REQUESTS_AT_ONCE)
  const files = new RequestBudget(FILES_AT_ONCE)
  const experiments = new Map<string, Promise<string>>()
  return {
    health: new ServerHealth(retry, { notes }),
    limit: (transport) => ({
      trackingUri: transport.trackingUri,
      json: async (...call) => await requests.spend(() => transport.json(...call)),
      raw: async (...call) => await files.spend(() => transport.raw(...call)),
    }),
    experimentId: async (name, ask) => {
      const id = experiments.get(name) ?? ask()
      experiments.set(name, id)
      try {
        return await id
      } catch (error) {
        experiments.delete(name)
        throw error
      }
    },
    forget: () => experiments.clear(),
  }
}
