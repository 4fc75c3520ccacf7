import type { GuardedProgram } from '@soen/mlflow-server'

/** Keeps the last part of a program's output, for the error message when it fails. */
export function followOutput({ stdout, stderr }: Pick<GuardedProgram, 'stdout' | 'stderr'>): () => string {
  let output = ''
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000)
    })
  }
  return () => output
}
