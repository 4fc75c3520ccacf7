/** The part of a vitest module that tells how long it took. */
export interface TimedModule {
  readonly relativeModuleId: string
  /** Durations in milliseconds. */
  diagnostic(): { readonly duration: number; readonly collectDuration: number }
}

/** The slowest files, one line each: seconds including imports, and the path. */
export function slowestFiles(modules: readonly TimedModule[], count = 15): readonly string[] {
  return modules
    .map((module) => {
      const { duration, collectDuration } = module.diagnostic()
      return { seconds: (duration + collectDuration) / 1000, path: module.relativeModuleId }
    })
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ seconds, path }) => `${seconds.toFixed(1).padStart(7)} s  ${path}`)
}
