import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const rooms = '{packages,apps}/*/src'
// Tests of real servers and hosts wait half of their time. The same number for all, so that they run side by side:
// what differs runs one after the other.
const maxWorkers = availableParallelism() + 1

// To import everything anew for each file took half of their time: a test leaves nothing behind in its process.
const isolate = false

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            `${rooms}/**/*.test.ts`,
            'docs/test/**/*.test.ts',
            'examples/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/*.{live,host}.test.ts', '**/node_modules/**'],
          // A busy machine is no failure.
          testTimeout: 300_000,
          isolate,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'live',
          include: [`${rooms}/**/*.live.test.ts`, '{docs,examples,scripts}/**/*.live.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testbed/src/shared-mlflow.ts'],
          testTimeout: 480_000,
          hookTimeout: 480_000,
          isolate,
          maxWorkers,
        },
      },
      {
        // Boots real hosts: needs root.
        test: {
          name: 'host',
          include: [`${rooms}/**/*.host.test.ts`],
          exclude: ['**/node_modules/**'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers,
        },
      },
    ],
  },
})
