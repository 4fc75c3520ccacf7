/**
 * Characters that control a terminal or change the reading direction: C0 and C1 controls and bidirectional marks. In
 * a name they could make a line say something else. Line feeds and tabs are allowed.
 */
const unseen = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** Escapes such characters, as in `\u001b`; inside JSON the meaning stays the same. */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
