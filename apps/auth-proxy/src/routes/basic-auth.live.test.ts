import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { isAtLeast, leastRole } from '../decide/least-role.ts'
import type { Level } from './rule.ts'
import { rules } from './rules.ts'

/** The level that the verb in a validator's name stands for. */
const verbs: readonly (readonly [verbs: RegExp, level: Level])[] = [
  [/^sender_is_admin$/, 'admin'],
  [/^validate_can_(?:delete|manage|rename)_/, 'manage'],
  [/^validate_can_(?:create|update|log|start|link|set|add|remove|register|invoke)_/, 'edit'],
  [/^validate_can_(?:read|view|get|search|query|batch_get)_/, 'read'],
]

/** Where MLflow requires more, because it treats removing a comment or a name like deleting the thing that has it. */
const editsToUs = new Set([
  'DELETE {api}/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}',
  'DELETE {api}/2.0/mlflow/model-versions/delete-tag',
  'DELETE {api}/2.0/mlflow/registered-models/alias',
  'DELETE {api}/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}',
])

const compared = Object.entries(rules).filter(
  ([, { feature, level }]) => feature === undefined && level !== 'deny',
)
const validators = new Map<string, string>()

beforeAll(async () => {
  const script = fileURLToPath(new URL('../testing/python/basic_auth_validators.py', import.meta.url))
  const python = spawn(inject('mlflow').python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = compared.map(([name]) => {
    const [method, path = ''] = name
      .replace('{api}', '/api')
      .replaceAll(/\{\w+(?::path)?\}/g, 'x1')
      .split(' ')
    return JSON.stringify({ method, path })
  })
  python.stdin.end(`${lines.join('\n')}\n`)
  const answers = (await text(python.stdout)).trim().split('\n')
  for (const [index, [name]] of compared.entries()) {
    const validator: string | null = JSON.parse(answers[index] ?? '')
    if (validator !== null) validators.set(name, validator)
  }
})

const levelAskedFor = (name: string): Level | undefined =>
  verbs.find(([verb]) => verb.test(validators.get(name) ?? ''))?.[1]

describe("beside MLflow's own basic-auth", () => {
  it('most routes can be compared', () => {
    expect(compared.filter(([name]) => levelAskedFor(name) !== undefined).length).toBeGreaterThan(120)
  })

  it('no route needs less, but for taking back what the same role may give', () => {
    const looser = compared.filter(([name, { level }]) => {
      const [least, theirs] = [leastRole(level), leastRole(levelAskedFor(name) ?? 'public')]
      return least === undefined || theirs === undefined || !isAtLeast(least, theirs)
    })
    expect(new Set(looser.map(([name]) => name))).toEqual(editsToUs)
  })
})
