import { defineConfig } from 'vitest/config'

const rooms = '{packages,apps}/*/src'

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
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'live',
          include: [`${rooms}/**/*.live.test.ts`, '{docs,examples,scripts}/**/*.live.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testbed/src/shared-mlflow.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
      {
        // Boots real hosts: needs root.
        test: {
          name: 'host',
          include: [`${rooms}/**/*.host.test.ts`],
          exclude: ['**/node_modules/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
        },
      },
    ],
  },
})
