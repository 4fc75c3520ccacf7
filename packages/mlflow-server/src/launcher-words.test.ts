import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { launcherNote, launcherRefusal } from './launcher-words.ts'
import { mlflowDatabase } from './mlflow-profile.ts'

const refused = [...readFileSync(mlflowDatabase, 'utf8').matchAll(/refuse\("(SOEN_\w+)"/g)].map(
  ([, code = '']) => code,
)

test.each([...new Set(refused)])('knows what to do where the launcher says %s', (code) => {
  const said = `Traceback\n${code}: The database mlflow is not fit.\nlast line\n`
  expect(launcherRefusal(said)).toMatchObject({ code, message: 'The database mlflow is not fit.' })
})

test('takes nothing else for a refusal or a note', () => {
  expect(launcherRefusal('see SOEN_DATABASE_NEWER: x\nSOEN_OTHER: y')).toBeUndefined()
  expect(launcherNote('INFO soen: x')).toBeUndefined()
  expect(launcherNote('soen: The database was migrated.')).toBe('The database was migrated.')
})
