import { MlflowError } from './mlflow-error.ts'

/** MLflow's error codes that are used here, with the status its server answers with. */
const STATUSES = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const

/** MLflow's code for the reason. */
export type RefusalCode = keyof typeof STATUSES

/** An error like a server's, so that both are handled alike. */
export function refusal(errorCode: RefusalCode, message: string, hint?: string): MlflowError {
  return new MlflowError({
    code: errorCode === 'TEMPORARILY_UNAVAILABLE' ? 'SOEN_SERVER_UNREACHABLE' : 'SOEN_ITEM_REJECTED',
    message,
    hint: hint ?? 'Mend the call; nothing of it was done.',
    status: STATUSES[errorCode],
    errorCode,
  })
}
