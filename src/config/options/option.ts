import type { Option, OptionType } from './types.ts';

interface Extras<T> {
  readonly default?: T;
  readonly deprecated?: readonly string[];
  readonly fallback?: readonly string[];
  readonly since?: string;
}

/** A row of the option table. */
export function option<T>(key: string, type: OptionType<T>, summary: string, extras: Extras<T> = {}): Option<T> {
  return {
    key,
    type,
    summary,
    default: extras.default,
    deprecated: extras.deprecated ?? [],
    fallback: extras.fallback ?? [],
    since: extras.since,
  };
}
