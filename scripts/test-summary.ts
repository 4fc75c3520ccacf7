/** The part of a vitest module that counts. */
export interface CountedModule {
  /** Errors of the file itself: it did not load, a hook failed. */
  errors(): readonly unknown[]
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> }
}

/** Counts a run; a test that was skipped, a file that did not load and a stray error all count as failed. */
export function summarise(
  modules: readonly CountedModule[],
  strayErrors: readonly unknown[],
): { readonly passed: number; readonly failed: number } {
  const states = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  )
  const passed = states.filter((state) => state === 'passed').length
  const broken = modules.filter((module) => module.errors().length > 0).length
  return { passed, failed: states.length - passed + broken + strayErrors.length }
}
