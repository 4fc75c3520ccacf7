import { english } from './english.ts'
import { german } from './german.ts'
import type { Language } from './language.ts'
import type { Words } from './words.ts'

/** The words of each language. */
export const wordsIn: Readonly<Record<Language, Words>> = { en: english, de: german }
