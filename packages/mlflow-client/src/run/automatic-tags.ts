import type { Identity } from '../settings/settings.ts'
import type { GitCheckout } from './git.ts'

/** What is known about the training process. */
export interface RunSurroundings {
  readonly identity: Identity
  readonly userId: string
  readonly runName: string
  /** The program that was started. */
  readonly program: string
  readonly host: string
  readonly clientVersion: string
  readonly git?: GitCheckout | undefined
}

/** The tags of every run: MLflow's own, which its page shows, and ours. */
export function automaticTags(about: RunSurroundings): Record<string, string> {
  const { identity, git } = about
  const tags: Record<string, string | number | undefined> = {
    'mlflow.user': about.userId,
    'mlflow.runName': about.runName,
    'mlflow.source.name': about.program,
    'mlflow.source.type': 'LOCAL',
    'mlflow.source.git.commit': git?.commit,
    'mlflow.source.git.branch': git?.branch,
    'soen.client_version': about.clientVersion,
    'soen.host': about.host,
    'soen.project': identity.project,
    'soen.member': identity.member,
    'soen.repeat': identity.repeat,
    'soen.seed': identity.seed,
  }
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
}
