import { describeFailure } from '../errors/failure.ts'
import type { Run } from './run.ts'

/** Do some work in a run and end it: FINISHED when `work` returns, FAILED when it throws. */
export async function withRun<Result>(
  run: Run,
  work: (run: Run) => Result | Promise<Result>,
): Promise<Result> {
  try {
    const result = await work(run)
    await run.end()
    return result
  } catch (error) {
    const { line, whole } = describeFailure(error)
    run.tag('soen.error', line)
    run.text(whole, 'soen/error.txt')
    await run.end({ status: 'FAILED' })
    throw error
  }
}
