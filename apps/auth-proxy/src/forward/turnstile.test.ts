import { describe, expect, it } from 'vitest'
import { Turnstile } from './turnstile.ts'

function task(): { run: () => Promise<void>; started: boolean; finish: () => void } {
  const gate = Promise.withResolvers<void>()
  const self = {
    started: false,
    finish: gate.resolve,
    run: () => {
      self.started = true
      return gate.promise
    },
  }
  return self
}

const allOver = (turns: readonly (Promise<void> | undefined)[]): Promise<unknown> =>
  Promise.all(turns.map(async (turn) => await turn))

describe('Turnstile', () => {
  it('runs no more than its slots at once, in the order of arrival', async () => {
    const turnstile = new Turnstile({ slots: 2, maxWaiting: 2 })
    const tasks = [task(), task(), task(), task()]
    const entered = tasks.map(({ run }) => turnstile.enter(run))
    expect(tasks.map(({ started }) => started)).toEqual([true, true, false, false])
    tasks[1]?.finish()
    await entered[1]
    await Promise.resolve()
    expect(tasks.map(({ started }) => started)).toEqual([true, true, true, false])
    for (const { finish } of tasks) finish()
    await allOver(entered)
    expect(tasks.every(({ started }) => started)).toBe(true)
  })

  it('turns away at once who would wait too long', async () => {
    const turnstile = new Turnstile({ slots: 1, maxWaiting: 1 })
    const [running, waiting, tooMuch] = [task(), task(), task()]
    const entered = [turnstile.enter(running.run), turnstile.enter(waiting.run)]
    expect(turnstile.enter(tooMuch.run)).toBeUndefined()
    running.finish()
    waiting.finish()
    await allOver(entered)
    expect(tooMuch.started).toBe(false)
  })

  it('frees the slot of a task that fails', async () => {
    const turnstile = new Turnstile({ slots: 1, maxWaiting: 0 })
    await expect(turnstile.enter(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await turnstile.enter(() => Promise.resolve('next'))).toBe('next')
  })

  it('never lets a newcomer take the slot that was promised to one who waits', async () => {
    const turnstile = new Turnstile({ slots: 1, maxWaiting: 1 })
    const [first, second, third] = [task(), task(), task()]
    const entered = [turnstile.enter(first.run), turnstile.enter(second.run)]
    first.finish()
    await entered[0]
    const late = turnstile.enter(third.run)
    await Promise.resolve()
    expect([second.started, third.started]).toEqual([true, false])
    second.finish()
    third.finish()
    await allOver([...entered, late])
    expect(third.started).toBe(true)
  })
})
