/** The part of a vitest module that counts. */
export interface CountedModule {
  readonly relativeModuleId: string
  /** Errors of the file itself: it did not load, or a hook failed. */
  errors(): readonly unknown[]
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> }
}

/** The result of a test run. */
export interface Summary {
  readonly passed: number
  readonly failed: number
  /** Paths of the files with failures, relative to the workspace's folder. */
  readonly failedFiles: readonly string[]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Sums up a run; a skipped test, a file that did not load and a stray error all count as failed. */
export function summarise(modules: readonly CountedModule[], strayErrors: readonly unknown[]): Summary {
  const counts = modules.map((module) => {
    const states = [...module.children.allTests()].map((test) => test.result().state)
    const passed = states.filter((state) => state === 'passed').length
    const broken = module.errors().length > 0 ? 1 : 0
    return { path: module.relativeModuleId, passed, failed: states.length - passed + broken }
  })
  return {
    passed: sum(counts.map(({ passed }) => passed)),
    failed: sum(counts.map(({ failed }) => failed)) + strayErrors.length,
    failedFiles: counts.filter(({ failed }) => failed > 0).map(({ path }) => path),
  }
}
