import type { Subject } from './record.ts'

interface Place {
  readonly kind: Subject['kind']
  readonly path: readonly string[]
}

const runInfo = ['run', 'info'] as const

/**
 * Changes whose response has what the request could not know: the id of what was created, or the experiment of a run.
 */
const places: ReadonlyMap<string, readonly Place[]> = new Map([
  ['POST {api}/2.0/mlflow/experiments/create', [{ kind: 'experiment', path: ['experiment_id'] }]],
  ['POST {api}/2.0/mlflow/runs/create', [{ kind: 'run', path: [...runInfo, 'run_id'] }]],
  ['POST {api}/2.0/mlflow/runs/update', [{ kind: 'experiment', path: ['run_info', 'experiment_id'] }]],
  ['POST {api}/2.0/mlflow/logged-models', [{ kind: 'logged-model', path: ['model', 'info', 'model_id'] }]],
])

/** Whether the responses of a route are read for the record. */
export function isTelling(route: string): boolean {
  return places.has(route)
}

/** The ids in a response of MLflow; none in an error or anything that is not JSON. */
export function subjectsOfAnswer(route: string, answer: Buffer): readonly Subject[] {
  let json: unknown
  try {
    json = JSON.parse(answer.toString('utf8'))
  } catch {
    return []
  }
  return (places.get(route) ?? []).flatMap(({ kind, path }) => {
    const value = path.reduce(field, json)
    return typeof value === 'string' && value !== '' ? [{ kind, value: value.toWellFormed() }] : []
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
