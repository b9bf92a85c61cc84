import * as z from 'zod/mini';

/** A number; Flink writes NaN and the infinities as text: `"NaN"`. */
export const number = z.union([z.number(), z.pipe(z.enum(['NaN', 'Infinity', '-Infinity']), z.transform(Number))]);

/** Text that an older server leaves out, or a newer one writes as `null`. */
export const text = z.pipe(
  z.nullish(z.string()),
  z.transform((value) => value ?? undefined),
);

export const flag = z.pipe(
  z.nullish(z.boolean()),
  z.transform((value) => value ?? undefined),
);

/** A number that may be missing. */
export const maybeNumber = z.pipe(
  z.nullish(number),
  z.transform((value) => value ?? undefined),
);

/** An answer whose content does not matter. */
export const anything = z.unknown();
