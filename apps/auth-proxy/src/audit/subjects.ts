import type { Id } from '../canonical/ids.ts'
import type { Subject } from './record.ts'

const runPlace = /^(?<experiment>[0-9]+)\/(?<run>[0-9a-f]{32})\/artifacts(?:\/|$)/
const modelPlace = /^(?<experiment>[0-9]+)\/models\/(?<model>m-[0-9a-f]{32})\/artifacts(?:\/|$)/

/** What a request touches: its ids, and the experiment, run or model that a stored path belongs to. */
export function subjectsOf(ids: readonly Id[]): readonly Subject[] {
  const all = ids.flatMap((id) => (id.kind === 'stored-path' ? [...ownersOf(id.value), id] : [id]))
  const wellFormed = all.map(({ kind, value }) => ({ kind, value: value.toWellFormed() }))
  return [...new Map(wellFormed.map((subject) => [`${subject.kind} ${subject.value}`, subject])).values()]
}

/** The subject by which a minute's records are summed up: the run, else the first subject. */
export function mainSubject(subjects: readonly Subject[]): string {
  const main = subjects.find(({ kind }) => kind === 'run') ?? subjects[0]
  return main === undefined ? '' : `${main.kind} ${main.value}`
}

function ownersOf(path: string): readonly Subject[] {
  const { experiment, run, model } = { ...runPlace.exec(path)?.groups, ...modelPlace.exec(path)?.groups }
  return [
    ...(experiment === undefined ? [] : [{ kind: 'experiment', value: experiment } as const]),
    ...(run === undefined ? [] : [{ kind: 'run', value: run } as const]),
    ...(model === undefined ? [] : [{ kind: 'logged-model', value: model } as const]),
  ]
}
