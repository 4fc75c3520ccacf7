import { localDefaults, type LocalTarget } from '@soen/settings'
import type { Home } from './home.ts'
import { planStorage, type Storage, type StorageChoice } from './storage.ts'

/** What a platform is started with. */
export interface PlatformPlan {
  /** 0 takes any free one. */
  readonly port: number
  readonly storage: Storage
}

/** What the user chose on the command line. */
export interface PlatformChoice extends StorageChoice {
  readonly port?: number
}

/** The command line's choices, else those of soen.yaml, else the defaults. */
export function planPlatform(
  home: Home,
  choice: PlatformChoice,
  env: NodeJS.ProcessEnv,
  target: LocalTarget = localDefaults,
): PlatformPlan {
  return { port: choice.port ?? target.port, storage: planStorage(home, choice, env, target) }
}
