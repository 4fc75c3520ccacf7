/** Path of the example training that the README and `npm start` run. */
export const soenSurrogate: string = new URL('./soen-surrogate/train.ts', import.meta.url).pathname
