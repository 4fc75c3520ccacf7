import { expect, test } from 'vitest'
import { slowestFiles, type TimedModule } from './slowest-files.ts'

const module = (relativeModuleId: string, duration: number, collectDuration: number): TimedModule => ({
  relativeModuleId,
  diagnostic: () => ({ duration, collectDuration }),
})

test('names the slowest files first, with the time of their imports', () => {
  const modules = [
    module('quick.test.ts', 10, 20),
    module('slow.test.ts', 61_000, 500),
    module('b.test.ts', 900, 0),
  ]
  expect(slowestFiles(modules, 2)).toEqual(['   61.5 s  slow.test.ts', '    0.9 s  b.test.ts'])
})
