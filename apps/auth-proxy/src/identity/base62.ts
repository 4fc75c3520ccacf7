const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random base-62 characters, each equally likely. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length - text.length))) {
      // The last 8 of the 256 values would make the first 8 digits more likely: they are skipped.
      if (byte < 248) text += digits[byte % 62] ?? ''
    }
  }
  return text
}

/** A number in base 62, padded with zeros. */
export function toBase62(value: number, length: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = `${digits[rest % 62] ?? ''}${text}`
  return text.padStart(length, '0')
}
