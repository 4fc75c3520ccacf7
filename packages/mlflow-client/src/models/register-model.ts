import { setTimeout as pause } from 'node:timers/promises'
import { deliveryTransport } from '../delivery/delivery-transport.ts'
import { ClientError } from '../errors/client-error.ts'
import { listArtifacts } from '../rest/artifacts.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import {
  createModelVersion,
  getModelVersion,
  searchModelVersions,
  type VersionName,
} from '../rest/model-versions.ts'
import { createRegisteredModel, setModelAlias } from '../rest/registered-models.ts'
import { getRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { WireModelVersion } from '../rest/wire-models.ts'
import type { Run } from '../run/run.ts'
import type { Settings } from '../settings/settings.ts'
import { logModel, type Model } from './log-model.ts'

/** What a version of a registered model is created from. */
export interface Registration {
  /** Name of the registered model, which is created if it does not exist. */
  readonly name: string
  /** A model to log first, so that one call logs and registers it. */
  readonly model?: Omit<Model, 'path'> | undefined
  /** The model's folder among the run's artifacts; `model` by default. */
  readonly path?: string | undefined
  /** Aliases to set to this version, for example `champion`. */
  readonly aliases?: readonly string[] | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly description?: string | undefined
  /** How long to wait for the model's delivery, and then for the registry, in ms; 30,000 by default. */
  readonly timeoutMs?: number | undefined
}

const DEFAULT_TIMEOUT_MS = 30_000
const LOOK_EVERY_MS = 200

/**
 * Register a model that is logged by `logModel`, or here: once it is on the server, a version of it, with its run, and when that is
 * ready its aliases. Doing it again finds the version that is there.
 *
 * @param client - a `Client`, or anything with parsed settings
 * @param run - or its id on the server: a model that was delivered late is registered by the next program
 * @throws ClientError when the model is not on the server, or the registry refuses
 */
export async function registerModel(
  client: { readonly settings: Settings },
  run: Run | string,
  { name, path = 'model', model, aliases = [], timeoutMs = DEFAULT_TIMEOUT_MS, ...described }: Registration,
): Promise<VersionName> {
  if (model !== undefined && typeof run !== 'string') logModel(run, { ...model, path })
  const { settings } = client
  if (!settings.active || settings.target === 'file') throw noRegistry()
  const transport = deliveryTransport(settings)
  const runId = typeof run === 'string' ? run : await deliveredRun(run, timeoutMs)
  const found = runId === undefined ? undefined : await findModel(transport, runId, path)
  if (runId === undefined || found === undefined) throw notThere(name, path)
  await ensureRegisteredModel(transport, name)
  const version =
    (await findVersion(transport, { name, runId, source: found })) ??
    (await createModelVersion(transport, {
      name,
      source: found,
      runId,
      ...(described.description !== undefined && { description: described.description }),
      tags: Object.entries(described.tags ?? {}).map(([key, value]) => ({ key, value })),
    }))
  await waitUntilReady(transport, version, timeoutMs)
  for (const alias of aliases) await setModelAlias(transport, { name, alias, version: version.version })
  return { name, version: version.version }
}

async function deliveredRun(run: Run, timeoutMs: number): Promise<string | undefined> {
  await run.flush({ timeoutMs })
  return run.remote?.runId
}

/** The address of the model if all of it is on the server: its description is delivered last. */
async function findModel(transport: Transport, runId: string, path: string): Promise<string | undefined> {
  const files = await listArtifacts(transport, { runId, path })
  if (!files.some((file) => file.path === `${path}/MLmodel`)) return undefined
  const { info } = await getRun(transport, runId)
  return `${info.artifact_uri ?? ''}/${path}`
}

async function ensureRegisteredModel(transport: Transport, name: string): Promise<void> {
  try {
    await createRegisteredModel(transport, { name })
  } catch (error) {
    if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error
  }
}

async function findVersion(
  transport: Transport,
  { name, runId, source }: { readonly name: string; readonly runId: string; readonly source: string },
): Promise<WireModelVersion | undefined> {
  const ofRun = searchModelVersions(transport, { filter: `run_id = '${runId}'` })
  for await (const version of ofRun) if (version.name === name && version.source === source) return version
  return undefined
}

async function waitUntilReady(
  transport: Transport,
  begun: WireModelVersion,
  timeoutMs: number,
): Promise<void> {
  const end = Date.now() + timeoutMs
  for (let version = begun; version.status !== 'READY';) {
    if (version.status === 'FAILED_REGISTRATION' || Date.now() > end) throw notReady(version)
    await pause(LOOK_EVERY_MS)
    version = await getModelVersion(transport, version)
  }
}

function noRegistry(): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REJECTED',
    message: 'There is no model registry: the client logs into a folder, or not at all.',
    hint: 'Register the model at the server, once the run is there.',
  })
}

function notThere(name: string, path: string): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REJECTED',
    message: `No version of "${name}" is registered: the server has no whole model at ${path} of the run.`,
    hint: 'Log it by logModel. If the server was away, deliver the run by `soen sync`, and register it by its run id.',
  })
}

function notReady({ name, version, status, status_message: why }: WireModelVersion): ClientError {
  return new ClientError({
    code: 'SOEN_ITEM_REJECTED',
    message: `Version ${version} of "${name}" is not ready: ${[status, why].filter(Boolean).join(', ')}.`,
    hint: 'Look at the version on the page of the registry.',
  })
}
