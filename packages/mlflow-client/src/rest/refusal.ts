import { MlflowError } from './mlflow-error.ts'

/** Codes of MLflow that are answered here, with the status its server answers. */
const STATUSES = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const

/** Why something is not done, in the words of MLflow. */
export type RefusalCode = keyof typeof STATUSES

/** A refusal that looks like a server's: who handles one handles both. */
export function refusal(errorCode: RefusalCode, message: string, hint?: string): MlflowError {
  return new MlflowError({
    code: errorCode === 'TEMPORARILY_UNAVAILABLE' ? 'SOEN_SERVER_UNREACHABLE' : 'SOEN_ITEM_REJECTED',
    message,
    hint: hint ?? 'Mend the call; nothing of it was done.',
    status: STATUSES[errorCode],
    errorCode,
  })
}
