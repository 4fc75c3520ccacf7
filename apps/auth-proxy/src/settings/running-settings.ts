import { isDeepStrictEqual } from 'node:util'
import type { Feature } from '../routes/rule.ts'
import { settingKeys } from './setting-keys.ts'
import type { SettingName } from './setting-keys.ts'
import type { ProxySettings } from './read-settings.ts'

/** The settings that a running front door applies without a restart. */
export interface LiveSettings {
  readonly allowedHosts: ReadonlySet<string>
  readonly features: ReadonlySet<Feature>
}

/** The result of a reload. */
export interface Reloaded {
  /** Applied from now on. */
  readonly changed: readonly SettingName[]
  /** Changed, but read only at the start. */
  readonly needRestart: readonly SettingName[]
}

/** The settings of a running front door, which a reload updates as far as they can change. */
export class RunningSettings {
  #inForce: ProxySettings
  #live: LiveSettings

  constructor(atStart: ProxySettings) {
    this.#inForce = atStart
    this.#live = liveOf(atStart)
  }

  /** The settings that the current request is checked by. */
  get live(): LiveSettings {
    return this.#live
  }

  get inForce(): ProxySettings {
    return this.#inForce
  }

  /** Applies the settings that can change; when `read` throws for invalid ones, nothing changes. */
  reload(read: () => ProxySettings): Reloaded {
    const [before, next] = [this.#inForce, read()]
    const different = settingKeys.filter(({ key }) => !isDeepStrictEqual(before[key], next[key]))
    const { allowedHosts, features, teamName, logLevel, drainSeconds } = next
    this.#inForce = { ...before, allowedHosts, features, teamName, logLevel, drainSeconds }
    this.#live = liveOf(this.#inForce)
    const names = (isLive: boolean): readonly SettingName[] =>
      different.filter((setting) => setting.isLive === isLive).map(({ key }) => key)
    return { changed: names(true), needRestart: names(false) }
  }
}

function liveOf({ allowedHosts, features }: ProxySettings): LiveSettings {
  return { allowedHosts: new Set(allowedHosts), features: new Set(features) }
}
