/** The pages of the documentation's folder `troubleshooting`, each with the codes that have a section there. */
export const settingsErrorPages = {
  terminal: [
    'SOEN_SETTINGS_MISSING',
    'SOEN_SETTINGS_SYNTAX',
    'SOEN_SETTINGS_SECRET',
    'SOEN_SETTINGS_UNKNOWN_KEY',
    'SOEN_SETTINGS_INVALID',
    'SOEN_SETTINGS_TARGET_UNKNOWN',
  ],
} as const

/** Every kind of error in a settings file. */
export type SettingsErrorCode = (typeof settingsErrorPages)['terminal'][number]

/** A problem in a settings file. Lines and columns count from 1. */
export interface SettingsProblem {
  readonly code: SettingsErrorCode
  /** What is wrong, prefixed with its position in the file. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  readonly line?: number
  readonly column?: number
}

/** Settings with errors. The message is the first problem's; `problems` has all of them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code: SettingsErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string
  readonly problems: readonly SettingsProblem[]

  constructor(problems: readonly [SettingsProblem, ...SettingsProblem[]], options?: ErrorOptions) {
    const [first, ...others] = problems
    super(others.length === 0 ? first.message : `${first.message} (and ${others.length} more)`, options)
    this.code = first.code
    this.hint = first.hint
    this.docs = `/troubleshooting/terminal/#${first.code.toLowerCase()}`
    this.problems = problems
  }
}
