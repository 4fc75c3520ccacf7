import { MlflowServerError, type MlflowServerErrorCode } from '@soen/mlflow-server'
import { HostError, type HostErrorCode } from '../errors.ts'
import { chainOf, namedCause } from './named-cause.ts'

/** An error as it is sent from one process to another. */
export interface Explained {
  readonly code: HostErrorCode | MlflowServerErrorCode
  /** What happened. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string
  /** The messages of its causes, outermost first. */
  readonly causes: readonly string[]
}

/** Names an error by what is behind it; one without a name is a bug of ours. */
export function explain(error: unknown): Explained {
  const named = namedCause(error)
  const { code, hint, docs } = isNamed(named) ? named : unexpected(named)
  const [message = String(named), ...causes] = chainOf(named)
  return { code, message, hint, docs, causes }
}

function isNamed(error: unknown): error is HostError | MlflowServerError {
  return error instanceof HostError || error instanceof MlflowServerError
}

function unexpected(cause: unknown): HostError {
  return new HostError('The program on the machine met something that it has no name for.', {
    code: 'SOEN_UNEXPECTED',
    hint: 'Collect what helps: soen support-bundle.',
    cause,
  })
}
