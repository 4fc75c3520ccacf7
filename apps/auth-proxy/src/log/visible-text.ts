/**
 * What a terminal would take for a command or that turns the reading direction, C0 and C1 controls and the marks of
 * bidirectional text: in a name they make a line say something else. Line ends and tabs stay.
 */
const unseen = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** A text with whatever would act on the terminal spelled out, as in `\u001b`; inside JSON it means the same. */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
