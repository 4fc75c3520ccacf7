import { isDeepStrictEqual } from 'node:util'
import type { Feature } from '../routes/rule.ts'
import { settingKeys } from './setting-keys.ts'
import type { SettingName } from './setting-keys.ts'
import type { ProxySettings } from './read-settings.ts'

/** What a front door takes over without a restart. */
export interface LiveSettings {
  readonly allowedHosts: ReadonlySet<string>
  readonly features: ReadonlySet<Feature>
}

/** What a reload did. */
export interface Reloaded {
  /** In force from now on. */
  readonly changed: readonly SettingName[]
  /** Written differently, but read only at the start. */
  readonly needRestart: readonly SettingName[]
}

/** The settings that a front door runs by: what can change while it runs, does. */
export class RunningSettings {
  #inForce: ProxySettings
  #live: LiveSettings

  constructor(atStart: ProxySettings) {
    this.#inForce = atStart
    this.#live = liveOf(atStart)
  }

  /** What a request is checked by. */
  get live(): LiveSettings {
    return this.#live
  }

  get inForce(): ProxySettings {
    return this.#inForce
  }

  /** Takes over what can change; `read` throws for settings that are not good, and then nothing changes. */
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
