import { MlflowError } from '../rest/mlflow-error.ts'

/** MLflow's own codes, with the status its server answers. */
const STATUSES = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const

/** Why a store does not do what it is asked to, in the words a server would use. */
export type RefusalCode = keyof typeof STATUSES

/** A refusal that looks like the server's: who handles one handles both. */
export function refusal(errorCode: RefusalCode, message: string, hint?: string): MlflowError {
  return new MlflowError({
    code: errorCode === 'TEMPORARILY_UNAVAILABLE' ? 'SOEN_SERVER_UNREACHABLE' : 'SOEN_ITEM_REJECTED',
    message,
    hint: hint ?? 'Mend the call; everything else in the store is untouched.',
    status: STATUSES[errorCode],
    errorCode,
  })
}
