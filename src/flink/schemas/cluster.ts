import * as z from 'zod/mini';
import type { ClusterOverview, DashboardConfig, TaskManager } from '../types.ts';
import { flag, number, text } from './values.ts';

/** `GET /overview`. */
export const overview = z.pipe(
  z.object({ taskmanagers: number, 'slots-total': number, 'slots-available': number, 'flink-version': z.string(), 'flink-commit': text }),
  z.transform((body): ClusterOverview => ({
    taskManagers: body.taskmanagers,
    slotsTotal: body['slots-total'],
    slotsAvailable: body['slots-available'],
    flinkVersion: body['flink-version'],
    flinkCommit: body['flink-commit'],
  })),
);

/** `GET /config`. */
export const dashboardConfig = z.pipe(
  z.object({
    'refresh-interval': number,
    'flink-version': z.string(),
    features: z.nullish(z.object({ 'web-submit': flag, 'web-cancel': flag })),
  }),
  z.transform((body): DashboardConfig => ({
    refreshIntervalMs: body['refresh-interval'],
    flinkVersion: body['flink-version'],
    webSubmit: body.features?.['web-submit'],
    webCancel: body.features?.['web-cancel'],
  })),
);

/** `GET /jobmanager/config`. */
export const clusterConfiguration = z.pipe(
  z.array(z.object({ key: z.string(), value: z.string() })),
  z.transform((rows): ReadonlyMap<string, string> => new Map(rows.map(({ key, value }) => [key, value]))),
);

/** `GET /taskmanagers`. Despite its name, `timeSinceLastHeartbeat` is a point in time. */
export const taskManagers = z.pipe(
  z.object({ taskmanagers: z.array(z.object({ id: z.string(), slotsNumber: number, freeSlots: number, timeSinceLastHeartbeat: number })) }),
  z.transform((body): readonly TaskManager[] =>
    body.taskmanagers.map((worker) => ({
      id: worker.id,
      slots: worker.slotsNumber,
      freeSlots: worker.freeSlots,
      lastHeartbeat: worker.timeSinceLastHeartbeat,
    })),
  ),
);

/** Every `/metrics?get=`: values are text; text that is not a number (a path) is left out. */
export const metrics = z.pipe(
  z.array(z.object({ id: z.string(), value: z.nullish(z.union([z.string(), z.number()])) })),
  z.transform((rows): ReadonlyMap<string, number> => {
    const values = new Map<string, number>();
    for (const { id, value } of rows) {
      if (value === undefined || value === null || value === '') continue;
      const figure = Number(value);
      if (!Number.isNaN(figure)) values.set(id, figure);
    }
    return values;
  }),
);
