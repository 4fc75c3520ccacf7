import { expect, test } from 'vitest'
import type { TfEvent } from './event.ts'
import { FolderSurvey } from './folder-survey.ts'

const point = (step: number): TfEvent => ({ timestampMs: 1, step, scalars: [{ tag: 'a', value: step }] })
const restart = (step: number): TfEvent => ({ timestampMs: 1, step, scalars: [], isRestart: true })
const hparams: TfEvent = { timestampMs: 1, step: 0, scalars: [], hparams: { lr: 1 } }

function stepsLeft(chunks: readonly (readonly TfEvent[])[]): number[] {
  const survey = new FolderSurvey()
  for (const events of chunks) survey.note({ folder: '', events })
  const left = chunks.flatMap((events) => survey.leaveOutTakenBack({ folder: '', events }))
  return left.flatMap(({ step, scalars }) => scalars.map(() => step))
}

test('what a restart takes back is left out wherever it lies, and what comes after it stays', () => {
  expect(stepsLeft([[restart(0), point(1), point(2)], [point(3)], [restart(2), point(2), point(3)]])).toEqual(
    [1, 2, 3],
  )
  expect(stepsLeft([[point(1), point(5), restart(5), point(6), restart(3), point(3), point(9)]])).toEqual([
    1, 3, 9,
  ])
  expect(stepsLeft([[point(1), point(2)]])).toEqual([1, 2])
})

test('a folder of hyperparameters belongs to the curves above it, and a run of a sweep to itself', () => {
  const survey = new FolderSurvey()
  survey.note({ folder: 'fit', events: [point(1)] })
  survey.note({ folder: 'fit/1700.5', events: [hparams, point(1)] })
  survey.note({ folder: 'fit/val', events: [point(1)] })
  survey.note({ folder: 'sweep/run-0', events: [hparams, point(1)] })
  survey.note({ folder: 'own', events: [hparams, point(1)] })
  expect(['fit', 'fit/1700.5', 'fit/val', 'sweep/run-0', 'own'].map((each) => survey.homeOf(each))).toEqual([
    'fit',
    'fit',
    'fit/val',
    'sweep/run-0',
    'own',
  ])
})
