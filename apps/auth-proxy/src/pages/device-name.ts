import type { Words } from './words/words.ts'

type Signs = readonly (readonly [sign: RegExp, name: string])[]

// Most browsers also claim the names that are further down this list.
const programs: Signs = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPiOS)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/\S+ .*Safari\//, 'Safari'],
]
const systems: Signs = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/** The usual name of a browser, from its User-Agent. */
export function deviceName(userAgent: string, words: Words): string {
  const [program, system] = [nameIn(programs, userAgent), nameIn(systems, userAgent)]
  if (program === undefined) return system === undefined ? words.otherProgram : system
  return system === undefined ? program : words.device(program, system)
}

function nameIn(signs: Signs, userAgent: string): string | undefined {
  return signs.find(([sign]) => sign.test(userAgent))?.[1]
}
