import { textOf } from '../support/log-line.ts';
import type { LogSink, StreamStatus, WatchSink } from '../../src/kubernetes/model/types.ts';

/** A sink that keeps what it was told, in order. */
export interface KeptWatch<T> extends WatchSink<T> {
  readonly told: string[];
  readonly statuses: StreamStatus[];
  /** Names that are there now. */
  readonly names: Set<T>;
}

export function watchSink(): KeptWatch<string> {
  const told: string[] = [];
  const statuses: StreamStatus[] = [];
  const names = new Set<string>();
  return {
    told,
    statuses,
    names,
    page(items, { first, last }) {
      if (first) names.clear();
      for (const item of items) names.add(item);
      told.push(`page ${items.join(' ')}${first ? ' first' : ''}${last ? ' last' : ''}`);
    },
    seen(items) {
      for (const item of items) names.add(item);
      told.push(`seen ${items.join(' ')}`);
    },
    gone(items) {
      for (const item of items) names.delete(item);
      told.push(`gone ${items.join(' ')}`);
    },
    status(status) {
      statuses.push(status);
      told.push(status.state);
    },
  };
}

export interface KeptLog extends LogSink {
  readonly texts: string[];
  readonly stamps: number[];
  readonly statuses: (StreamStatus | { readonly state: 'ended' })[];
}

export function logSink(): KeptLog {
  const texts: string[] = [];
  const stamps: number[] = [];
  const statuses: (StreamStatus | { readonly state: 'ended' })[] = [];
  return {
    texts,
    stamps,
    statuses,
    lines(lines) {
      stamps.push(...lines.map(({ at }) => at));
      texts.push(...lines.map(textOf));
    },
    status(status) {
      statuses.push(status);
    },
  };
}

/** The reason in the last status that has one. */
export function reason(statuses: readonly (StreamStatus | { readonly state: 'ended' })[]): string | undefined {
  const last = statuses.at(-1);
  return last && 'problem' in last ? last.problem.message : undefined;
}
