import type { FlameType, ProfileMode, SampledFrame } from '../../src/flink/flame-types.ts';
import type { FlinkProcess } from '../../src/flink/process-types.ts';
import type { FlameFacts } from '../../src/session/inspections/flame.ts';
import type { Inspection } from '../../src/session/inspections/inspections.ts';
import type { ProfileFacts } from '../../src/session/inspections/profile.ts';

/** Half of the time goes into a call over HTTP, which `Enrich` waits for. */
export const enrichFrames: readonly SampledFrame[] = [
  { level: 0, name: 'root', samples: 100 },
  { level: 1, name: 'java.lang.Thread.run:840', samples: 100 },
  { level: 2, name: 'org.example.Enrich.map:12', samples: 80 },
  { level: 3, name: 'org.example.Http.call:3', samples: 50 },
  { level: 3, name: 'org.example.Json.parse:9', samples: 20 },
  { level: 2, name: 'org.example.Sink.write:20', samples: 20 },
];

export function flameInside(
  { job, vertex, subtask, type = 'on_cpu' }: { job: string; vertex: string; subtask?: number; type?: FlameType },
  at: number,
  facts: Partial<FlameFacts> = {},
): Inspection {
  const siblings = [
    { id: 'v1', name: 'Source: Orders', parallelism: 2 },
    { id: 'v2', name: 'Sink: Print', parallelism: 2 },
  ];
  const samples = { at, frames: enrichFrames };
  return {
    subject: { kind: 'flame', job, vertex, subtask, type },
    facts: { status: 'sampled', samples, since: at, siblings, freshMs: 60_000, ...facts },
    readAt: at,
    problem: undefined,
  };
}

export const profileInside = (process: FlinkProcess, at: number, mode: ProfileMode, facts: Partial<ProfileFacts> = {}): Inspection => ({
  subject: { kind: 'profile', process, mode },
  facts: { running: undefined, failed: undefined, shown: { file: `${mode}.html`, at, frames: enrichFrames }, ...facts },
  readAt: at,
  problem: undefined,
});
