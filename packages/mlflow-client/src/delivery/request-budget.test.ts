import { expect, test } from 'vitest'
import { MlflowError } from '../rest/mlflow-error.ts'
import { RequestBudget } from './request-budget.ts'

/** Requests that the test completes. */
function requests() {
  const begun: string[] = []
  const answers = new Map<string, PromiseWithResolvers<void>>()
  return {
    begun,
    request: (name: string) => async (): Promise<void> => {
      begun.push(name)
      const answer = Promise.withResolvers<void>()
      answers.set(name, answer)
      await answer.promise
    },
    answer: async (name: string, error?: unknown): Promise<void> => {
      const answer = answers.get(name)
      if (error === undefined) answer?.resolve()
      else answer?.reject(error)
      await new Promise(setImmediate)
    },
  }
}

const trouble = new MlflowError({ code: 'SOEN_SERVER_ERROR', message: '', hint: '', status: 503 })

test('lets no more requests go at once than it has, and the others in the order in which they came', async () => {
  const budget = new RequestBudget(2)
  const { request, begun, answer } = requests()
  for (const name of ['a', 'b', 'c', 'd']) void budget.spend(request(name))
  await new Promise(setImmediate)
  expect(begun).toEqual(['a', 'b'])
  await answer('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  // A later request comes after those that wait.
  void budget.spend(request('e'))
  await answer('a')
  await answer('c')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('lets fewer go at once while the server has too much, and more again when it is well', async () => {
  const budget = new RequestBudget(4)
  const { request, begun, answer } = requests()
  const names = Array.from({ length: 30 }, (_, index) => `r${index}`)
  for (const name of names) void budget.spend(request(name)).catch(() => {})
  await new Promise(setImmediate)
  for (const name of ['r0', 'r1', 'r2']) await answer(name, trouble)
  const underWay = (answered: number): number => begun.length - answered
  expect(underWay(3)).toBe(1)
  for (let index = 3; index < 20; index += 1) await answer(`r${index}`)
  expect(underWay(20)).toBe(4)
})

test('a refusal of an item is no trouble of the server', async () => {
  const budget = new RequestBudget(2)
  const refusal = new MlflowError({
    code: 'SOEN_SERVER_ERROR',
    message: '',
    hint: '',
    status: 400,
    verdict: 'item',
  })
  await expect(budget.spend(() => Promise.reject(refusal))).rejects.toBe(refusal)
  const { request, begun } = requests()
  for (const name of ['a', 'b']) void budget.spend(request(name))
  await new Promise(setImmediate)
  expect(begun).toEqual(['a', 'b'])
})
